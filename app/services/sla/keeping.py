"""Keeping the clocks of a ticket: whatever changed it, they follow in the same transaction.

Nobody starts or stops a clock by hand. What a clock should do follows from the ticket as it is at the end of a write:
its status, what is unanswered, its priority, its application and the step of the way that it is on.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.models.identifiers import new_id
from app.models.records.clocks import ClockKind, ClockReason, ClockState, Target
from app.models.records.handoffs import HandoffState
from app.models.records.tickets import Priority, Status
from app.models.rules.business_time import Hours
from app.models.rules.clocks import Promise, promised, state_in
from app.models.rules.targets import REPLY_WITHIN
from app.models.tables import Application, Handoff, Person, Ticket, TicketClock
from app.services.database import Work
from app.services.sla import calendars, targets
from app.services.sla.counting import TICK, Counting

_ON_THE_PHONE = frozenset({"phone", "desk"})
"""Channels whose first response is the call itself."""
_REPLIES = frozenset({ClockKind.FIRST_RESPONSE.value, ClockKind.NEXT_UPDATE.value})
_STEPS = {"accept": ClockKind.ACCEPT, "resolve": ClockKind.RESOLVE}
_OPEN = [each.value for each in Status if not each.is_done]
_AT_ONCE = 500


def keep(work: Work, ticket_id: UUID) -> None:
    """The ticket changes in this write: its clocks follow before the commit."""
    work.at_the_end(keep_all, ticket_id)


def keep_all(work: Work, ticket_ids: Set[UUID]) -> None:
    """Let the clocks of these tickets be what the tickets say."""
    ordered = sorted(ticket_ids)
    for start in range(0, len(ordered), _AT_ONCE):
        _keep(work, ordered[start : start + _AT_ONCE])


def keep_open(work: Work, *conditions: ColumnElement[bool]) -> None:
    """What was promised changed: the clocks of all open tickets that meet `conditions` follow, before the commit."""
    query = select(Ticket.id).where(Ticket.status.in_(_OPEN), Ticket.merged_into_id.is_(None), *conditions)
    for ticket_id in work.session.scalars(query):
        keep(work, ticket_id)


def recount(work: Work, calendar_id: UUID) -> None:
    """A calendar was edited: what runs by it is due anew. What ended keeps what it counted."""
    by_it = (TicketClock.calendar_id == calendar_id, TicketClock.state != ClockState.STOPPED.value)
    recount_tickets(work, work.session.scalars(select(TicketClock.ticket_id).where(*by_it)))


def recount_tickets(work: Work, ticket_ids: Iterable[UUID]) -> None:
    """What has not ended on these tickets is due anew, by the calendars as they are now."""
    session = work.session
    tickets = sorted(set(ticket_ids))
    hours = calendars.hours_of(session)
    for start in range(0, len(tickets), _AT_ONCE):
        some = tickets[start : start + _AT_ONCE]
        clocks = session.scalars(select(TicketClock).where(TicketClock.ticket_id.in_(some))).all()
        due = {each.id: each.due_at for each in clocks}
        counting = Counting.of(session, [each.id for each in clocks], hours, work.now)
        for clock in clocks:
            if clock.state != ClockState.STOPPED.value:
                counting.recount(clock)
        counting.write()
        theirs: dict[UUID, list[TicketClock]] = defaultdict(list)
        for clock in clocks:
            theirs[clock.ticket_id].append(clock)
        for ticket in session.scalars(select(Ticket).where(Ticket.id.in_(some))):
            show_due(ticket, theirs[ticket.id])
            if any(each.due_at != due[each.id] for each in theirs[ticket.id]):
                work.changed("ticket", ticket.id, ticket.id)


def _keep(work: Work, ticket_ids: Collection[UUID]) -> None:
    session = work.session
    fresh = select(Ticket).where(Ticket.id.in_(ticket_ids)).execution_options(populate_existing=True)
    found = list(session.scalars(fresh))
    promises = Promises.of(session, found)
    clocks: dict[UUID, list[TicketClock]] = defaultdict(list)
    for clock in session.scalars(
        select(TicketClock).where(TicketClock.ticket_id.in_(ticket_ids)).order_by(TicketClock.started_at)
    ):
        clocks[clock.ticket_id].append(clock)
    steps: dict[UUID, list[Handoff]] = defaultdict(list)
    for step in session.scalars(select(Handoff).where(Handoff.ticket_id.in_(ticket_ids)).order_by(Handoff.ordinal)):
        steps[step.ticket_id].append(step)
    kept = [each.id for theirs in clocks.values() for each in theirs]
    counting = Counting.of(session, kept, promises.hours, work.now)
    all_kept = [_Keeping(each, clocks[each.id], steps[each.id], promises, counting, work.now) for each in found]
    for keeping in all_kept:
        keeping.keep()
    counting.write()
    for ticket in found:
        show_due(ticket, clocks[ticket.id])


def show_due(ticket: Ticket, clocks: Iterable[TicketClock]) -> None:
    """The deadline of a ticket is that of the first of its running clocks."""
    running = [each for each in clocks if each.state == ClockState.RUNNING.value and each.due_at is not None]
    first = min(running, key=lambda each: cast(datetime, each.due_at), default=None)
    ticket.due_at = first.due_at if first is not None else None
    ticket.due_clock = first.kind if first is not None else None


@dataclass
class Promises:
    """What is promised on some tickets."""

    targets: list[Target]
    hours: Callable[[UUID | None], Hours]
    _hours_of: dict[UUID, UUID | None]
    _organisations: dict[UUID, UUID | None]

    @classmethod
    def of(cls, session: Session, tickets: Iterable[Ticket]) -> "Promises":
        listed = list(tickets)
        applications = {each.application_id for each in listed if each.application_id is not None}
        people = {each.requester_id for each in listed if each.requester_id is not None}
        by_application = select(Application.id, Application.calendar_id).where(Application.id.in_(applications))
        by_person = select(Person.id, Person.organisation_id).where(Person.id.in_(people))
        organisations = {each.id: each.organisation_id for each in session.execute(by_person)} if people else {}
        theirs = {each for each in organisations.values() if each is not None}
        return cls(
            targets.read(session, applications, theirs),
            calendars.hours_of(session),
            {each.id: each.calendar_id for each in session.execute(by_application)} if applications else {},
            organisations,
        )

    def on(self, ticket: Ticket, kind: ClockKind) -> Promise | None:
        """What is promised to the customer of a ticket."""
        application, requester = ticket.application_id, ticket.requester_id
        return promised(
            self.targets,
            kind,
            Priority(ticket.priority),
            application_id=application,
            organisation_id=self._organisations.get(requester) if requester is not None else None,
            hours_id=self._hours_of.get(application) if application is not None else None,
        )


@dataclass
class _Keeping:
    """One ticket's clocks, oldest first."""

    ticket: Ticket
    clocks: list[TicketClock]
    steps: list[Handoff]
    promises: Promises
    counting: Counting
    now: datetime
    status: Status = field(init=False)

    def __post_init__(self) -> None:
        self.status = Status(self.ticket.status)

    def keep(self) -> None:
        self._keep_reply()
        self._keep_resolution()
        self._keep_steps()

    def _keep_reply(self) -> None:
        """What is owed in words: the first response, and after it each next update."""
        asked, answered = self.ticket.unanswered_since, self.ticket.answered_at
        replies = [each for each in self.clocks if each.kind in _REPLIES]
        self._take_back(replies, asked, answered)
        live = next((each for each in replies if each.state != ClockState.STOPPED.value), None)
        heard = live is not None and answered is not None and answered >= live.started_at
        if live is not None and heard and (asked is None or asked > cast(datetime, answered)):
            self.counting.stop(live, cast(datetime, answered), ClockReason.ANSWERED)
            live = None
        if live is None and not self.status.is_done:
            live = self._owe(replies, asked, answered)
        if live is not None:
            self._keep_running(live, self._reply_promise(ClockKind(live.kind), asked is not None))

    def _take_back(self, replies: list[TicketClock], asked: datetime | None, answered: datetime | None) -> None:
        """An answer that was taken back has stopped nothing, and promised nothing."""
        for each in replies:
            stopped = each.stopped_at if each.reason == ClockReason.ANSWERED.value else None
            if asked is not None and stopped is not None:
                if asked <= stopped and (answered is None or answered < stopped):
                    self.counting.resume_as_if_never_stopped(each)
            elif each.state != ClockState.STOPPED.value and asked is not None and each.started_at > asked:
                self.counting.stop(each, self.now, ClockReason.NO_TARGET)

    def _owe(self, replies: list[TicketClock], asked: datetime | None, answered: datetime | None) -> TicketClock | None:
        """What is owed since the customer asked, or since they last heard from us; on a reopened ticket, still."""
        since = asked or answered
        counted = [each for each in replies if each.reason != ClockReason.NO_TARGET.value]
        updates = [each for each in counted if asked is not None or each.kind == ClockKind.NEXT_UPDATE.value]
        for each in reversed(updates):
            still = since is not None and each.stopped_at is not None and since <= each.stopped_at
            if each.reason == ClockReason.DONE.value and still:
                return each
        if any(each.started_at == since for each in updates):
            return None
        if asked is not None:
            first = not any(each.kind == ClockKind.FIRST_RESPONSE.value for each in counted)
            on_the_phone = self.ticket.channel in _ON_THE_PHONE
            kind = ClockKind.FIRST_RESPONSE if first and not on_the_phone else ClockKind.NEXT_UPDATE
            return self._begin(kind, asked, self._reply_promise(kind, owed=True))
        if answered is None:
            return None
        return self._begin(ClockKind.NEXT_UPDATE, answered, self._reply_promise(ClockKind.NEXT_UPDATE, owed=False))

    def _reply_promise(self, kind: ClockKind, owed: bool) -> Promise | None:
        """Who wrote is owed an answer even where nothing was arranged: round the clock."""
        found = self.promises.on(self.ticket, kind)
        if found is None and owed:
            return Promise(REPLY_WITHIN[Priority(self.ticket.priority)], None)
        return found

    def _keep_resolution(self) -> None:
        promise = self.promises.on(self.ticket, ClockKind.RESOLUTION)
        clock = next((each for each in self.clocks if each.kind == ClockKind.RESOLUTION.value), None)
        if clock is None and not self.status.is_done:
            clock = self._begin(ClockKind.RESOLUTION, self.ticket.opened_at, promise)
        if clock is not None:
            self._keep_running(clock, promise)

    def _keep_steps(self) -> None:
        """The level that has the ticket is to accept it, and to resolve it or hand it on."""
        for step in self.steps:
            live = HandoffState(step.state).is_live
            for name, kind in _STEPS.items():
                promise = _of_step(step, name, self.ticket.priority)
                clock = next(
                    (each for each in self.clocks if each.kind == kind.value and each.handoff_id == step.id), None
                )
                if clock is None and live and not self.status.is_done:
                    clock = self._begin(kind, step.at, promise, step.id)
                if clock is None:
                    continue
                if kind is ClockKind.ACCEPT and step.accepted_at is not None:
                    self.counting.stop(clock, step.accepted_at, ClockReason.ACCEPTED)
                elif not live:
                    self.counting.stop(clock, step.ended_at or self.now, ClockReason.HANDED_ON)
                else:
                    self._keep_running(clock, promise)

    def _begin(
        self, kind: ClockKind, at: datetime, promise: Promise | None, handoff_id: UUID | None = None
    ) -> TicketClock | None:
        if promise is None:
            return None
        clock = TicketClock(
            id=new_id(),
            ticket_id=self.ticket.id,
            handoff_id=handoff_id,
            kind=kind.value,
            state=ClockState.RUNNING.value,
            reason=ClockReason.WORK.value,
            target=promise.within // TICK,
            spent=0,
            calendar_id=promise.calendar_id,
            started_at=at,
        )
        self.counting.begin(clock, self.ticket.team_id, self.ticket.assignee_id)
        self.clocks.append(clock)
        return clock

    def _keep_running(self, clock: TicketClock, promise: Promise | None) -> None:
        """Running, paused or stopped, with whom, and within which time: as the ticket is now."""
        state, reason = state_in(self.status, ClockKind(clock.kind))
        if promise is None:
            state, reason = ClockState.STOPPED, ClockReason.NO_TARGET
        if state is ClockState.STOPPED:
            self.counting.stop(clock, self.ticket.closed_at or self.now, reason)
            return
        assert promise is not None
        self.counting.promise(clock, promise.within)
        lies_with = (self.ticket.team_id, self.ticket.assignee_id)
        self.counting.run(clock, state, reason, promise.calendar_id, lies_with)


def _of_step(step: Handoff, name: str, priority: int) -> Promise | None:
    """Within which time the level promised to accept or to resolve, as its node said when it was handed the ticket."""
    within = step.node.get(f"{name}_within") or {}
    seconds = within.get(str(priority), within.get(""))
    if not seconds:
        return None
    calendar = step.node.get("calendar_id")
    return Promise(timedelta(seconds=float(seconds)), UUID(calendar) if calendar else None)
