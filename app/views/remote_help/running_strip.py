"""At the lower edge of the window while scripts run that were put aside: what runs, bring it back, stop it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from app.services.wording import tr


class RunningStrip(QFrame):
    """Hidden while nothing was put aside."""

    wanted = Signal()
    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "strip")
        self.words = QLabel()
        self.show_, self.stop = QPushButton(tr("remote_view.show")), QPushButton(tr("remote_view.stop"))
        self.show_.clicked.connect(self.wanted)
        self.stop.clicked.connect(self.stopped)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 5, 10, 5)
        row.setSpacing(12)
        row.addWidget(self.words, 1)
        row.addWidget(self.show_)
        row.addWidget(self.stop)
        self.hide()

    def show_running(self, running: Sequence[str], over: Sequence[str]) -> None:
        """The names of what runs out of sight, and of what ended there."""
        told = [tr("remote_view.running", count=len(running), names=", ".join(running))] if running else []
        told += [tr("remote_view.ended_aside", names=", ".join(over))] if over else []
        self.words.setText("   ".join(told))
        self.stop.setVisible(bool(running))
        self.setVisible(bool(told))
