"""A row of buttons that never cuts their words: what has no room moves into the menu at its end."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QToolButton, QWidget

_SPACING = 2


class ToolRow(QWidget):
    """The first buttons stay longest. Those that moved stand first in the menu, in their order."""

    def __init__(self, buttons: Sequence[QToolButton], more: QToolButton, menu: QMenu) -> None:
        super().__init__()
        self._buttons, self._more, self._menu = tuple(buttons), more, menu
        self._below: QAction | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_SPACING)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for each in (*self._buttons, more):
            row.addWidget(each)
        row.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._more.sizeHint().width(), super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        widths = [each.sizeHint().width() + _SPACING for each in self._buttons]
        return QSize(sum(widths) + self._more.sizeHint().width(), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        fitting = self._fitting()
        if [not each.isHidden() for each in self._buttons] == [place < fitting for place in range(len(self._buttons))]:
            return
        moved = [each.defaultAction() for each in self._buttons[fitting:]]
        for each in self._buttons:
            self._menu.removeAction(each.defaultAction())
        if self._below is not None:
            self._menu.removeAction(self._below)
            self._below = None
        if moved:
            first = self._menu.actions()[0]
            self._menu.insertActions(first, moved)
            self._below = self._menu.insertSeparator(first)
        for place, each in enumerate(self._buttons):
            each.setVisible(place < fitting)

    def _fitting(self) -> int:
        """How many of the buttons have room beside the menu."""
        room = self.width() - self._more.sizeHint().width()
        for place, each in enumerate(self._buttons):
            room -= each.sizeHint().width() + _SPACING
            if room < 0:
                return place
        return len(self._buttons)
