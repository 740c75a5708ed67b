"""A line to search with, the glass that says so, and a cross that empties it."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from app.services.wording import tr
from app.views.kit.appearance import Appearance

_GLASS = 16
_EDGE = 9
_CROSS = 22


class SearchLine(QLineEdit):
    """The glass is painted and the cross is a button of our own: a stylesheet's padding would push those that a line
    edit has out of the middle."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setTextMargins(_GLASS + _EDGE - 2, 0, _CROSS, 0)
        self.cross = QToolButton(self)
        self.cross.setProperty("role", "inside")
        self.cross.setCursor(Qt.CursorShape.ArrowCursor)
        self.cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # by keyboard the line is emptied like any other
        self.cross.setToolTip(tr("search.clear"))
        self.cross.setAccessibleName(tr("search.clear"))
        self.cross.clicked.connect(self.clear)
        self.cross.hide()
        appearance.dress(self.cross, "close", "muted")
        self.textChanged.connect(lambda text: self.cross.setVisible(bool(text)))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        place = QRect(_EDGE, (self.height() - _GLASS) // 2, _GLASS, _GLASS)
        self._appearance.icon("search").paint(painter, place)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        above = (self.height() - _CROSS) // 2
        self.cross.setGeometry(self.width() - _CROSS - above, above, _CROSS, _CROSS)
