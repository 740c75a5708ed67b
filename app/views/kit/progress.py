"""Work that takes its time: how far it is, and a way to stop it."""

from threading import Event

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from app.services.wording import tr

_PATIENCE_MS = 500


class Progress(QObject):
    """One piece of long work: it calls `step` from its thread, and who watches hears `moved` on the GUI thread."""

    moved = Signal(int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stopped = Event()

    def step(self, done: int, count: int) -> bool:
        """So many of so many are through; whether to go on."""
        self.moved.emit(done, count)
        return not self._stopped.is_set()

    def stop(self) -> None:
        """The work ends at its next step; what is done stays done."""
        self._stopped.set()


class ProgressStrip(QFrame):
    """Shows itself when work takes longer than half a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "strip")
        self._told = ""
        self._progress: Progress | None = None
        self.words, self.bar, self.cancel = QLabel(), QProgressBar(), QPushButton(tr("progress.cancel"))
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("progress.cancel"))
        self.cancel.clicked.connect(self._stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 5, 10, 5)
        row.setSpacing(12)
        row.addWidget(self.words)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        self._soon = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._soon.timeout.connect(self.show)
        self.hide()

    def watch(self, progress: Progress, words: str) -> None:
        """Show how far this work is, unless it is through before anybody wonders."""
        self._progress, self._told = progress, words
        self.words.setText(words)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(words)
        self.cancel.setEnabled(True)
        progress.moved.connect(self._moved)
        self._soon.start()

    def finished(self) -> None:
        self._soon.stop()
        self._progress = None
        self.hide()

    def _moved(self, done: int, count: int) -> None:
        self.bar.setRange(0, count)
        self.bar.setValue(done)
        self.words.setText(tr("progress.done", words=self._told, done=done, all=count))

    def _stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self.cancel.setEnabled(False)
