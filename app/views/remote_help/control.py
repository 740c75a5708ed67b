"""What the run dialog asks for: a look at what would run, the run itself, choices from a host, and their ends."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.models.errors import KnownError
from app.models.records.desk import Actor
from app.models.records.runs import Run
from app.models.records.scripts import ChoicesFrom
from app.services.desk import Desk
from app.services.remote_help import agreeing, host_keys, recording
from app.services.remote_help.choices import choices
from app.services.remote_help.preparing import Prepared, Wanted, prepare
from app.services.remote_help.running import Running
from app.services.remote_help.transports.interface import UnknownHostKey
from app.views.kit.task_runner import TaskRunner
from app.views.remote_help.feed import Feed


class RunControl(QObject):
    """`previewed` brings what would run, by target; `refused` why it would not; `failed` why it did not, or why nobody
    could write down what became of it.

    `waits` brings the run that a second person must agree to, `ended` one that is over, with the host keys that nobody
    confirmed yet. What is said meanwhile goes into a `Feed`, from the run's own thread.
    """

    previewed = Signal(list)
    refused = Signal(KnownError)
    failed = Signal(KnownError)
    waits = Signal(Run)
    ended = Signal(Run, list)

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner
        self._one: _One | None = None

    @property
    def is_running(self) -> bool:
        return self._one is not None and not self._one.is_over

    def look(self, wanted: Wanted) -> None:
        """Have told what would run as it is filled in."""
        work = lambda: self._prepare(wanted).previews()  # noqa: E731
        self._runner.read(self, work, self.previewed.emit, self.refused.emit, lane="preview")

    def start(self, wanted: Wanted, feed: Feed, agreed: UUID | None = None) -> None:
        """Run it, or ask for a second person; with `agreed` it is the run that somebody agreed to."""
        self._one = one = _One(self._desk, wanted, feed, agreed)
        self._runner.away(self, one.run, partial(self._told, one), partial(self._failed, one))

    def stop(self) -> None:
        """End it everywhere it runs."""
        if self._one is not None:
            self._one.stop()

    def pin(self, unknown: Sequence[UnknownHostKey], then: Callable[[], None]) -> None:
        """Somebody looked at the keys, and they are the hosts'."""
        database, actor = self._desk.database, self._actor

        def work() -> None:
            for each in unknown:
                facts = {name: str(fact) for name, fact in each.facts.items()}
                host_keys.pin(database, actor, facts["host"], int(facts["port"]), facts["key"])

        self._runner.write(self, work, lambda _done: then(), self.failed.emit)

    def ask_choices(
        self,
        owner: QObject,
        source: ChoicesFrom,
        target: str,
        given: Mapping[str, object],
        done: Callable[[list[str]], None],
        failed: Callable[[KnownError], None],
    ) -> None:
        """Have another script tell what can be chosen there."""
        desk = self._desk
        work = partial(choices, desk.database, self._actor, desk.secrets, source, target, given)
        self._runner.away(owner, work, done, failed)

    @property
    def _actor(self) -> Actor:
        assert self._desk.actor is not None
        return self._desk.actor

    def _prepare(self, wanted: Wanted) -> Prepared:
        return prepare(self._desk.database, self._actor, self._desk.secrets, wanted)

    def _told(self, one: "_One", found: tuple[Run, list[UnknownHostKey]]) -> None:
        self._one = None if self._one is one else self._one
        run, unknown = found
        if run.results:
            self.ended.emit(run, unknown)
        else:
            self.waits.emit(run)

    def _failed(self, one: "_One", error: KnownError) -> None:
        self._one = None if self._one is one else self._one
        self.failed.emit(error)


class _One:
    """One run on a thread of its own. It knows no widget: whatever becomes of the window, it is written down."""

    def __init__(self, desk: Desk, wanted: Wanted, feed: Feed, agreed: UUID | None) -> None:
        self._desk, self._wanted, self._feed, self._agreed = desk, wanted, feed, agreed
        self._running: Running | None = None
        self._stopped = self.is_over = False

    def run(self) -> tuple[Run, list[UnknownHostKey]]:
        try:
            return self._run()
        finally:
            self.is_over = True

    def _run(self) -> tuple[Run, list[UnknownHostKey]]:
        database, actor = self._desk.database, self._desk.actor
        assert actor is not None
        prepared = prepare(database, actor, self._desk.secrets, self._wanted)
        if self._agreed is not None:
            agreeing.begin_agreed(database, actor, self._agreed, prepared)
        run_id = self._agreed or recording.ask(database, actor, prepared)
        if self._agreed is None and recording.needs_second(prepared):
            return recording.run_of(database, run_id), []
        feed = self._feed
        running = Running(database, actor, prepared, run_id, feed.say, feed.over, feed.began, feed.moved)
        self._running = running
        if self._stopped:
            running.stop()
        return running.run(), list(running.unknown)

    def stop(self) -> None:
        self._stopped = True
        if self._running is not None:
            self._running.stop()
