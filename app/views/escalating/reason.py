"""Asking for a few words: why something is declined, given back, or what is to be told."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app.services.wording import tr

_WIDTH = 460


class ReasonDialog(QDialog):
    """`told` brings the words; without any it stays open and says what is missing. Ctrl+Return is its button."""

    told = Signal(str)

    def __init__(self, title: str, hint: str, do: str, missing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._missing = missing
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        explained = QLabel(hint)
        explained.setTextFormat(Qt.TextFormat.PlainText)
        explained.setWordWrap(True)
        explained.setProperty("role", "caption")
        self.words = QPlainTextEdit()
        self.words.setProperty("role", "said")
        self.words.setTabChangesFocus(True)
        self.words.setAccessibleName(title)
        self.problem = QLabel()
        self.problem.setProperty("role", "problem")
        self.problem.hide()
        buttons = QDialogButtonBox()
        self.do = buttons.addButton(do, QDialogButtonBox.ButtonRole.AcceptRole)
        self.do.setProperty("role", "primary")
        buttons.addButton(tr("button.cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._tell)
        buttons.rejected.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+Return"), self, self._tell)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 12)
        column.setSpacing(8)
        for each in (explained, self.words, self.problem, buttons):
            column.addWidget(each)
        self.resize(_WIDTH, 0)
        self.words.setFocus()

    def _tell(self) -> None:
        words = self.words.toPlainText().strip()
        if not words:
            self.problem.setText(self._missing)
            self.problem.show()
            self.words.setFocus()
            return
        self.accept()
        self.told.emit(words)
