"""Above the conversation of a ticket that was handed to the person here: what is wanted of them, and the answers."""

from datetime import datetime

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.models.records.handoffs import HandoffState, Waiting
from app.services.wording import tr
from app.views.escalating.way_words import waiting_words
from app.views.kit.appearance import Appearance

_LONGEST = 240


class HandoffBar(QFrame):
    """Hidden where nothing waits. What was offered can be accepted or declined, what was accepted given back."""

    accepted = Signal()
    declined = Signal()
    given_back = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setProperty("role", "banner")
        self._picture, self._words, self._verify = QLabel(), QLabel(), QLabel()
        for label in (self._words, self._verify):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.accept, self.decline = QPushButton(tr("handed.accept")), QPushButton(tr("handed.decline"))
        self.give_back = QPushButton(tr("handed.give_back"))
        self.accept.setProperty("role", "primary")
        self.accept.clicked.connect(self.accepted)
        self.decline.clicked.connect(self.declined)
        self.give_back.clicked.connect(self.given_back)
        told = QVBoxLayout()
        told.setSpacing(2)
        told.addWidget(self._words)
        told.addWidget(self._verify)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 7, 12, 7)
        row.setSpacing(8)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(told, 1)
        for button in (self.accept, self.decline, self.give_back):
            row.addWidget(button)
        self.hide()
        appearance.follow(self, _paint)

    def show_waiting(self, waiting: Waiting | None, now: datetime) -> None:
        self.setVisible(waiting is not None)
        if waiting is None:
            return
        is_mine = waiting.state is HandoffState.ACCEPTED
        self.setProperty("level", "info" if is_mine else "warning")
        self._words.setText(waiting_words(waiting, now))
        verify = " ".join(waiting.packet.verify_first.split())[:_LONGEST]
        self._verify.setText(tr("handed.verify", words=verify))
        self._verify.setVisible(bool(verify))
        for button, shown in ((self.accept, not is_mine), (self.decline, not is_mine), (self.give_back, is_mine)):
            button.setVisible(shown)
        self.setAccessibleName(self._words.text())
        for each in (self, self._words, self._verify):
            each.style().unpolish(each)
            each.style().polish(each)
        self.paint_icon()

    @property
    def words(self) -> str:
        return self._words.text()

    def paint_icon(self) -> None:
        tone = "info" if self.property("level") == "info" else "warning"
        self._picture.setPixmap(self._appearance.icon("level", tone).pixmap(18, 18))


def _paint(bar: QObject) -> None:
    assert isinstance(bar, HandoffBar)
    bar.paint_icon()
