"""What is shown once to whoever ran the script, a new password say. It goes by itself, and out of the clipboard too."""

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from app.services.wording import tr
from app.views.kit.appearance import monospace

SHOWN_MS, COPIED_MS = 120_000, 30_000
_TICK_MS = 1_000
_PRIVATE = {
    "ExcludeClipboardContentFromMonitorProcessing": b"1",
    "CanIncludeInClipboardHistory": b"\0\0\0\0",
    "CanUploadToCloudClipboard": b"\0\0\0\0",
    "x-kde-passwordManagerHint": b"secret",
}
"""What keeps it out of the histories of Windows' and KDE's clipboards.
https://learn.microsoft.com/windows/win32/dataxchg/clipboard-formats"""


class RevealPanel(QFrame):
    """Counts down only while somebody can see it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self.setProperty("level", "warning")
        self._left = 0
        self._copied = ""
        self._told = QLabel()
        self._told.setWordWrap(True)
        self.hide_ = QPushButton(tr("remote_view.reveal_hide"))
        self.hide_.clicked.connect(self.forget)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 8, 10, 8)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._told, 0, 0, 1, 2)
        self._grid.addWidget(self.hide_, 0, 2)
        self.copies: list[QPushButton] = []
        self._lines: list[QWidget] = []
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self._count)
        self._clear = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._clear.timeout.connect(self.clear_clipboard)
        self.hide()

    def reveal(self, revealed: Sequence[tuple[str, str, str]]) -> None:
        """By target and label; those that are shown already stay."""
        if not revealed:
            return
        for target, label, secret in revealed:
            self._add(tr("remote_view.revealed", target=target, label=label), secret)
        self._left = SHOWN_MS
        self._tell()
        self._tick.start()
        self.show()

    def forget(self) -> None:
        """Nothing of it is kept here; the clipboard forgets it in its time."""
        self._tick.stop()
        for each in self._lines:
            if isinstance(each, QLineEdit):
                each.clear()
            self._grid.removeWidget(each)
            each.deleteLater()
        self._lines.clear()
        self.copies.clear()
        self.hide()

    def clear_clipboard(self) -> None:
        """Where it still has what was copied from here."""
        clipboard = QGuiApplication.clipboard()
        if self._copied and clipboard.text() == self._copied:
            clipboard.clear()
        self._copied = ""

    def _add(self, words: str, secret: str) -> None:
        row = self._grid.rowCount()
        label, line, copy = QLabel(words), QLineEdit(secret), QPushButton(tr("remote_view.reveal_copy"))
        line.setReadOnly(True)
        line.setFont(monospace())
        line.setAccessibleName(words)
        copy.setAccessibleName(tr("remote_view.reveal_copy_of", what=words))
        copy.clicked.connect(lambda: self._copy(line, copy))
        widgets: tuple[QWidget, ...] = (label, line, copy)
        for column, each in enumerate(widgets):
            self._grid.addWidget(each, row, column)
        self._lines += widgets
        self.copies.append(copy)

    def _copy(self, line: QLineEdit, button: QPushButton) -> None:
        data = QMimeData()
        data.setText(line.text())
        for kind, value in _PRIVATE.items():
            data.setData(kind, value)
        self._copied = line.text()
        QGuiApplication.clipboard().setMimeData(data)
        button.setText(tr("remote_view.reveal_copied", seconds=COPIED_MS // 1000))
        self._clear.start()

    def _count(self) -> None:
        if self.isVisible():
            self._left -= _TICK_MS
            self._tell()
        if self._left <= 0:
            self.forget()

    def _tell(self) -> None:
        self._told.setText(tr("remote_view.reveal", seconds=max(self._left, 0) // 1000))
