"""The clocks of a ticket among its properties: how each stands, and with whom the time was spent."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.models.records.clocks import ClockView
from app.services.wording import tr
from app.views.escalating.clock_words import ClockWords, panel, spent
from app.views.kit.appearance import Appearance
from app.views.kit.elided import ElidedLabel


class ClocksPanel(QWidget):
    """Made anew for each ticket: there are few words in it, and their number differs."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 0, 6)
        self._inner = QWidget()
        self._column.addWidget(self._inner)
        self.shown: list[ClockWords] = []

    def show_clocks(self, clocks: Sequence[ClockView], now: datetime) -> None:
        self.shown = panel(clocks, now)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(_section(tr("clocks.title")))
        if not self.shown:
            column.addWidget(_caption(tr("clocks.none")))
        for each in self.shown:
            column.addWidget(_Clock(self._appearance, each))
        times = spent(clocks)
        for heading, lines in ((tr("clocks.teams"), times.teams), (tr("clocks.people"), times.people)):
            if lines:
                column.addWidget(_section(heading))
            for name, length in lines:
                column.addLayout(_line(name, length))
        self._column.replaceWidget(self._inner, inner)
        self._inner.deleteLater()
        self._inner = inner


class _Clock(QWidget):
    """One of them: its name, how it stands, a bar of its budget, and when it is due."""

    def __init__(self, appearance: Appearance, words: ClockWords) -> None:
        super().__init__()
        self.setAccessibleName(words.spoken)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 5)
        column.setSpacing(3)
        state = QLabel(words.state)
        state.setTextFormat(Qt.TextFormat.PlainText)
        state.setProperty("tone", words.tone)
        row = QHBoxLayout()
        row.addWidget(ElidedLabel(words.name), 1)
        row.addWidget(state)
        column.addLayout(row)
        column.addWidget(_Bar(appearance, words))
        column.addWidget(_caption(words.detail))


class _Bar(QWidget):
    def __init__(self, appearance: Appearance, words: ClockWords) -> None:
        super().__init__()
        self._appearance, self._words = appearance, words
        self.setFixedHeight(4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        for width, token in (
            (whole.width(), "sunken"),
            (whole.width() * min(1.0, self._words.share), self._words.tone),
        ):
            painter.setBrush(theme.colour(token))
            painter.drawRoundedRect(QRectF(0, 0, width, whole.height()), 2, 2)
        painter.end()


def _line(name: str, length: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(ElidedLabel(name), 1)
    right = QLabel(length)
    right.setProperty("role", "caption")
    row.addWidget(right)
    return row


def _section(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "section")
    return label


def _caption(words: str) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", "caption")
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
