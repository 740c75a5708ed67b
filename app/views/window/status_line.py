"""The truth about the database and the channels, in the status bar."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from app.models.errors import KnownError
from app.models.records.channels import ChannelHealth
from app.services import accounts
from app.services.desk import Desk
from app.services.wording import tr, tr_error
from app.views.kit.task_runner import TaskRunner
from app.views.window.channel_words import channels_words, problem_words

_EVERY_MS = 5_000


class StatusLine(QObject):
    """`database` and `channels` bring words and whether they are good news; `problem` a sentence, or none any more."""

    database = Signal(str, bool)
    channels = Signal(str, bool)
    problem = Signal(str)

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner
        self._lost = ""
        self._channel_problem = ""
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        self._tell_database()
        self.look()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._runner.drop(self)

    def look(self) -> None:
        work = lambda: accounts.health(self._desk.database)  # noqa: E731
        self._runner.read(self, work, self._healthy, self.lost, lane="health")

    def lost(self, error: KnownError) -> None:
        """The database is away."""
        self._lost = tr_error(error)
        self._tell_database()
        self._tell_problem()

    def found(self) -> None:
        """The database is there again."""
        if self._lost:
            self._lost = ""
            self._tell_database()
            self._tell_problem()

    def _healthy(self, health: Sequence[ChannelHealth]) -> None:
        self.found()
        self._channel_problem = problem_words(health)
        self.channels.emit(channels_words(health), not self._channel_problem)
        self._tell_problem()

    def _tell_database(self) -> None:
        kind = "shared" if self._desk.database.is_shared else "embedded"
        self.database.emit(tr("status_bar.lost") if self._lost else tr(f"status_bar.{kind}"), not self._lost)

    def _tell_problem(self) -> None:
        """That the whole database is away is told elsewhere, with what can be done meanwhile."""
        away = self._desk.reach.is_away
        self.problem.emit("" if away else self._lost or self._channel_problem)
