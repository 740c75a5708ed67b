"""The names and terms of those whose work is packed into the program."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from app.services.wording import tr
from app.views.kit.appearance import monospace

_SIZE = (820, 600)


class NoticesDialog(QDialog):
    """A long text to scroll, search by eye and copy from."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("about.notices"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = QPlainTextEdit(text, readOnly=True, tabChangesFocus=True)
        self.text.setProperty("role", "report")
        self.text.setFont(monospace())
        self.text.setAccessibleName(tr("about.notices"))
        buttons = QDialogButtonBox()
        buttons.addButton(tr("button.close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.text, 1)
        column.addWidget(buttons)
        room = parent.window().size()
        self.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height()))
