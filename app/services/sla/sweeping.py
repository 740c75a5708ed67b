"""Seeing that time has passed: clocks that run low or out, tickets whose hour has come. Under a lease, once each.

What is due is stored and indexed, so a sweep looks only at what has come since the last, however long ago that was.
Each batch is one transaction: a killed sweep has either told of something or not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, select

from app.models.errors import Conflict
from app.models.records.desk import Actor
from app.models.records.tickets import Status
from app.models.tables import Ticket, TicketClock
from app.services.database import Database, Work, leases
from app.services.database.leases import Held
from app.services.sla.counting import next_at
from app.services.sla.keeping import keep_all
from app.services.tickets.filtering import is_open

LEASE, LASTING = "sweep", timedelta(seconds=60)
WARNED, BROKEN = "clock.warned", "clock.broken"
_AT_ONCE = 200

Step = Callable[[Work], int]
"""Does some of what is due, and says how much that was; 0 where nothing is left."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """`holder` is this process's name in the leases. `steps` come after the clocks, each until nothing is left."""

    database: Database
    actor: Actor
    holder: str
    steps: Sequence[Step] = ()

    def run(self) -> int:
        """All that is due now; how much that was, 0 where another desk is at it. `DatabaseError` if it is lost."""
        held = leases.take(self.database, self.actor, LEASE, self.holder, LASTING)
        if held is None:
            return 0
        done = 0
        try:
            for step in (mark, wake, adopt, *self.steps):
                while found := self._batch(held, step):
                    done += found
        except Conflict:  # we slept past our lease, and another has it by now
            return done
        return done

    def _batch(self, held: Held, step: Step) -> int:
        with self.database.write(self.actor) as work:
            leases.require(work.session, held, work.now)
            return step(work)


def mark(work: Work) -> int:
    """Warnings and breaches whose instant has come: each is written down once, as of that instant."""
    due = select(TicketClock).where(TicketClock.next_at <= work.now).order_by(TicketClock.next_at, TicketClock.id)
    clocks = work.session.scalars(due.limit(_AT_ONCE).with_for_update()).all()
    for clock in clocks:
        told = {"kind": clock.kind, "handoff_id": clock.handoff_id}
        until = clock.stopped_at or work.now
        if clock.warned_at is None and clock.warn_at is not None and clock.warn_at <= until:
            clock.warned_at = clock.warn_at
            work.audit(WARNED, clock.id, ticket_id=clock.ticket_id, after=told | {"at": clock.warned_at})
        if clock.broken_at is None and clock.due_at is not None and clock.due_at <= until:
            clock.broken_at = clock.due_at
            work.audit(BROKEN, clock.id, ticket_id=clock.ticket_id, after=told | {"at": clock.broken_at})
        clock.next_at = next_at(clock)
        work.changed("clock", clock.id, clock.ticket_id)
    return len(clocks)


def wake(work: Work) -> int:
    """Tickets that were put off until now go on."""
    come = select(Ticket).where(Ticket.status == Status.SCHEDULED.value, Ticket.scheduled_for <= work.now)
    tickets = work.session.scalars(come.limit(_AT_ONCE).with_for_update()).all()
    for ticket in tickets:
        before = {"status": ticket.status, "scheduled_for": ticket.scheduled_for}
        ticket.status, ticket.scheduled_for = Status.OPEN.value, None
        ticket.version += 1
        ticket.updated_at = work.now
        work.changed("ticket", ticket.id, ticket.id)
        after = {"status": ticket.status, "scheduled_for": None}
        work.audit("ticket.changed", ticket.id, ticket_id=ticket.id, before=before, after=after)
    keep_all(work, {each.id for each in tickets})
    return len(tickets)


def adopt(work: Work) -> int:
    """Tickets from before there were clocks, to whose author an answer is owed."""
    query = select(Ticket.id).where(
        is_open(),
        Ticket.unanswered_since.is_not(None),
        Ticket.due_clock.is_(None),
        Ticket.status.in_((Status.NEW.value, Status.OPEN.value, Status.WAITING_VENDOR.value)),
        Ticket.merged_into_id.is_(None),
        ~exists().where(TicketClock.ticket_id == Ticket.id),
    )
    found: set[UUID] = set(work.session.scalars(query.limit(_AT_ONCE)))
    keep_all(work, found)
    return len(found)
