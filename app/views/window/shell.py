"""What every part of the window is handed, so that none has to know the window."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow

from app.models.errors import KnownError
from app.services.desk import Desk
from app.views.kit.appearance import Appearance
from app.views.kit.change_bus import ChangeBus
from app.views.kit.commands import Commands
from app.views.kit.progress import Progress
from app.views.kit.task_runner import TaskRunner
from app.views.kit.window_place import WindowPlace
from app.views.window.layout import WindowLayout
from app.views.window.queue_control import QueueControl
from app.views.window.ticket_control import TicketControl
from app.views.window.undoing import UndoStack
from app.views.writing.writing import Writing

Part = TypeVar("Part", bound=QObject)
Result = TypeVar("Result")
Step = Callable[[int, int], bool]


class Shell(QObject):
    """One window's desk, its way to work in the background, its commands, and what it shows.

    A part keeps what it needs of it, adds its commands, and connects itself; it is the parent of nothing but itself.
    `window` is the parent of dialogs. `refused` brings every error that the person is told.
    `closing` is the last chance to write down what was typed.
    """

    told = Signal(str)
    warned = Signal(str)
    failed = Signal(KnownError)
    refused = Signal(KnownError)
    started = Signal()
    closing = Signal()

    def __init__(  # noqa: PLR0913 - it is the list of what a window is made of
        self,
        window: QMainWindow,
        desk: Desk,
        runner: TaskRunner,
        appearance: Appearance,
        *,
        bus: ChangeBus,
        commands: Commands,
        undo: UndoStack,
        queue: QueueControl,
        ticket: TicketControl,
        layout: WindowLayout,
        writing: Writing,
        place: WindowPlace,
    ) -> None:
        super().__init__(window)
        self.window, self.desk, self.runner, self.appearance = window, desk, runner, appearance
        self.bus, self.commands, self.undo = bus, commands, undo
        self.queue, self.ticket, self.layout, self.place = queue, ticket, layout, place
        self.writing = writing
        self._guards: list[Callable[[], bool]] = []

    def tell(self, words: str) -> None:
        """Good news: it goes by itself."""
        self.told.emit(words)

    def warn(self, words: str) -> None:
        """Something to look at first; it stays until it is closed."""
        self.warned.emit(words)

    def fail(self, error: KnownError) -> None:
        """Something was refused; it stays until it is closed."""
        self.failed.emit(error)

    def run_long(
        self,
        owner: QObject,
        words: str,
        work: Callable[[Step], Result],
        done: Callable[[Result], None],
        failed: Callable[[KnownError], None],
    ) -> None:
        """Do what takes its time: after half a second it shows how far it is, and it can be stopped.

        `work` is handed a function to be told its steps; it goes on for as long as that is true.
        """
        progress, strip = Progress(self), self.layout.progress
        strip.watch(progress, words)
        self.closing.connect(progress.stop)

        def ended(then: Callable[[Any], None], outcome: Any) -> None:
            strip.finished()
            progress.deleteLater()
            then(outcome)

        self.runner.long(owner, lambda: work(progress.step), partial(ended, done), partial(ended, failed))

    def ask_before_closing(self, may_close: Callable[[], bool]) -> None:
        """Who says no tells the person why, and closes the window itself when they agree."""
        self._guards.append(may_close)

    def may_close(self) -> bool:
        """Whether nobody objects."""
        return all(guard() for guard in self._guards)

    def part(self, kind: type[Part]) -> Part:
        """The window's part of that kind."""
        found = self.findChild(kind)
        assert found is not None
        return found
