"""A button that several things can be chosen from."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy

_INDENT = "\u2002"
"""Qt leaves out a button's padding as soon as its menu's arrow is styled: an en space stands in for it."""


class Choice(QPushButton):
    """A button that opens a list of things; several can be chosen. It says which are, or `none` where none is."""

    changed = Signal()

    def __init__(self, name: str, choices: Sequence[tuple[str, Any]], chosen: Iterable[Any], none: str) -> None:
        super().__init__()
        self._name, self._none = name, none
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("role", "choice")
        self.setAutoDefault(False)
        self._menu = QMenu(self)
        self.actions_by_value: dict[Any, QAction] = {}
        already = frozenset(chosen)
        for words, value in choices:
            action = QAction(words, self._menu, checkable=True, checked=value in already)
            action.toggled.connect(lambda _on: self._toggled())
            self._menu.addAction(action)
            self.actions_by_value[value] = action
        self.setMenu(self._menu)
        self._tell()

    @property
    def chosen(self) -> frozenset[Any]:
        return frozenset(value for value, action in self.actions_by_value.items() if action.isChecked())

    def _toggled(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        names = [action.text() for action in self.actions_by_value.values() if action.isChecked()]
        told = self._none if not names else ", ".join(names[:2]) + (" …" if len(names) > 2 else "")
        self.setText(_INDENT + told)
        self.setAccessibleName(f"{self._name}: {told}")
        self.setToolTip(", ".join(names))
