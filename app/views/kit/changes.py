"""What changed in the database, told to every view that may have to look again."""

from PySide6.QtCore import QObject, QTimer, Signal

from app.models.errors import KnownError
from app.models.records.queue import Change
from app.services.database.changes import ChangeFeed
from app.views.kit.tasks import TaskRunner

EVERY_MS = 1_000


class ChangeBus(QObject):
    """Reads the change feed by and by. `changed` brings a batch; `lost` and `back` tell of the database."""

    changed = Signal(list)
    lost = Signal(object)
    back = Signal()

    def __init__(self, feed: ChangeFeed, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._runner = runner
        self._away = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        self.look()

    def look(self) -> None:
        """Read the feed now; the next look follows when this one is answered."""
        self._timer.stop()
        self._runner.read(self, self._feed.read, self._read, self._failed)

    def _read(self, changes: list[Change]) -> None:
        if self._away:
            self._away = False
            self.back.emit()
        if changes:
            self.changed.emit(changes)
        self._timer.start(EVERY_MS)

    def _failed(self, error: KnownError) -> None:
        if not self._away:
            self._away = True
            self.lost.emit(error)
        self._timer.start(EVERY_MS)
