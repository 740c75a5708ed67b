"""Asks where a link leads."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.services.wording import tr

_SCHEMES = ("http://", "https://", "mailto:", "tel:")


class AskLink(QDialog):
    """`given` brings the address; one without a scheme is taken for a page, or for mail where it has an @."""

    given = Signal(str)

    def __init__(self, href: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("writing.link_title"))
        label = QLabel(tr("writing.link_words"))
        self.line = QLineEdit(href)
        self.line.setPlaceholderText("https://")
        self.line.setAccessibleName(tr("writing.link_words"))
        label.setBuddy(self.line)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        confirm = buttons.button(QDialogButtonBox.StandardButton.Ok)
        confirm.setText(tr("writing.link_do"))
        confirm.setProperty("role", "primary")
        confirm.setEnabled(bool(href))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("button.cancel"))
        buttons.accepted.connect(self._confirm)
        buttons.rejected.connect(self.reject)
        self.line.textChanged.connect(lambda words: confirm.setEnabled(bool(words.strip())))
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        for each in (label, self.line, buttons):
            column.addWidget(each)
        self.setMinimumWidth(420)

    def _confirm(self) -> None:
        self.accept()
        self.given.emit(whole_address(self.line.text()))


def whole_address(typed: str) -> str:
    """With its scheme."""
    typed = typed.strip()
    if typed.lower().startswith(_SCHEMES):
        return typed
    return f"mailto:{typed}" if "@" in typed and "/" not in typed else f"https://{typed}"
