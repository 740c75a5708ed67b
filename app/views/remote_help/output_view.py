"""What scripts say while they say it: a million lines do not hold up the window."""

import threading
from collections import deque

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPlainTextEdit

from app.models.records.runs import Line, Stream
from app.services.wording import tr
from app.views.kit.appearance import monospace

MOST = 5_000
"""Lines that can be scrolled back to; all of it is with the run."""

_EVERY_MS = 60
_MARKS = {Stream.OUT: " ", Stream.ERROR: "!", Stream.NOTE: "·"}


class OutputView(QPlainTextEdit):
    """`say` may be called from any thread; what came since the last look is shown at one go."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setMaximumBlockCount(MOST)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(monospace())
        self.setAccessibleName(tr("remote_view.output"))
        self.setTabChangesFocus(True)
        self.several = False
        self._lock, self._waiting, self._missed = threading.Lock(), deque[str](maxlen=MOST), 0
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.flush)

    def begin(self, *, several: bool) -> None:
        """Anew; with `several` targets each line names its own."""
        self.clear()
        self.several, self._missed = several, 0
        self._timer.start()

    def end(self) -> None:
        self._timer.stop()
        self.flush()

    def say(self, target: str, line: Line) -> None:
        text = f"{target} " if self.several else ""
        with self._lock:
            if len(self._waiting) == MOST:
                self._missed += 1
            self._waiting.append(f"{text}{_MARKS[line.stream]} {line.text}")

    def flush(self) -> None:
        with self._lock:
            lines, missed = list(self._waiting), self._missed
            self._waiting.clear()
            self._missed = 0
        if missed:
            lines.insert(0, tr("remote_view.missed", count=missed))
        if lines:
            self.appendPlainText("\n".join(lines))
