"""What changed elsewhere, told to every view: they look again at what they show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.models.errors import KnownError
from app.models.records.queue import Change
from app.services.database.changes import EVERYTHING
from app.services.presence import TOPIC as PRESENCE
from app.views.kit.task_runner import TaskRunner


@dataclass(frozen=True, slots=True)
class Changes:
    """One batch. `topics` are names of tables, `tickets` those that anything of changed.

    `present` are tickets, by their ids in words, that somebody came to or left: nothing of them changed.
    """

    topics: frozenset[str]
    tickets: frozenset[UUID]
    present: frozenset[str] = frozenset()

    @classmethod
    def of(cls, changes: Sequence[Change]) -> "Changes":
        topics = frozenset(each.topic for each in changes)
        present = frozenset(each.id for each in changes if each.topic == PRESENCE)
        return cls(topics, frozenset(each.ticket_id for each in changes if each.ticket_id is not None), present)


SOON, SELDOM = 700, 30_000
"""Milliseconds between two looks: where nothing rings, and where somebody rings whenever there is reason to look."""

_BREATH = 400
"""Milliseconds after a look in which rings wait: on a busy desk several changes are read at one go."""


class ChangeBus(QObject):
    """Reads the feed off the GUI thread whenever it is `rung`, and by the clock, and tells batches of what changed.

    `pause` says how many milliseconds may pass without a ring. `lost` tells once why the feed cannot be read, `found`
    that it can be again, or that too much was missed; then every view looks again at everything.
    """

    changed = Signal(Changes)
    lost = Signal(KnownError)
    found = Signal()
    rung = Signal()

    def __init__(
        self,
        runner: TaskRunner,
        read: Callable[[], Sequence[Change]],
        pause: Callable[[], int] = lambda: SOON,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._read = read
        self._pause = pause
        self._is_lost = False
        self._running = False
        self._asked_again = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.look)
        self._breath = QTimer(self, singleShot=True, interval=_BREATH)
        self._breath.timeout.connect(self._breathed)
        self._waiting = False
        self.rung.connect(self._rung, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begin; the first look is at once."""
        self.look()

    @Slot()
    def _rung(self) -> None:
        if self._breath.isActive():
            self._waiting = True
        else:
            self.look()

    @Slot()
    def _breathed(self) -> None:
        if self._waiting:
            self._waiting = False
            self.look()

    def look(self) -> None:
        """Look now, for what was changed at this desk should show without a pause."""
        self._timer.stop()
        if self._running:
            self._asked_again = True
            return
        self._running = True
        self._breath.start()
        self._runner.read(self, self._read, self._arrived, self._failed)

    def stop(self) -> None:
        self._timer.stop()
        self._breath.stop()
        self._runner.drop(self)

    def _arrived(self, changes: Sequence[Change]) -> None:
        if self._is_lost:
            self._is_lost = False
            self.found.emit()
        if any(each.topic == EVERYTHING for each in changes):
            self.found.emit()
        elif changes:
            self.changed.emit(Changes.of(changes))
        self._go_on()

    def _failed(self, error: KnownError) -> None:
        if not self._is_lost:
            self._is_lost = True
            self.lost.emit(error)
        self._go_on()

    def _go_on(self) -> None:
        self._running = False
        if self._asked_again:
            self._asked_again = False
            self.look()
        else:
            self._timer.start(self._pause())
