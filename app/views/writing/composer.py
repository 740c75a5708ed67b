"""Writing an answer, a forward or a note. What is written is handed out to be journaled at every pause of typing."""

from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.models.records.tickets import Status
from app.services.drafts import StoredDraft
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.writing.answering import Form

PAUSE_MS = 800
_THEN = (None, Status.WAITING_CUSTOMER, Status.WAITING_VENDOR, Status.SOLVED)


class _Body(QPlainTextEdit):
    """Plain text; files and pictures that are pasted or dropped become attachments."""

    files_given = Signal(list)
    picture_given = Signal(QImage)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasUrls() or source.hasImage() or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        files = [each.toLocalFile() for each in source.urls() if each.isLocalFile()]
        if files:
            self.files_given.emit(files)
        elif source.hasImage() and not source.hasText():
            self.picture_given.emit(QImage(source.imageData()))
        else:
            super().insertFromMimeData(source)


class Composer(QFrame):
    """`paused` brings a draft to be journaled, `sent` one to be sent and the status after it.

    `form_wanted` asks for another form of the same ticket: from answer to note, say.
    """

    paused = Signal(StoredDraft)
    sent = Signal(StoredDraft, object)
    discarded = Signal()
    form_wanted = Signal(str)
    picture_given = Signal(QImage)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._form = Form.ANSWER
        self._files: list[str] = []
        self.setProperty("role", "editor")
        self.setAcceptDrops(True)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(lambda: self.paused.emit(self.draft()))
        self._build()
        for line in (self.to, self.cc, self.subject):
            line.textEdited.connect(self._typed)
        self.text.textChanged.connect(self._typed)
        self.text.files_given.connect(self.add_files)
        self.text.picture_given.connect(self.picture_given)
        self.text.installEventFilter(self)
        QShortcut(QKeySequence("Ctrl+Return"), self, self._send_now, context=_HERE)
        QShortcut(QKeySequence("Ctrl+Enter"), self, self._send_now, context=_HERE)

    def open(self, draft: StoredDraft, quoted: str = "") -> None:
        """Show a draft and put the caret where writing goes on. `quoted` is the mail that goes below it, folded."""
        self.quoted.setPlainText(quoted)
        self.unfold.setChecked(False)
        self._form = Form(draft.kind)
        self.to.setText(draft.to)
        self.cc.setText(draft.cc)
        self.subject.setText(draft.subject)
        for line in (self.to, self.cc, self.subject):
            line.setCursorPosition(0)
        self.text.setPlainText(draft.text)
        self.quote.setChecked(draft.quote)
        self._files = list(draft.attachments)
        self._pause.stop()
        self._show_form()
        self._show_files()
        self.show()
        (self.to if self._form is Form.FORWARD and not draft.to else self.text).setFocus()

    def draft(self) -> StoredDraft:
        """What stands there now."""
        return StoredDraft(
            kind=self._form.value,
            to=self.to.text(),
            cc=self.cc.text(),
            subject=self.subject.text(),
            text=self.text.toPlainText(),
            attachments=tuple(self._files),
            quote=self.quote.isChecked(),
        )

    @property
    def form(self) -> Form:
        return self._form

    def keep(self) -> None:
        """Hand out now what was typed since the last pause."""
        if self._pause.isActive():
            self._pause.stop()
            self.paused.emit(self.draft())

    def set_sending(self, sending: bool) -> None:
        """While it is on its way nothing can be changed, and it cannot be sent twice."""
        self.send.setEnabled(not sending)
        self.text.setReadOnly(sending)
        self.send.setText(tr("composer.sending") if sending else self._send_words())

    def add_files(self, paths: Sequence[str]) -> None:
        self._files += [each for each in paths if each not in self._files]
        self._show_files()
        self._typed()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.add_files([each.toLocalFile() for each in event.mimeData().urls() if each.isLocalFile()])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.text and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.setProperty("active", event.type() is QEvent.Type.FocusIn)
            self._restyle()
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(6)
        layout.addLayout(self._top())
        layout.addWidget(self._lines())
        self.text = _Body(tabChangesFocus=True)
        self.text.setProperty("role", "body")
        self.text.setAccessibleName(tr("composer.text"))
        layout.addWidget(self.text, 1)
        self.quoted = QPlainTextEdit(readOnly=True, tabChangesFocus=True)
        self.quoted.setProperty("role", "report")
        self.quoted.setAccessibleName(tr("composer.quoted"))
        self.quoted.hide()
        layout.addWidget(self.quoted, 1)
        self._chips = QWidget()
        self._chip_row = QHBoxLayout(self._chips)
        self._chip_row.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._chips)
        layout.addLayout(self._bottom())

    def _top(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        self._forms: dict[Form, QToolButton] = {}
        for form, icon in ((Form.ANSWER, "reply"), (Form.FORWARD, "forward"), (Form.NOTE, "note")):
            button = QToolButton()
            button.setText(tr(f"composer.{form.value}"))
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setProperty("role", "flat")
            button.clicked.connect(lambda _checked=False, form=form: self._ask_form(form))
            self._appearance.dress(button, icon, "text")
            self._forms[form] = button
            row.addWidget(button)
        self._hint = QLabel()
        self._hint.setProperty("role", "caption")
        row.addWidget(self._hint, 1)
        self.discard = QToolButton()
        self.discard.setProperty("role", "flat")
        self.discard.setToolTip(tr("composer.discard"))
        self.discard.setAccessibleName(tr("composer.discard"))
        self.discard.clicked.connect(self._discard)
        self._appearance.dress(self.discard, "trash", "muted")
        row.addWidget(self.discard)
        return row

    def _lines(self) -> QWidget:
        self.to, self.cc, self.subject = QLineEdit(), QLineEdit(), QLineEdit()
        self._head = QWidget()
        grid = QGridLayout(self._head)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        for place, (name, line) in enumerate((("to", self.to), ("cc", self.cc), ("subject", self.subject))):
            label = QLabel(tr(f"composer.{name}"))
            label.setProperty("role", "caption")
            label.setBuddy(line)
            line.setAccessibleName(tr(f"composer.{name}"))
            grid.addWidget(label, place, 0)
            grid.addWidget(line, place, 1)
        return self._head

    def _bottom(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.send = QPushButton()
        self.send.setProperty("role", "primary")
        self.send.setToolTip("Ctrl+Enter")
        self.send.clicked.connect(self._send_now)
        self._then_words = QLabel(tr("composer.then"))
        self._then_words.setProperty("role", "caption")
        self.then = QComboBox()
        self.then.setAccessibleName(tr("composer.then"))
        self.then.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.then.setMinimumContentsLength(9)
        for status in _THEN:
            self.then.addItem(tr(f"status.{status.value}") if status else tr("composer.keep_status"))
        self.quote = QCheckBox(tr("composer.quote"))
        self.quote.setChecked(True)
        self.quote.toggled.connect(self._typed)
        self.unfold = QToolButton()
        self.unfold.setText("•••")
        self.unfold.setCheckable(True)
        self.unfold.setProperty("role", "flat")
        self.unfold.setToolTip(tr("composer.unfold"))
        self.unfold.setAccessibleName(tr("composer.unfold"))
        self.unfold.toggled.connect(self.quoted.setVisible)
        self.attach = QToolButton()
        self.attach.setProperty("role", "flat")
        self.attach.setToolTip(tr("composer.attach"))
        self.attach.setAccessibleName(tr("composer.attach"))
        self.attach.clicked.connect(self._attach)
        self._appearance.dress(self.attach, "attach", "text")
        for each in (self.send, self._then_words):
            row.addWidget(each)
        row.addWidget(self.then, 3)
        row.addWidget(self.attach)
        row.addStretch(2)
        row.addWidget(self.unfold)
        row.addWidget(self.quote)
        return row

    def _show_form(self) -> None:
        is_note = self._form is Form.NOTE
        self._head.setVisible(not is_note)
        can_quote = not is_note and bool(self.quoted.toPlainText())
        self.quote.setVisible(can_quote)
        self.unfold.setVisible(can_quote)
        for each in (self.then, self._then_words):
            each.setVisible(self._form is Form.ANSWER)
        self.then.setCurrentIndex(0)
        self._forms[self._form].setChecked(True)
        self._hint.setText(f"  {tr('composer.note_hint')}" if is_note else "")
        self.text.setPlaceholderText(tr(f"composer.{self._form.value}_placeholder"))
        self.set_sending(False)
        self.setProperty("kind", self._form.value)
        self._restyle()

    def _show_files(self) -> None:
        while (item := self._chip_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for path in self._files:
            name = PurePath(path.replace("\\", "/")).name
            chip = QPushButton(name)
            chip.setToolTip(tr("composer.remove", name=name))
            chip.setAccessibleName(tr("composer.remove", name=name))
            chip.setIcon(self._appearance.icon("close", "muted"))
            chip.clicked.connect(lambda _checked=False, path=path: self._remove(path))
            self._chip_row.addWidget(chip)
        self._chip_row.addStretch(1)
        self._chips.setVisible(bool(self._files))

    def _remove(self, path: str) -> None:
        self._files.remove(path)
        self._show_files()
        self._typed()

    def _ask_form(self, form: Form) -> None:
        if form is not self._form:
            self.form_wanted.emit(form.value)

    def _send_words(self) -> str:
        return tr("composer.save_note" if self._form is Form.NOTE else "composer.send")

    def _send_now(self) -> None:
        if self.send.isEnabled():
            self._pause.stop()
            self.sent.emit(self.draft(), _THEN[self.then.currentIndex()] if self._form is Form.ANSWER else None)

    def _discard(self) -> None:
        self._pause.stop()
        self.discarded.emit()

    def _attach(self) -> None:
        self.add_files(QFileDialog.getOpenFileNames(self, tr("composer.attach"))[0])

    def _typed(self) -> None:
        self._pause.start()

    def _restyle(self) -> None:
        self.style().unpolish(self)
        self.style().polish(self)


_HERE = Qt.ShortcutContext.WidgetWithChildrenShortcut
