"""Below a ticket's heading: its way, how long is left, and the key to hand it on."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.models.records.clocks import ClockView
from app.models.records.handoffs import Way
from app.services.wording import tr
from app.views.escalating import clock_words, way_words
from app.views.escalating.chip_row import ChipRow
from app.views.escalating.way_row import WayRow
from app.views.kit.appearance import Appearance


class WayStrip(QFrame):
    """Hidden while there is nothing to tell."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "toolbar")
        self.way, self.clocks, self.bounces = WayRow(appearance), ChipRow(appearance), QLabel()
        self.bounces.setProperty("role", "presence")
        self.beside = QHBoxLayout()
        self.beside.setSpacing(8)
        self.beside.addWidget(self.clocks, 1)
        self.beside.addWidget(self.bounces)
        self._above = QHBoxLayout()
        self._above.setSpacing(8)
        self._above.addWidget(self.way, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 5, 12, 6)
        column.setSpacing(4)
        column.addLayout(self._above)
        column.addLayout(self.beside)
        self.hide()

    def offer(self, button: QWidget) -> None:
        """What can be done from here."""
        self._above.addWidget(button)

    def show_way(self, way: Way, clocks: Sequence[ClockView], now: datetime) -> None:
        chips = clock_words.chips(clocks, now)
        self.way.show_steps(way_words.steps(way, now), way_words.spoken(way, now))
        self.way.setVisible(bool(way.steps))
        self.clocks.show_chips(chips)
        self.clocks.setVisible(bool(chips))
        self.bounces.setText(tr("way.came_back", count=way.bounces) if way.bounces else "")
        self.bounces.setVisible(bool(way.bounces))
        self.setVisible(bool(way.steps or chips))
