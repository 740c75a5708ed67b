"""What stands in the way of the desk at its start, in words, with what can be done about it."""

from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from app.models.errors import KnownError
from app.services.wording import tr, tr_error
from app.views.kit.appearance import Appearance

_PICTURE = 28


class Way(StrEnum):
    AGAIN = "again"
    ELSEWHERE = "elsewhere"
    LEAVE = "leave"


class Trouble(QDialog):
    """`way` is what the person wants next; closing it leaves."""

    def __init__(self, error: KnownError, appearance: Appearance) -> None:
        super().__init__()
        self.setWindowTitle(tr("trouble.title"))
        self.way = Way.LEAVE
        self.words = QLabel(tr_error(error))
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.buttons = {way: QPushButton(tr(f"trouble.{way}")) for way in (Way.LEAVE, Way.ELSEWHERE, Way.AGAIN)}
        for way, button in self.buttons.items():
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, way=way: self._choose(way))
        self.buttons[Way.AGAIN].setProperty("role", "primary")
        self.buttons[Way.AGAIN].setDefault(True)
        self._build(appearance)

    def _choose(self, way: Way) -> None:
        self.way = way
        self.accept()

    def _build(self, appearance: Appearance) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(10)
        heading = QLabel(tr("trouble.heading"))
        heading.setProperty("role", "title")
        picture = QLabel()
        picture.setPixmap(appearance.icon("error", "danger").pixmap(_PICTURE, _PICTURE))
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for each in self.buttons.values():
            buttons.addWidget(each)
        column.addWidget(heading)
        column.addLayout(row, 1)
        column.addLayout(buttons)
        self.resize(540, 230)
        self.buttons[Way.AGAIN].setFocus()
