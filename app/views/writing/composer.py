"""Writing an answer, a forward or a note. What is written is handed out to be journaled at every pause of typing."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.models.records.rich_text import Paragraph
from app.models.records.tickets import Status
from app.models.rules.recipients import Odd
from app.services.drafts import StoredDraft
from app.services.mail.html.rich import is_plain, pictures_in, write_rich
from app.services.mail.html.rich_plain import to_plain
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.banner import Banner
from app.views.kit.elided import ElidedLabel
from app.views.kit.picker import PickItem
from app.views.writing.answering import Form, paragraphs_of
from app.views.writing.body import Body
from app.views.writing.files_row import FilesRow
from app.views.writing.form_row import FormRow
from app.views.writing.format_bar import FormatBar
from app.views.writing.head import Head
from app.views.writing.suggestions import Suggestions

PAUSE_MS = 800
LONG_PAUSE_MS = 4_000
_LONG = 300_000  # characters: somebody pasted a log, and reading it at every pause would be felt
_THEN = (None, Status.WAITING_CUSTOMER, Status.WAITING_VENDOR, Status.SOLVED)


class Composer(QFrame):
    """`paused` brings a draft to be journaled, `sent` one to be sent and the status after it.

    `form_wanted` asks for another form of the same ticket: from answer to note, say. `began` tells that `/` or `@` and
    letters were typed: `suggest` then offers what they may mean, and `picked` brings what was chosen.
    """

    paused = Signal(StoredDraft)
    sent = Signal(StoredDraft, object)
    discarded = Signal()
    form_wanted = Signal(str)
    picture_given = Signal(QImage)
    began = Signal(str, str)
    picked = Signal(PickItem)
    text_wanted = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._form = Form.ANSWER
        self._origin = StoredDraft(Form.ANSWER.value, "", "", "", "")
        self._pictures: dict[str, str] = {}
        self._begun = (QRect(), 0)
        self.setProperty("role", "editor")
        self.setAcceptDrops(True)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(lambda: self.paused.emit(self.draft()))
        self._build()
        self._connect()
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.send_now, context=_HERE)

    def open(self, draft: StoredDraft, quoted: str = "", pictures: dict[str, QImage] | None = None) -> None:
        """Show a draft and put the caret where writing goes on. `quoted` is the mail that goes below it, folded."""
        self.quoted.setPlainText(quoted)
        self.unfold.setChecked(False)
        self._form, self._origin = Form(draft.kind), draft
        self.head.open(draft.to, draft.cc, draft.subject)
        self._pictures = dict(draft.pictures)
        self.text.show_paragraphs(paragraphs_of(draft), pictures or {})
        self.quote.setChecked(draft.quote)
        self.signature.setChecked(draft.signature)
        self.files.open(draft.attachments)
        self.asking.hide()
        self._show_form()
        self._pause.stop()
        self.show()
        (self.to if self._form is Form.FORWARD and not draft.to else self.text).setFocus()

    def draft(self) -> StoredDraft:
        """What stands there now."""
        paragraphs = self.text.paragraphs()
        shown = pictures_in(paragraphs)
        return StoredDraft(
            kind=self._form.value,
            to=self.to.text(),
            cc=self.cc.text(),
            subject=self.subject.text(),
            text=to_plain(paragraphs),
            attachments=tuple(self.files.paths),
            quote=self.quote.isChecked(),
            html="" if is_plain(paragraphs) else write_rich(paragraphs),
            pictures={name: path for name, path in self._pictures.items() if name in shown},
            signature=self.signature.isChecked(),
            about=self._origin.about,
            number=self._origin.number,
            title=self._origin.title,
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

    def ask(self, heading: str, lines: Sequence[str]) -> None:
        """Say what to look at before it goes; the same key or the button sends it then."""
        self.set_sending(False)
        words = "\n".join([heading, *(f"•  {each}" for each in lines)])
        self.asking.tell("warning", words, (tr("writing.send_anyway"), self.send_now))

    def add_files(self, paths: Sequence[str]) -> None:
        self.files.add(paths)

    def add_picture(self, content_id: str, path: str, picture: QImage) -> None:
        """A picture between the words."""
        self._pictures[content_id] = path
        self.text.insert_picture(content_id, picture)

    def insert(self, paragraphs: Sequence[Paragraph], *, in_place: bool = False) -> None:
        """Put in a text; `in_place` of what was begun with `/` or `@`."""
        self.text.insert(paragraphs, instead_of=self._begun[1] if in_place else 0)
        self.text.setFocus()

    def suggest(self, items: Sequence[PickItem]) -> None:
        """What `/` or `@` with the letters behind it may mean."""
        self.suggestions.offer(items, self._begun[0])

    def show_odd(self, found: Sequence[Odd]) -> None:
        self.head.show_odd(found)

    def show_signature(self, words: str) -> None:
        """What stands below; empty where there is none."""
        lines = [each.strip() for each in words.splitlines() if each.strip()]
        self._signature_words.setText(f"--  {'  ·  '.join(lines)}")
        self._signature_words.setToolTip("\n".join(lines))
        self._has_signature = bool(lines)
        self._show_signature()

    def send_now(self) -> None:
        self._send(_THEN[self.then.currentIndex()] if self._form is Form.ANSWER else None)

    def send_and(self) -> None:
        """Ask which status follows, and send with it."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSection(tr("writing.send_and"))
        for place, status in enumerate(_THEN[1:], start=1):
            assert status is not None
            chosen = menu.addAction(f"&{place}  {tr(f'status.{status.value}')}")
            chosen.triggered.connect(lambda *_, status=status: self._send(status))
        menu.setActiveAction(menu.actions()[1])
        menu.popup(self.send.mapToGlobal(self.send.rect().topLeft()))

    def attach_files(self) -> None:
        """Ask for files."""
        self.add_files(QFileDialog.getOpenFileNames(self, tr("composer.attach"))[0])

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

    def _connect(self) -> None:
        self.top.wanted.connect(self._ask_form)
        self.discard.clicked.connect(self._discard)
        self.head.edited.connect(self._typed)
        self.files.changed.connect(self._typed)
        self.text.textChanged.connect(self._typed)
        self.text.files_given.connect(self.add_files)
        self.text.picture_given.connect(self.picture_given)
        self.text.begun.connect(self._begin)
        self.text.ended.connect(self.suggestions.hide)
        self.text.installEventFilter(self)
        self.suggestions.chosen.connect(self.picked)
        self.signature.toggled.connect(self._show_signature)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(5)
        self.top = FormRow(self._appearance)
        self.discard = self.top.discard
        layout.addWidget(self.top)
        self.head = Head(self._appearance)
        self.to, self.cc, self.subject = self.head.to, self.head.cc, self.head.subject
        layout.addWidget(self.head)
        self.text = Body(self._appearance)
        self.text.setAccessibleName(tr("composer.text"))
        self.suggestions = Suggestions(self._appearance, self.text)
        self.format = FormatBar(self.text, self._appearance)
        self.canned = self.format.add("text", tr("writing.canned_title"), self._appearance)
        self.canned.clicked.connect(self.text_wanted)
        self.attach = self.format.add("attach", tr("composer.attach"), self._appearance)
        self.attach.clicked.connect(self.attach_files)
        self.format.row.addStretch(1)
        layout.addWidget(self.format)
        layout.addWidget(self.text, 1)
        self._signature_words, self._has_signature = ElidedLabel(), False
        self._signature_words.setProperty("role", "caption")
        self._signature_words.hide()
        layout.addWidget(self._signature_words)
        self.quoted = QPlainTextEdit(readOnly=True, tabChangesFocus=True)
        self.quoted.setProperty("role", "report")
        self.quoted.setAccessibleName(tr("composer.quoted"))
        self.quoted.hide()
        layout.addWidget(self.quoted, 1)
        self.files = FilesRow(self._appearance)
        layout.addWidget(self.files)
        self.asking, self.trouble = Banner(self._appearance), Banner(self._appearance)
        layout.addWidget(self.trouble)
        layout.addWidget(self.asking)
        layout.addLayout(self._bottom())

    def _bottom(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.send = QPushButton()
        self.send.setProperty("role", "primary")
        self.send.setToolTip("Ctrl+Enter")
        self.send.clicked.connect(self.send_now)
        self._then_words = QLabel(tr("composer.then"))
        self._then_words.setProperty("role", "caption")
        self.then = QComboBox()
        self.then.setAccessibleName(tr("composer.then"))
        self.then.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.then.setMinimumContentsLength(9)
        for status in _THEN:
            self.then.addItem(tr(f"status.{status.value}") if status else tr("composer.keep_status"))
        self.quote, self.signature = QCheckBox(tr("composer.quote")), QCheckBox(tr("writing.signature"))
        for box in (self.quote, self.signature):
            box.setChecked(True)
            box.toggled.connect(self._typed)
        self.unfold = QToolButton()
        self.unfold.setText("•••")
        self.unfold.setCheckable(True)
        self.unfold.setProperty("role", "flat")
        self.unfold.setToolTip(tr("composer.unfold"))
        self.unfold.setAccessibleName(tr("composer.unfold"))
        self.unfold.toggled.connect(self.quoted.setVisible)
        for each in (self.send, self._then_words):
            row.addWidget(each)
        row.addWidget(self.then, 3)
        row.addStretch(2)
        for extra in (self.signature, self.unfold, self.quote):
            row.addWidget(extra)
        return row

    def _show_form(self) -> None:
        is_note = self._form is Form.NOTE
        self.head.setVisible(not is_note)
        can_quote = not is_note and bool(self.quoted.toPlainText())
        self.quote.setVisible(can_quote)
        self.unfold.setVisible(can_quote)
        for each in (self.then, self._then_words):
            each.setVisible(self._form is Form.ANSWER)
        self.then.setCurrentIndex(0)
        self.top.show_form(self._form)
        self.text.setPlaceholderText(tr(f"composer.{self._form.value}_placeholder"))
        self.set_sending(False)
        self._show_signature()
        self.setProperty("kind", self._form.value)
        self._restyle()

    def _show_signature(self) -> None:
        can = self._has_signature and self._form is not Form.NOTE
        self.signature.setVisible(can)
        self._signature_words.setVisible(can and self.signature.isChecked())

    def _begin(self, mark: str, typed: str, caret: QRect) -> None:
        self._begun = (caret, len(typed) + 1)
        self.began.emit(mark, typed)

    def _ask_form(self, form: str) -> None:
        if form != self._form.value:
            self.form_wanted.emit(form)

    def _send_words(self) -> str:
        return tr("composer.save_note" if self._form is Form.NOTE else "composer.send")

    def _send(self, then: Status | None) -> None:
        if self.send.isEnabled() and self.isVisible():
            self._pause.stop()
            self.sent.emit(self.draft(), then)

    def _discard(self) -> None:
        self._pause.stop()
        self.discarded.emit()

    def _typed(self) -> None:
        self.asking.hide()
        long = self.text.document().characterCount() > _LONG
        self._pause.start(LONG_PAUSE_MS if long else PAUSE_MS)

    def _restyle(self) -> None:
        self.style().unpolish(self)
        self.style().polish(self)


_HERE = Qt.ShortcutContext.WidgetWithChildrenShortcut
