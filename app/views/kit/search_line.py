"""A line to search with, and the glass that says so."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.views.kit.appearance import Appearance

_GLASS = 16
_EDGE = 9


class SearchLine(QLineEdit):
    """The glass is painted, not an action of the line: a stylesheet's padding would push that out of the middle."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setClearButtonEnabled(True)
        self.setTextMargins(_GLASS + _EDGE - 2, 0, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        place = QRect(_EDGE, (self.height() - _GLASS) // 2, _GLASS, _GLASS)
        self._appearance.icon("search").paint(painter, place)
        painter.end()
