"""What the run dialog asks for: a look at what would run, the run itself, and its end."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.models.errors import KnownError
from app.models.records.runs import Ended, Run
from app.services.desk import Desk
from app.services.remote_help import connections, recording
from app.services.remote_help.hearing import Heard
from app.services.remote_help.preparing import Prepared, Wanted, prepare
from app.services.remote_help.running import Running
from app.services.remote_help.transports.interface import UnknownHostKey
from app.views.kit.task_runner import TaskRunner


class RunControl(QObject):
    """`previewed` brings what would run, by target; `refused` why it would not; `failed` why it did not.

    `over` tells of one target's end, from another thread; `ended` brings the whole run, with the host keys that nobody
    confirmed yet; `waits` the run that a second person must agree to.
    """

    previewed = Signal(list)
    refused = Signal(KnownError)
    failed = Signal(KnownError)
    waits = Signal(str)
    over = Signal(str, dict)
    ended = Signal(Run, list)

    def __init__(self, desk: Desk, runner: TaskRunner, heard: Heard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner, self._heard = desk, runner, heard
        self._running: Running | None = None

    @property
    def is_running(self) -> bool:
        return self._running is not None

    def look(self, make: Callable[[], Wanted]) -> None:
        """Have told what would run as it is filled in."""
        work = lambda: self._prepare(make()).previews()  # noqa: E731
        self._runner.read(self, work, self.previewed.emit, self.refused.emit, lane="preview")

    def start(self, make: Callable[[], Wanted]) -> None:
        self._runner.away(self, partial(self._run, make), self._told, self._failed)

    def stop(self) -> None:
        """End it everywhere it runs."""
        if self._running is not None:
            self._running.stop()

    def pin(self, unknown: Sequence[UnknownHostKey], then: Callable[[], None]) -> None:
        """Somebody looked at the keys, and they are the hosts'."""
        database, actor = self._desk.database, self._desk.actor
        assert actor is not None

        def work() -> None:
            for each in unknown:
                facts = {name: str(fact) for name, fact in each.facts.items()}
                connections.pin(database, actor, facts["host"], int(facts["port"]), facts["key"])

        self._runner.write(self, work, lambda _done: then(), self.failed.emit)

    def _prepare(self, wanted: Wanted) -> Prepared:
        assert self._desk.actor is not None
        return prepare(self._desk.database, self._desk.actor, self._desk.secrets, wanted)

    def _run(self, make: Callable[[], Wanted]) -> tuple[Run, list[UnknownHostKey]]:
        """On a thread of its own."""
        prepared, actor = self._prepare(make()), self._desk.actor
        assert actor is not None
        run_id = recording.ask(self._desk.database, actor, prepared)
        if recording.needs_second(prepared):
            return recording.run_of(self._desk.database, run_id), []
        running = Running(self._desk.database, actor, prepared, run_id, self._heard, self._over)
        self._running = running
        return running.run(), list(running.unknown)

    def _over(self, target: str, _end: Ended, revealed: Mapping[str, str]) -> None:
        self.over.emit(target, dict(revealed))

    def _told(self, found: tuple[Run, list[UnknownHostKey]]) -> None:
        self._running = None
        run, unknown = found
        if not run.results:
            self.waits.emit(str(run.id))
        self.ended.emit(run, unknown)

    def _failed(self, error: KnownError) -> None:
        self._running = None
        self.failed.emit(error)
