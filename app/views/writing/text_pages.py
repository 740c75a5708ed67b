"""The right side of the dialog of texts: one text, or one signature, with a preview of what it becomes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.models.records.canned import Canned
from app.models.rules.placeholders import NAMES, fill_html, signed
from app.services.mail.html.rich import read_rich, write_rich
from app.services.signatures import Signature
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.ticket.mail_html import from_text
from app.views.writing.ask_link import AskLink
from app.views.writing.body import Body
from app.views.writing.format_bar import FormatBar
from app.views.writing.texts_model import Audience

_PREVIEW = 150


class ReplyPage(QWidget):
    """`stored` brings the text as it is to be kept, `removed` asks to delete it."""

    stored = Signal(Canned)
    removed = Signal(Canned)

    def __init__(
        self,
        reply: Canned,
        audiences: Sequence[Audience],
        values: Mapping[str, str],
        appearance: Appearance,
        *,
        may_edit: bool,
    ) -> None:
        super().__init__()
        self._reply, self._values, self._audiences = reply, values, list(audiences)
        self.name, self.shortcut, self.audience = QLineEdit(reply.name), QLineEdit(reply.shortcut), QComboBox()
        self.text = Body(appearance)
        self.text.setAccessibleName(tr("texts.text"))
        self.text.show_paragraphs(read_rich(reply.html), {})
        self.preview = _preview()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._fields())
        bar = FormatBar(self.text, appearance)
        bar.row.addStretch(1)
        bar.row.addWidget(_placeholders(lambda name: self.text.textCursor().insertText(name)))
        column.addWidget(_editor(bar, self.text), 2)
        column.addWidget(QLabel(tr("texts.preview")))
        column.addWidget(self.preview, 1)
        self.save, self.remove = QPushButton(tr("texts.save")), QPushButton(tr("texts.remove"))
        column.addLayout(_buttons(self.save, self.remove, may_edit=may_edit))
        for each in (self.name, self.shortcut, self.audience, self.text, bar):
            each.setEnabled(may_edit)
        self._began = self.entered()
        self.save.clicked.connect(lambda _checked=False: self.stored.emit(self.entered()))
        self.remove.clicked.connect(lambda _checked=False: self.removed.emit(self._reply))
        self.text.textChanged.connect(self._show)
        self.text.link_wanted.connect(self._ask_link)
        self._show()

    def entered(self) -> Canned:
        """What stands there now."""
        chosen = self._audiences[self.audience.currentIndex()] if self._audiences else None
        return replace(
            self._reply,
            name=self.name.text(),
            shortcut=self.shortcut.text(),
            html=write_rich(self.text.paragraphs()),
            team_id=chosen.team_id if chosen else self._reply.team_id,
            agent_id=chosen.agent_id if chosen else self._reply.agent_id,
        )

    @property
    def is_changed(self) -> bool:
        return self.entered() != self._began

    def _show(self) -> None:
        self.preview.setHtml(fill_html(write_rich(self.text.paragraphs()), self._values))

    def _ask_link(self, href: str) -> None:
        dialog = AskLink(href, self)
        dialog.given.connect(self.text.set_link)
        dialog.open()

    def _fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        hint = QLabel(tr("texts.shortcut_hint"))
        hint.setProperty("role", "caption")
        hint.setWordWrap(True)
        for each in self._audiences:
            self.audience.addItem(each.words)
        here = [(each.team_id, each.agent_id) for each in self._audiences]
        if (self._reply.team_id, self._reply.agent_id) in here:
            self.audience.setCurrentIndex(here.index((self._reply.team_id, self._reply.agent_id)))
        entries = (("name", self.name), ("shortcut", self.shortcut), ("for", self.audience))
        for place, (title, entry) in enumerate(entries):
            label = QLabel(tr(f"texts.{title}"))
            label.setBuddy(entry)
            entry.setAccessibleName(tr(f"texts.{title}"))
            row = place if place < 2 else 3
            grid.addWidget(label, row, 0)
            grid.addWidget(entry, row, 1)
        grid.addWidget(hint, 2, 1)
        grid.setColumnStretch(1, 1)
        return grid


class SignaturePage(QWidget):
    """`stored` brings the signature's new words."""

    stored = Signal(Signature)

    def __init__(self, signature: Signature, values: Mapping[str, str], *, may_edit: bool) -> None:
        super().__init__()
        self._signature, self._values = signature, values
        heading = QLabel(tr("texts.signature_of", team=signature.team))
        heading.setProperty("role", "heading")
        heading.setTextFormat(Qt.TextFormat.PlainText)
        self.text = QPlainTextEdit(signature.text, tabChangesFocus=True)
        self.text.setAccessibleName(tr("texts.signature_of", team=signature.team))
        self.preview = _preview()
        self.save = QPushButton(tr("texts.save"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.addWidget(heading, 1)
        insert = _placeholders(lambda name: self.text.textCursor().insertText(name))
        row.addWidget(insert)
        column.addLayout(row)
        column.addWidget(self.text, 1)
        column.addWidget(QLabel(tr("texts.preview")))
        column.addWidget(self.preview, 1)
        column.addLayout(_buttons(self.save, None, may_edit=may_edit))
        for each in (self.text, insert):
            each.setEnabled(may_edit)
        self.save.clicked.connect(lambda _checked=False: self.stored.emit(self.entered()))
        self.text.textChanged.connect(self._show)
        self._show()

    def entered(self) -> Signature:
        return replace(self._signature, text=self.text.toPlainText())

    @property
    def is_changed(self) -> bool:
        return self.entered() != self._signature

    def _show(self) -> None:
        self.preview.setHtml(from_text(signed(self.text.toPlainText(), self._signature.team, self._values)))


def _placeholders(insert: Callable[[str], None]) -> QToolButton:
    """A menu of all that can stand in braces."""
    button = QToolButton()
    button.setText(tr("texts.insert"))
    button.setProperty("role", "flat")
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(button)
    for name in NAMES:
        menu.addAction(tr(f"placeholder.{name}")).triggered.connect(lambda *_, name=name: insert(f"{{{name}}}"))
    button.setMenu(menu)
    return button


def _editor(bar: QWidget, text: QWidget) -> QFrame:
    frame = QFrame()
    frame.setProperty("role", "editor")
    column = QVBoxLayout(frame)
    column.setContentsMargins(8, 6, 8, 6)
    column.setSpacing(4)
    column.addWidget(bar)
    column.addWidget(text, 1)
    return frame


def _preview() -> QTextBrowser:
    browser = QTextBrowser()
    browser.setProperty("role", "report")
    browser.setOpenLinks(False)
    browser.setMaximumHeight(_PREVIEW)
    browser.setAccessibleName(tr("texts.preview"))
    return browser


def _buttons(save: QPushButton, remove: QPushButton | None, *, may_edit: bool) -> QHBoxLayout:
    row = QHBoxLayout()
    save.setProperty("role", "primary")
    if not may_edit:
        words = QLabel(tr("texts.look_only"))
        words.setProperty("role", "caption")
        row.addWidget(words)
    if remove is not None:
        remove.setVisible(may_edit)
        row.addWidget(remove)
    row.addStretch(1)
    row.addWidget(save)
    save.setVisible(may_edit)
    return row
