"""Every action of the desk, in one register: menus, buttons, shortcuts and the command palette read it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolButton, QWidget

from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.buttons import action_button


@dataclass(frozen=True, slots=True)
class Command:
    """`id` names it for ever; `keys` are portable (`Ctrl+Return`). With `needs_ticket` it rests while none is shown.

    `section` is the heading that it stands under on the sheet of keys.
    """

    id: str
    words: str
    keys: str
    icon: str
    run: Callable[[], object]
    needs_ticket: bool = False
    section: str = "window"


class Commands(QObject):
    """The commands of one window. Their shortcuts work wherever the focus is in it; `ran` tells which was run."""

    ran = Signal(str)

    def __init__(self, window: QWidget, appearance: Appearance) -> None:
        super().__init__(window)
        self._window, self._appearance = window, appearance
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        self._section = "window"
        self._enabled: dict[str, bool] = {}
        self._resting: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def section(self, name: str) -> None:
        """The section of the commands that are added from now on."""
        self._section = name

    def add(
        self,
        command_id: str,
        keys: str,
        icon: str,
        run: Callable[[], object],
        *,
        needs_ticket: bool = False,
        words: str = "",
    ) -> QAction:
        """Register one; its words are the entry `command.<id>` unless it brings its own. `keys` may be empty."""
        told = words or tr(f"command.{command_id}")
        command = Command(command_id, told, keys, icon, run, needs_ticket, self._section)
        action = QAction(command.words, self)
        if keys:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(lambda *_: self._run(command))
        action.setToolTip(self.hint(command))
        self._window.addAction(action)
        self._commands[command_id], self._actions[command_id] = command, action
        appearance = self._appearance
        if icon:
            appearance.dress(action, icon, "text")
        return action

    def action(self, command_id: str) -> QAction:
        return self._actions[command_id]

    def enable(self, command_id: str, enabled: bool) -> None:
        """Whether it can be run, as far as its own part is concerned."""
        self._enabled[command_id] = enabled
        self._actions[command_id].setEnabled(enabled and command_id not in self._resting)

    def rest(self, command_ids: Iterable[str]) -> None:
        """These cannot be run for now, whatever their parts say; all others can again."""
        self._resting = frozenset(command_ids)
        for each in self._commands:
            self._actions[each].setEnabled(self._enabled.get(each, True) and each not in self._resting)

    def run(self, command_id: str) -> None:
        """As if its key were pressed: a disabled command does nothing."""
        self._actions[command_id].trigger()

    def _run(self, command: Command) -> None:
        self.ran.emit(command.id)
        command.run()

    def button(self, command_id: str, *, words: bool = True) -> QToolButton:
        """A button for a command, with its words or with its picture alone."""
        button = action_button(self._actions[command_id], words=words)
        button.setAccessibleName(self._commands[command_id].words)
        return button

    @staticmethod
    def hint(command: Command) -> str:
        keys = QKeySequence(command.keys).toString(QKeySequence.SequenceFormat.NativeText)
        return f"{command.words}  ({keys})" if keys else command.words
