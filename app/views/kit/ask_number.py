"""Asks for the number of a ticket, without stopping the rest of the window's work."""

from collections.abc import Callable

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.services.wording import tr


class AskNumber(QDialog):
    """`then` is called with the number, once one was given and confirmed."""

    def __init__(self, title: str, words: str, confirm: str, then: Callable[[int], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._then = then
        label = QLabel(words)
        label.setWordWrap(True)
        self.number = QLineEdit()
        self.number.setPlaceholderText(tr("ask.number"))
        self.number.setAccessibleName(words)
        self.number.setValidator(QRegularExpressionValidator(QRegularExpression(r"\s*#?\d{1,15}\s*"), self.number))
        label.setBuddy(self.number)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.confirm = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.confirm.setText(confirm)
        self.confirm.setProperty("role", "primary")
        self.confirm.setEnabled(False)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("button.cancel"))
        buttons.accepted.connect(self._confirm)
        buttons.rejected.connect(self.reject)
        self.number.textChanged.connect(lambda _text: self.confirm.setEnabled(self.number.hasAcceptableInput()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        for each in (label, self.number, buttons):
            layout.addWidget(each)
        self.setMinimumWidth(380)

    def _confirm(self) -> None:
        self.accept()
        self._then(int(self.number.text().strip().lstrip("#")))
