"""What is asked before something of a stranger leaves the desk: a file that runs, a link that leads elsewhere."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from app.models.records.tickets import AttachmentInfo
from app.services.wording import tr
from app.views.kit.appearance import monospace
from app.views.ticket.files import is_dangerous, size_words

OnFile = Callable[[AttachmentInfo], None]


class FileMenu(QMenu):
    """Open it, or save it. A file that could run something can only be saved."""

    def __init__(self, file: AttachmentInfo, open_file: OnFile, save_file: OnFile, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        heading = self.addAction(f"{file.name}  ·  {size_words(file.size)}")
        heading.setEnabled(False)
        if is_dangerous(file.name):
            self.addAction(tr("file.dangerous")).setEnabled(False)
        self.addSeparator()
        if not is_dangerous(file.name):
            self.addAction(tr("file.open")).triggered.connect(lambda *_: open_file(file))
        self.addAction(tr("file.save_as")).triggered.connect(lambda *_: save_file(file))

    def open_at_cursor(self) -> None:
        self.popup(QCursor.pos())


class LinkDialog(QDialog):
    """Shows where a link really leads, before it is followed."""

    def __init__(self, target: str, follow: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("address.title"))
        self._follow = follow
        words = QLabel(tr("address.words"))
        words.setWordWrap(True)
        self.target = QPlainTextEdit(target, readOnly=True, tabChangesFocus=True)
        self.target.setProperty("role", "report")
        self.target.setFont(monospace())
        self.target.setMaximumHeight(86)
        self.target.setAccessibleName(tr("address.words"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Open).setText(tr("address.open"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("button.cancel"))
        copy = buttons.addButton(tr("address.copy"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda *_: QGuiApplication.clipboard().setText(target))
        buttons.accepted.connect(self._open)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        for each in (words, self.target, buttons):
            layout.addWidget(each)
        self.resize(520, 210)

    def _open(self) -> None:
        self.accept()
        self._follow()
