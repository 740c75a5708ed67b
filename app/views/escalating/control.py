"""What the window asks and does about the way of the ticket that is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.models.errors import KnownError
from app.models.records.clocks import ClockView
from app.models.records.handoffs import Waiting, Way
from app.models.records.tickets import Undo
from app.services.desk import Desk
from app.services.escalation import drafts, handing, packet, proposing, replying, telling
from app.services.escalation.drafts import PacketDraft
from app.services.sla.telling import clocks
from app.views.escalating.dialog_model import Offer
from app.views.kit.task_runner import TaskRunner


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the ticket is, and how long is left."""

    ticket_id: UUID
    way: Way
    clocks: tuple[ClockView, ...]


class EscalatingControl(QObject):
    """`stood` brings how the ticket stands, `handed` what waits for the person here, `failed` what was refused.

    `did` tells that something was answered, by the key of its words and the ticket's number.
    """

    stood = Signal(object)
    handed = Signal(object)
    failed = Signal(KnownError)
    did = Signal(str, int)

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner

    def look(self, ticket_id: UUID) -> None:
        """How does it stand?"""
        database = self._desk.database

        def work() -> Standing:
            return Standing(ticket_id, telling.way(database, ticket_id), clocks(database, ticket_id))

        self._runner.read(self, work, self.stood.emit, self._unseen, lane="standing")

    def look_for_handed(self) -> None:
        """What waits for the person here?"""
        actor = self._desk.actor
        if actor is not None and actor.id is not None:
            work = partial(telling.handed_to, self._desk.database, actor.id)
            self._runner.read(self, work, self._found, self._unseen, lane="handed")

    def propose(
        self, owner: QObject, ticket_id: UUID, done: Callable[[Offer], None], failed: Callable[[KnownError], None]
    ) -> None:
        """Where may it go, with which words, and what was entered before?"""
        database, journal = self._desk.database, self._desk.journal

        def work() -> Offer:
            proposal = proposing.propose(database, ticket_id)
            return Offer(proposal, packet.prefill(database, ticket_id), drafts.load(journal, ticket_id))

        self._runner.read(owner, work, done, failed, lane="proposal")

    def escalate(
        self,
        ticket_id: UUID,
        wanted: PacketDraft,
        done: Callable[[Undo], None],
        failed: Callable[[KnownError], None],
    ) -> None:
        """Hand it on; the draft is forgotten with it."""
        database, actor, journal = *self._who, self._desk.journal

        def work() -> Undo:
            undo = handing.escalate(
                database, actor, ticket_id, wanted.node, wanted.packet, wanted.ticked, wanted.bypass
            )
            drafts.forget(journal, ticket_id)
            return undo

        self._runner.write(self, work, done, failed)

    def keep(self, ticket_id: UUID, draft: PacketDraft) -> None:
        """On this machine, until it is handed over."""
        self._runner.keep(self, partial(drafts.keep, self._desk.journal, ticket_id, draft), _ignore, self.failed.emit)

    def forget(self, ticket_id: UUID) -> None:
        self._runner.keep(self, partial(drafts.forget, self._desk.journal, ticket_id), _ignore, self.failed.emit)

    def accept(self, waiting: Waiting) -> None:
        database, actor = self._who
        self._write(partial(replying.accept, database, actor, waiting.id), "handed.accepted_done", waiting)

    def decline(self, waiting: Waiting, reason: str) -> None:
        database, actor = self._who
        self._write(partial(replying.decline, database, actor, waiting.id, reason), "handed.declined_done", waiting)

    def give_back(self, waiting: Waiting, reason: str) -> None:
        database, actor = self._who
        self._write(partial(replying.give_back, database, actor, waiting.id, reason), "handed.returned_done", waiting)

    @property
    def _who(self) -> tuple[Any, Any]:
        return self._desk.database, self._desk.actor

    def _write(self, work: Callable[[], object], done: str, waiting: Waiting) -> None:
        self._runner.write(self, work, lambda _result: self.did.emit(done, waiting.number), self.failed.emit)

    def _found(self, waiting: tuple[Waiting, ...]) -> None:
        self.handed.emit(waiting)

    def _unseen(self, _error: KnownError) -> None:
        """The status bar says that the database is away; what was seen last stays."""


def _ignore(_result: object) -> None:
    """It is kept; nobody need be told."""
