"""What the window asks and does about the way of the ticket that is shown."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.models.errors import KnownError
from app.models.records.clocks import ClockView
from app.models.records.handoffs import Waiting, Way
from app.services.desk import Desk
from app.services.escalation import telling
from app.services.sla.telling import clocks
from app.views.kit.task_runner import TaskRunner


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the ticket is, and how long is left."""

    ticket_id: UUID
    way: Way
    clocks: tuple[ClockView, ...]


class EscalatingControl(QObject):
    """`stood` brings how the ticket stands, `handed` what waits for the person here, `failed` what was refused.

    `did` tells that something was done and the ticket is another one now; `undoable` brings what takes it back.
    """

    stood = Signal(object)
    handed = Signal(object)
    failed = Signal(KnownError)
    did = Signal(str)

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

    def _found(self, waiting: tuple[Waiting, ...]) -> None:
        self.handed.emit(waiting)

    def _unseen(self, _error: KnownError) -> None:
        """The status bar says that the database is away; what was seen last stays."""
