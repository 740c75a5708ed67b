"""Every action of the window: its words, its key, what it does. One table, which menus and the palette read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.services.wording import tr


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """`key` names its words, `action.<key>`. One that `needs_ticket` rests while none is shown."""

    key: str
    shortcut: str
    do: Callable[[], None]
    needs_ticket: bool = True
    in_toolbar: bool = False


class Actions:
    """The window's actions by key."""

    def __init__(self, window: QWidget, specs: Sequence[ActionSpec]) -> None:
        self._specs = {each.key: each for each in specs}
        self._actions = {each.key: _action(window, each) for each in specs}
        window.addActions(list(self._actions.values()))

    def __getitem__(self, key: str) -> QAction:
        return self._actions[key]

    def in_toolbar(self) -> list[QAction]:
        return [self._actions[key] for key, spec in self._specs.items() if spec.in_toolbar]

    def all(self) -> list[QAction]:
        return list(self._actions.values())

    def has_ticket(self, shown: bool) -> None:
        for key, spec in self._specs.items():
            if spec.needs_ticket:
                self._actions[key].setEnabled(shown)


def _action(window: QWidget, spec: ActionSpec) -> QAction:
    words = tr(f"action.{spec.key}")
    action = QAction(words, window)
    if spec.shortcut:
        action.setShortcut(QKeySequence(spec.shortcut))
        action.setToolTip(f"{words}  ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})")
    action.triggered.connect(lambda _checked=False: spec.do())
    return action
