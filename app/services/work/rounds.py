"""One round of work on one channel, under its lease: take in what came, settle it, send what waits."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from app.models.errors import ChannelError, Conflict, DatabaseError, KnownError
from app.models.records.channels import ChannelAccount
from app.models.records.desk import Actor
from app.models.records.intake import IntakeReport
from app.models.tables import Receipt
from app.services import accounts
from app.services.accounts import CredentialsOf
from app.services.channels.interface import Connector
from app.services.channels.registry import manifest
from app.services.database import Database, leases
from app.services.database.leases import Held
from app.services.intake.taking import Intake
from app.services.intake.taking_over import take_over
from app.services.outbox.sending import Sender, is_due

LEASE = timedelta(seconds=120)  # long enough to fetch one very large mail over a slow line
BATCH = 50
_SETTLE_AT_ONCE = 500
_log = logging.getLogger(__name__)


@dataclass
class ChannelRounds:
    """Works on channels for one process. `holder` is its name in the leases, different from every other process's.

    A lease goes on `lasting` so long after each step; longer than the worker rests between two rounds.
    """

    database: Database
    actor: Actor
    holder: str
    credentials_of: CredentialsOf
    max_bytes: int
    lasting: timedelta = LEASE
    _open: dict[UUID, tuple[ChannelAccount, Connector]] = field(default_factory=dict)
    _held: dict[UUID, Held] = field(default_factory=dict)

    def run(self, account: ChannelAccount, go_on: Callable[[], bool] = lambda: True) -> IntakeReport | None:
        """Take in all there is and send all that is due; None where another desk works on the channel.

        What went well is kept in hand, so that no other desk reads the same mailbox; what did not is let go at once,
        for another desk may fare better: it may have the password.

        Never raises for what goes wrong in the channel: the report tells it, and the channel's state. `go_on` is
        asked between batches. `DatabaseError` where the database is lost.
        """
        held = self._take(account)
        if held is None:
            return None
        report = IntakeReport(account.name)
        try:
            self._work(account, held, report, go_on)
        except Conflict as error:
            _log.warning("%s is not worked on here any more: %s", account.name, error)
        except DatabaseError:
            raise
        except KnownError as error:
            self._fail(account, report, error)
        else:
            accounts.report_problem(self.database, self.actor, account.id, None)
        return report

    def has_due(self, channel_id: UUID) -> bool:
        """Whether something waits to be sent on a channel that this process has in hand."""
        return channel_id in self._held and is_due(self.database, channel_id)

    def wait(self, channel_id: UUID, seconds: float) -> bool:
        """Wait for news on a channel worked on before; True if there may be some. False at once if it cannot tell."""
        opened = self._open.get(channel_id)
        try:
            return opened is not None and opened[1].wait(seconds)
        except ChannelError:
            return True  # the next round meets the same error, and reports it

    def close(self) -> None:
        """Let go of all connections and leases; those of a lost database expire."""
        for each in list(self._held):
            with suppress(DatabaseError):
                self._release(each)
        for _, connector in self._open.values():
            connector.close()
        self._open.clear()

    def _work(self, account: ChannelAccount, held: Held, report: IntakeReport, go_on: Callable[[], bool]) -> None:
        connector = self._connector(account)
        described = manifest(account.kind)
        if described.receives:
            self._take_in(account, connector, held, report, go_on)
        if described.sends and go_on():
            self._send(account, connector)

    def _take_in(
        self,
        account: ChannelAccount,
        connector: Connector,
        held: Held,
        report: IntakeReport,
        go_on: Callable[[], bool],
    ) -> None:
        intake = Intake(self.database, self.actor)
        origin = accounts.origin_of(self.database, account)
        cursor, read_by = accounts.cursor_of(self.database, account)
        if read_by not in {None, account.kind}:
            take_over(self.database, self.actor, account, held)
            cursor = None
        more = True
        while more and go_on():
            batch = connector.poll(cursor, BATCH)
            if batch.messages or batch.cursor != cursor:
                report.add(intake.take(origin, batch, held))
            self._settle(account, connector)
            cursor, more = batch.cursor, batch.more
            held = self._renew(account)

    def _settle(self, account: ChannelAccount, connector: Connector) -> None:
        """Tell the channel what is committed, and what a killed process had no time to tell it."""
        with self.database.read() as session:
            query = select(Receipt.external_id).where(Receipt.channel_id == account.id, ~Receipt.settled)
            waiting = list(session.scalars(query.limit(_SETTLE_AT_ONCE)))
        if not waiting:
            return
        connector.settle(waiting)
        with self.database.write(self.actor) as work:
            told = update(Receipt).where(Receipt.channel_id == account.id, Receipt.external_id.in_(waiting))
            work.session.execute(told.values(settled=True))

    def _send(self, account: ChannelAccount, connector: Connector) -> None:
        sent = True
        while sent:
            held = self._renew(account)
            sent = bool(Sender(self.database, self.actor, account.id, connector, held).send_due())

    def _renew(self, account: ChannelAccount) -> Held:
        held = self._take(account)
        if held is None:
            raise Conflict("lease.lost", name=account.name)
        return held

    def _take(self, account: ChannelAccount) -> Held | None:
        held = leases.take(self.database, self.actor, f"channel/{account.name}", self.holder, self.lasting)
        if held is None:
            self._held.pop(account.id, None)
        else:
            self._held[account.id] = held
        return held

    def _release(self, channel_id: UUID) -> None:
        held = self._held.pop(channel_id, None)
        if held is not None:
            leases.release(self.database, self.actor, held)

    def _connector(self, account: ChannelAccount) -> Connector:
        """The open connector; a new one where the account's settings changed."""
        opened = self._open.get(account.id)
        if opened is not None and opened[0] == account:
            return opened[1]
        if opened is not None:
            opened[1].close()
        connector = accounts.open_connector(account, self.credentials_of, self.max_bytes)
        self._open[account.id] = (account, connector)
        return connector

    def _fail(self, account: ChannelAccount, report: IntakeReport, error: KnownError) -> None:
        _log.warning("channel %s: %s", account.name, error)
        report.failed += 1
        report.problem, report.problem_facts = error.code, error.facts
        accounts.report_problem(self.database, self.actor, account.id, error)
        self._release(account.id)
        opened = self._open.pop(account.id, None)
        if opened is not None:
            opened[1].close()
