"""Tells of what the former kind of a channel that moved signed in with, and offers to remove it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from app.services.wording import tr


class LeftBehind(QFrame):
    """Hidden while nothing is left. `removed` asks to remove it from the keyring."""

    removed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        words = QLabel(tr("channels.left.words"))
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        self.remove = QPushButton(tr("channels.left.remove"))
        self.remove.setAccessibleDescription(words.text())
        self.remove.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(10)
        row.addWidget(words, 1)
        row.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def tell(self, *, is_left: bool) -> None:
        """Whether the keyring has any of it."""
        if not is_left and self.remove.hasFocus():
            self.focusNextChild()
        self.remove.setEnabled(True)
        self.setVisible(is_left)

    def _ask(self) -> None:
        self.remove.setEnabled(False)
        self.removed.emit()
