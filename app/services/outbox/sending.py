"""Sending what waits in the outbox: each mail once, by whoever holds the channel's lease.

A mail is marked `sending` and committed before it is handed over, and `sent` after. Whoever finds one in `sending`
does not know whether it went, so it looks it up in the channel first. The mark also holds it back for some minutes:
a hidden copy of a mail that did go has then arrived where the look-up finds it.
"""

import logging
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import undefer

from app.models.errors import ChannelError
from app.models.records.desk import Actor
from app.models.records.tickets import Delivery
from app.models.tables import Outbox
from app.services.channels.interface import Connector, Outgoing
from app.services.database import Database, Work
from app.services.database.leases import Held, require
from app.services.database.unit_of_work import plain

UNCERTAIN_FOR = timedelta(minutes=2)
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)
_ATTEMPTS = 12
_AT_ONCE = 20
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Due:
    id: UUID
    outgoing: Outgoing
    uncertain: bool


@dataclass(frozen=True)
class Sender:
    """Empties the outbox of one channel through its connector, under its lease."""

    database: Database
    actor: Actor
    channel_id: UUID
    connector: Connector
    held: Held

    def send_due(self) -> int:
        """Send what is due; returns how many went. Raises `ChannelError` where the channel itself fails: the mails
        then wait, and are tried again with the channel."""
        sent = 0
        for due in self._due():
            sent += self._send(due)
        return sent

    def _send(self, due: _Due) -> bool:
        if due.uncertain and self.connector.find_sent(due.outgoing.message_id):
            self._sent(due)
            return True
        if not self._mark(due):
            return False
        try:
            self.connector.send(due.outgoing)
        except ChannelError as error:
            self._failed(due, error)
            if not error.about_message:
                raise
            return False
        self._sent(due)
        return True

    def _due(self) -> Sequence[_Due]:
        query = (
            select(Outbox)
            .where(*_due_now(self.database, self.channel_id))
            .order_by(Outbox.created_at, Outbox.id)
            .limit(_AT_ONCE)
        )
        with self.database.read() as session:
            return [_due(each) for each in session.scalars(query.options(undefer(Outbox.raw)))]

    def _mark(self, due: _Due) -> bool:
        """Whether it is still there to be sent: its author may have taken it back a moment ago."""
        with self._write() as work:
            here = select(Outbox.id).where(Outbox.id == due.id).with_for_update()
            if work.session.scalar(here) is None:
                return False
            self._set(
                work,
                due,
                state=Delivery.SENDING.value,
                attempts=Outbox.attempts + 1,
                next_attempt_at=work.now + UNCERTAIN_FOR,
            )
            return True

    def _sent(self, due: _Due) -> None:
        with self._write() as work:
            self._set(work, due, state=Delivery.SENT.value, sent_at=work.now, problem=None, problem_facts={})

    def _failed(self, due: _Due, error: ChannelError) -> None:
        with self._write() as work:
            attempts = work.session.scalar(select(Outbox.attempts).where(Outbox.id == due.id)) or 1
            self._set(
                work,
                due,
                state=_after_failure(error, attempts).value,
                next_attempt_at=_next_attempt(work.now, attempts),
                problem=error.code,
                problem_facts=plain({name: str(fact) for name, fact in error.facts.items()}),
            )
        _log.warning("mail %s was not sent: %s", due.outgoing.message_id, error)

    @contextmanager
    def _write(self) -> Iterator[Work]:
        """A write that only the lease's holder may do."""
        with self.database.write(self.actor) as work:
            require(work.session, self.held, work.now)
            yield work

    def _set(self, work: Work, due: _Due, **values: object) -> None:
        row = update(Outbox).where(Outbox.id == due.id).values(**values).returning(Outbox.ticket_id)
        work.changed("outbox", due.id, work.session.execute(row).scalar_one())


def is_due(database: Database, channel_id: UUID) -> bool:
    """Whether a mail of the channel is to be sent now."""
    with database.read() as session:
        return session.scalar(select(Outbox.id).where(*_due_now(database, channel_id)).limit(1)) is not None


def _due_now(database: Database, channel_id: UUID) -> tuple[ColumnElement[bool], ...]:
    waiting = Outbox.state.in_((Delivery.QUEUED.value, Delivery.SENDING.value))
    return Outbox.channel_id == channel_id, waiting, Outbox.next_attempt_at <= database.clock.now()


def retry_dead(database: Database, actor: Actor, message_id: UUID) -> None:
    """Try a given-up mail again, from the start; does nothing to one that is not given up."""
    with database.write(actor) as work:
        row = (
            update(Outbox)
            .where(Outbox.message_id == message_id, Outbox.state == Delivery.DEAD.value)
            .values(state=Delivery.QUEUED.value, attempts=0, next_attempt_at=work.now, problem=None, problem_facts={})
            .returning(Outbox.id, Outbox.ticket_id)
        )
        for outbox_id, ticket_id in work.session.execute(row).all():
            work.changed("outbox", outbox_id, ticket_id)
            work.audit("outbox.retried", outbox_id, ticket_id=ticket_id)


def _due(row: Outbox) -> _Due:
    outgoing = Outgoing(row.mail_id, row.sender, tuple(row.recipients), row.raw)
    return _Due(row.id, outgoing, uncertain=row.state == Delivery.SENDING.value)


def _after_failure(error: ChannelError, attempts: int) -> Delivery:
    """Refused for good, refused for now, or cut off so that nobody knows: then it is looked up before it goes again."""
    if not error.about_message:
        return Delivery.SENDING
    return Delivery.QUEUED if error.passing and attempts < _ATTEMPTS else Delivery.DEAD


def _next_attempt(now: datetime, attempts: int) -> datetime:
    """Twice as long after each failure, at most an hour, and not all mails at once."""
    wait = min(_FIRST_WAIT * 2 ** min(attempts, 10), _LONGEST_WAIT)
    spread: float = random.uniform(1, 1.25)  # noqa: S311 - spreads load, guards nothing
    held_back: timedelta = max(wait, UNCERTAIN_FOR) * spread
    return now + held_back
