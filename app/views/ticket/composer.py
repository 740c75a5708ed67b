"""Writing an answer, a forward or a note. Journaled at every pause of typing."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.models.records.tickets import Status
from app.services.drafts import StoredDraft
from app.services.wording import tr
from app.views.ticket.answering import Form

PAUSE_MS = 800
_THEN = (None, Status.WAITING_CUSTOMER, Status.SOLVED)


class Composer(QWidget):
    """`paused` brings a draft to be journaled, `sent` one to be sent with the status after it."""

    paused = Signal(object)
    sent = Signal(object, object)
    discarded = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._form = Form.ANSWER
        self._files: list[str] = []
        self._build()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(lambda: self.paused.emit(self.draft()))
        for line in (self._to, self._cc, self._subject):
            line.textEdited.connect(lambda _text: self._pause.start())
        self._text.textChanged.connect(self._pause.start)
        self.setAcceptDrops(True)

    def open(self, draft: StoredDraft) -> None:
        """Show a draft and put the caret where writing goes on."""
        self._form = Form(draft.kind)
        self._to.setText(draft.to)
        self._cc.setText(draft.cc)
        self._subject.setText(draft.subject)
        self._text.setPlainText(draft.text)
        self._files = list(draft.attachments)
        self._pause.stop()
        is_note = self._form is Form.NOTE
        self._head.setVisible(not is_note)
        self._then.setVisible(self._form is Form.ANSWER)
        self._send.setText(tr("action.save_note" if is_note else "action.send"))
        self._show_files()
        self.show()
        (self._to if self._form is Form.FORWARD and not draft.to else self._text).setFocus()

    def draft(self) -> StoredDraft:
        """What stands there now."""
        text = self._text.toPlainText()
        return StoredDraft(
            self._form.value, self._to.text(), self._cc.text(), self._subject.text(), text, tuple(self._files)
        )

    def keep(self) -> None:
        """Journal now what has not been yet."""
        if self._pause.isActive():
            self._pause.stop()
            self.paused.emit(self.draft())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        self._add_files([each.toLocalFile() for each in event.mimeData().urls() if each.isLocalFile()])

    def _build(self) -> None:
        self._to, self._cc, self._subject = QLineEdit(), QLineEdit(), QLineEdit()
        self._head = QWidget()
        form = QFormLayout(self._head)
        form.setContentsMargins(0, 0, 0, 0)
        for key, line in (("ticket.to", self._to), ("ticket.cc", self._cc), ("column.subject", self._subject)):
            line.setAccessibleName(tr(key))
            form.addRow(tr(key), line)
        self._text = QPlainTextEdit()
        self._text.setAccessibleName(tr("ticket.text"))
        self._text.setTabChangesFocus(True)
        self._listed = QLabel()
        self._then = QComboBox()
        self._then.setAccessibleName(tr("ticket.then"))
        for status in _THEN:
            self._then.addItem(tr(f"status.{status.value}") if status else tr("ticket.keep_status"), status)
        self._send = self._button("action.send", self._send_now)
        self._send.setProperty("primary", True)
        buttons = QHBoxLayout()
        for each in (self._send, self._then, self._button("action.attach", self._attach)):
            buttons.addWidget(each)
        buttons.addWidget(self._listed, 1)
        buttons.addWidget(self._button("action.discard", self._discard))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self._head)
        layout.addWidget(self._text, 1)
        layout.addLayout(buttons)
        QShortcut(QKeySequence("Ctrl+Return"), self, self._send_now)

    def _button(self, key: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(tr(key))
        button.clicked.connect(act)
        return button

    def _send_now(self) -> None:
        self._pause.stop()
        then = self._then.currentData() if self._form is Form.ANSWER else None
        self.sent.emit(self.draft(), then)

    def _discard(self) -> None:
        self._pause.stop()
        self.discarded.emit()

    def _attach(self) -> None:
        self._add_files(QFileDialog.getOpenFileNames(self, tr("action.attach"))[0])

    def _add_files(self, paths: list[str]) -> None:
        self._files += [each for each in paths if each not in self._files]
        self._show_files()
        self._pause.start()

    def _show_files(self) -> None:
        self._listed.setText(", ".join(each.replace("\\", "/").rpartition("/")[2] for each in self._files))
