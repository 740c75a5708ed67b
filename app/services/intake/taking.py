"""Taking in what a channel brought: each message once, committed together with how far the channel was read.

What cannot be read goes to quarantine with its reason, and the rest goes on. A batch that the database refuses as a
whole, because of one message in it, is taken in one by one, so that only that message is set aside. What its channel
did not hand over lies in quarantine without its bytes, until the channel brings it after all.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.models.errors import DatabaseError, KnownError
from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.records.intake import Decision, IntakeReport, Origin, Outcome, Seen
from app.models.records.mail import Mail
from app.models.rules.intake import decide
from app.models.rules.loops import may_acknowledge
from app.models.tables import ChannelState, Quarantine, Receipt
from app.services.channels.interface import Batch, Incoming
from app.services.database import Database, Work
from app.services.database.leases import Held, require
from app.services.database.upsert import insert_new
from app.services.intake.filing import Filing
from app.services.intake.lookup import load
from app.services.intake.routing import Routing, load_routing
from app.services.mail.parsing import read_mail
from app.services.outbox.acknowledging import acknowledge

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    """A message and what reading it gave: a mail, or the code of the problem with it."""

    incoming: Incoming
    mail: Mail | None
    problem: str | None = None
    facts: dict[str, Any] | None = None


@dataclass(frozen=True)
class Intake:
    """Takes batches in for one database, as `actor`."""

    database: Database
    actor: Actor

    def take(self, origin: Origin, batch: Batch, held: Held | None = None) -> IntakeReport:
        """Take in a batch; `held` is the lease under which its channel is polled.

        All of it is committed when this returns. Raises `Conflict` where the lease is lost and `DatabaseError` where
        the database is: then nothing of it is.
        """
        read = [self._read(each) for each in batch.messages]
        try:
            return self._commit(origin, read, batch.cursor, held)
        except DatabaseError:
            raise
        except SQLAlchemyError:
            _log.exception("a batch of %s was refused; taking it in one by one", origin.name)
        report = IntakeReport(origin.name)
        for each in read:
            report.add(self._take_alone(origin, each, held))
        report.add(self._commit(origin, [], batch.cursor, held))
        return report

    def _take_alone(self, origin: Origin, read: Read, held: Held | None) -> IntakeReport:
        try:
            return self._commit(origin, [read], None, held)
        except DatabaseError:
            raise
        except SQLAlchemyError as error:
            _log.exception("message %s of %s cannot be stored", read.incoming.external_id, origin.name)
            refused = Read(read.incoming, None, "cannot_store", {"because": type(error).__name__})
            return self._commit(origin, [refused], None, held)

    def _read(self, incoming: Incoming) -> Read:
        if incoming.raw is None:
            return Read(incoming, None, incoming.problem or "unreadable")
        try:
            return Read(incoming, read_mail(incoming.raw))
        except KnownError as error:
            return Read(incoming, None, error.code.rpartition(".")[2], dict(error.facts))
        except Exception as error:  # noqa: BLE001 - a bug of ours in one mail must not stop all the others
            _log.exception("message %s cannot be read", incoming.external_id)
            return Read(incoming, None, "unreadable", {"because": type(error).__name__})

    def _commit(self, origin: Origin, read: Sequence[Read], cursor: str | None, held: Held | None) -> IntakeReport:
        report = IntakeReport(origin.name)
        with self.database.write(self.actor) as work:
            if held is not None:
                require(work.session, held, work.now)
            _Round(work, origin, report).take(read)
            if cursor is not None:
                _keep_cursor(work, origin, cursor)
        return report


class _Round:
    """One transaction of intake."""

    def __init__(self, work: Work, origin: Origin, report: IntakeReport) -> None:
        self._work = work
        self._origin = origin
        self._report = report
        self._receipts: list[dict[str, Any]] = []
        self._come_late: set[str] = set()
        self._quarantine: list[dict[str, Any]] = []
        self._to_acknowledge: list[tuple[UUID, Mail]] = []

    def take(self, read: Sequence[Read]) -> None:
        fresh = self._not_taken_before(read)
        mails = [each.mail for each in fresh if each.mail]
        known = load(self._work.session, mails, self._work.now)
        routing = load_routing(self._work.session)
        filing = Filing(self._work, known, self._origin)
        for each in fresh:
            if each.mail is None:
                self._set_aside(each.incoming, each.problem or "unreadable", each.facts or {})
                continue
            seen = known.seen(each.mail)
            decision = self._decide(each.mail, seen, filing, routing)
            self._apply(each, each.mail, seen, decision, filing)
        filing.write()
        self._write_receipts()
        for ticket_id, mail in self._to_acknowledge:
            acknowledge(self._work, ticket_id, mail)

    def _not_taken_before(self, read: Sequence[Read]) -> list[Read]:
        ids = [each.incoming.external_id for each in read]
        if not ids:
            return []
        query = select(Receipt.external_id).where(
            Receipt.channel_id == self._origin.channel_id, Receipt.external_id.in_(ids)
        )
        taken = set(self._work.session.scalars(query))
        owed = self._owed(taken)
        fresh = []
        for each in read:
            name = each.incoming.external_id
            if name in taken and owed.get(name, each.incoming.problem) == each.incoming.problem:
                self._report.count(Outcome.DUPLICATE)
                continue
            if owed.pop(name, None):
                self._come_late.add(name)
            taken.add(name)
            fresh.append(each)
        self._forget(self._come_late)
        return fresh

    def _owed(self, external_ids: set[str]) -> dict[str, str]:
        """Those in quarantine without their bytes, and why."""
        if not external_ids:
            return {}
        query = select(Quarantine.external_id, Quarantine.problem).where(
            Quarantine.channel_id == self._origin.channel_id,
            Quarantine.external_id.in_(external_ids),
            Quarantine.raw.is_(None),
        )
        return dict(self._work.session.execute(query).all())

    def _forget(self, external_ids: set[str]) -> None:
        """They are in quarantine no more; what becomes of them now is written anew."""
        if not external_ids:
            return
        came = delete(Quarantine).where(
            Quarantine.channel_id == self._origin.channel_id,
            Quarantine.external_id.in_(external_ids),
            Quarantine.raw.is_(None),
        )
        for entry in self._work.session.scalars(came.returning(Quarantine.id)).all():
            self._work.changed("quarantine", entry)

    def _decide(self, mail: Mail, seen: Seen, filing: Filing, routing: Routing) -> Decision:
        return decide(mail, seen, filing.known, self._origin, routing.rules, routing.teams, self._work.now)

    def _apply(self, read: Read, mail: Mail, seen: Seen, decision: Decision, filing: Filing) -> None:
        if decision.outcome is Outcome.QUARANTINED:
            reason = decision.reasons[-1]
            self._set_aside(read.incoming, reason.rule, dict(reason.facts))
            return
        message_id = None
        if decision.outcome in (Outcome.NEW, Outcome.REPLY, Outcome.NOTED):
            message_id, ticket_id = filing.file(mail, seen, decision)
            if decision.outcome is Outcome.NEW and may_acknowledge(mail, self._origin, seen):
                filing.count_acknowledgement(mail)
                self._to_acknowledge.append((ticket_id, mail))
        self._receive(read.incoming, decision.outcome, message_id)

    def _receive(self, incoming: Incoming, outcome: Outcome, message_id: UUID | None) -> None:
        self._report.count(outcome)
        self._receipts.append(
            {
                "channel_id": self._origin.channel_id,
                "external_id": incoming.external_id,
                "at": self._work.now,
                "outcome": outcome.value,
                "message_id": message_id,
                "settled": incoming.raw is None,  # what was not fetched stays where it is, for a person to look at
            }
        )

    def _set_aside(self, incoming: Incoming, problem: str, facts: dict[str, Any]) -> None:
        entry = new_id()
        self._quarantine.append(
            {
                "id": entry,
                "channel_id": self._origin.channel_id,
                "external_id": incoming.external_id,
                "at": self._work.now,
                "problem": problem,
                "facts": facts,
                "size": incoming.size,
                "raw": incoming.raw,
            }
        )
        self._work.changed("quarantine", entry)
        self._receive(incoming, Outcome.QUARANTINED, None)

    def _write_receipts(self) -> None:
        first = [each for each in self._receipts if each["external_id"] not in self._come_late]
        late = [each for each in self._receipts if each["external_id"] in self._come_late]
        for statement, rows in (
            (insert(Receipt), first),
            (update(Receipt), late),
            (insert(Quarantine), self._quarantine),
        ):
            if rows:
                self._work.session.execute(statement, rows)


def _keep_cursor(work: Work, origin: Origin, cursor: str) -> None:
    """How far the channel is read; reading it also proves that it works."""
    work.session.execute(delete(ChannelState).where(ChannelState.channel_id == origin.channel_id))
    stand = {"channel_id": origin.channel_id, "cursor": cursor, "kind": origin.kind}
    insert_new(work.session, ChannelState, [stand | {"polled_at": work.now, "problem_facts": {}}])
    work.changed("channel", origin.channel_id)
