"""Writes a conversation into a text document: one frame a message, each parsed by itself.

Because every message goes into a frame of its own, markup of one mail cannot reach into another, whatever it leaves
open. Grounds and edges of the frames are painted by the browser.
"""

from uuid import UUID

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrame,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextTableFormat,
)

from app.models.records.tickets import AttachmentInfo, MessageKind
from app.services.wording import tr
from app.views.kit.appearance import Appearance, monospace
from app.views.kit.contrast import AA_TEXT, contrast
from app.views.ticket.chips import OBJECT_CHARACTER, ChipLook, ChipPainter, chip_format, register
from app.views.ticket.entries import Entry
from app.views.ticket.files import is_dangerous, picture_of, size_words

KIND = int(QTextFormat.Property.UserProperty) + 2
TINT = int(QTextFormat.Property.UserProperty) + 3
_INDENT = 36.0
_ICON = 16
_LARGEST = 1.5
_FOREGROUND = int(QTextFormat.Property.ForegroundBrush)


class ConversationWriter:
    """Fills one document. `icon:` pictures it needs are put into the document as it goes."""

    def __init__(self, document: QTextDocument, appearance: Appearance) -> None:
        self._document, self._appearance = document, appearance
        self._chips = ChipPainter(document)
        register(document, self._chips)

    def clear(self) -> None:
        theme = self._appearance.theme
        self._document.clear()
        self._document.setDocumentMargin(12)
        self._document.setDefaultStyleSheet(
            f"a {{ color: {theme['link']}; }} blockquote {{ color: {theme['muted']}; margin-left: 12px; }}"
        )

    def earlier(self, count: int) -> None:
        """A line above the messages that brings the older ones."""
        cursor = QTextCursor(self._document)
        cursor.insertText(tr("conversation.earlier", count=count), self._link("earlier:"))

    def add(self, entry: Entry, *, has_quote: bool) -> QTextFrame:
        """Write one message behind all others; returns its frame."""
        cursor = QTextCursor(self._document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        self._flatten(cursor)
        frame = cursor.insertFrame(self._frame_format(entry))
        self._write(frame, entry, has_quote=has_quote)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        self._flatten(cursor)
        return frame

    def rewrite(self, frame: QTextFrame, entry: Entry, *, has_quote: bool) -> None:
        """The same message, folded or unfolded."""
        cursor = frame.firstCursorPosition()
        cursor.setPosition(frame.lastPosition(), QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        cursor.setBlockFormat(QTextBlockFormat())
        cursor.setBlockCharFormat(QTextCharFormat())
        self._write(frame, entry, has_quote=has_quote)

    def _write(self, frame: QTextFrame, entry: Entry, *, has_quote: bool) -> None:
        cursor = frame.firstCursorPosition()
        if entry.kind is MessageKind.EVENT:
            self._event(cursor, entry)
            return
        self._head(cursor, entry)
        cursor = frame.lastCursorPosition()
        self._body(cursor, entry.html, entry.tint)
        if entry.cut:
            self._line(frame.lastCursorPosition(), tr("conversation.whole"), f"whole:{entry.id}")
        if has_quote:
            key = "conversation.hide_quote" if entry.quote_open else "conversation.show_quote"
            self._line(frame.lastCursorPosition(), f"•••  {tr(key)}", f"quote:{entry.id}")
        if entry.quote:
            cursor = frame.lastCursorPosition()
            cursor.insertBlock(QTextBlockFormat())
            self._body(cursor, entry.quote, entry.tint, quoted=True)
        if entry.files:
            self._files(frame.lastCursorPosition(), entry.files)
        self._fate(frame, entry)
        if entry.reasons_open:
            self._reasons(frame, entry)

    def _flatten(self, cursor: QTextCursor) -> None:
        """The line that Qt keeps between two frames takes no room, unless something is written on it."""
        if cursor.block().length() > 1:
            return
        form = QTextBlockFormat()
        form.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor.setBlockFormat(form)
        small = QTextCharFormat()
        small.setFontPointSize(1)
        cursor.setBlockCharFormat(small)

    def _frame_format(self, entry: Entry) -> QTextFrameFormat:
        form = QTextFrameFormat()
        form.setProperty(KIND, entry.kind.value)
        form.setProperty(TINT, entry.tint)
        form.setTopMargin(5)
        form.setBottomMargin(5)
        if entry.kind is MessageKind.EVENT:
            return form
        form.setPadding(12)
        form.setLeftMargin(_INDENT if entry.kind is MessageKind.MAIL_OUT else 2)
        form.setRightMargin(_INDENT if entry.kind in (MessageKind.MAIL_IN, MessageKind.VENDOR) else 2)
        return form

    def _head(self, cursor: QTextCursor, entry: Entry) -> None:
        layout = QTextTableFormat()
        layout.setBorder(0)
        layout.setCellPadding(0)
        layout.setCellSpacing(0)
        layout.setBottomMargin(8)
        layout.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        time_room = QTextLength(QTextLength.Type.FixedLength, 150)
        layout.setColumnWidthConstraints([QTextLength(QTextLength.Type.VariableLength, 0), time_room])
        table = cursor.insertTable(1, 2, layout)
        left, right = table.cellAt(0, 0).firstCursorPosition(), table.cellAt(0, 1).firstCursorPosition()
        self._icon(left, entry.icon, entry.tint)
        left.insertText(f"  {entry.author}", self._text("text", bold=True))
        if entry.address:
            left.insertText(f"   {entry.address}", self._text("muted"))
        left.insertBlock()
        left.insertText(entry.caption, self._text("muted", small=True))
        aligned = QTextBlockFormat()
        aligned.setAlignment(Qt.AlignmentFlag.AlignRight)
        right.setBlockFormat(aligned)
        right.insertText(entry.time, self._text("muted", hint=entry.moment))
        if entry.reasons:
            right.insertBlock(aligned)
            right.insertText(tr("conversation.why"), self._link(f"why:{entry.id}", small=True))

    def _event(self, cursor: QTextCursor, entry: Entry) -> None:
        aligned = QTextBlockFormat()
        aligned.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        cursor.setBlockFormat(aligned)
        words = self._text("muted", small=True, hint=entry.moment)
        start = cursor.position()
        cursor.insertHtml(entry.html)
        end = cursor.position()
        self._calm(start, end, "muted")
        cursor.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeBlockFormat(aligned)
        cursor.setPosition(end)
        cursor.insertText(f"   {entry.author}  ·  {entry.time}", words)

    def _body(self, cursor: QTextCursor, html: str, tint: str, *, quoted: bool = False) -> None:
        start = cursor.position()
        cursor.setCharFormat(self._text("muted" if quoted else "text"))
        cursor.insertHtml(html)
        self._calm(start, cursor.position(), "muted" if quoted else "text", note=tint == "note")

    def _calm(self, start: int, end: int, tint: str, *, note: bool = False) -> None:
        """Words keep their colour and size only where they can be read well on the ground they stand on."""
        theme = self._appearance.theme
        ground = theme["note_area" if note else "panel"]
        block = self._document.findBlock(start)
        normal = self._document.defaultFont().pointSizeF()
        while block.isValid() and block.position() <= end:
            iterator = block.begin()
            while not iterator.atEnd():
                fragment = iterator.fragment()
                if fragment.position() + fragment.length() > start and fragment.position() < end:
                    self._recolour(fragment.position(), fragment.length(), fragment.charFormat(), ground, tint, normal)
                iterator += 1
            block = block.next()

    def _recolour(self, start: int, length: int, form: QTextCharFormat, ground: str, tint: str, normal: float) -> None:
        theme = self._appearance.theme
        wanted = QTextCharFormat()
        told = form.foreground().color().name() if form.hasProperty(_FOREGROUND) else None
        if form.isAnchor():
            wanted.setForeground(theme.colour("link"))
        elif tint != "text" or told is None or contrast(told, ground) < AA_TEXT:
            wanted.setForeground(theme.colour(tint))
        if form.fontFixedPitch() or "mono" in " ".join(form.fontFamilies() or ()).lower():
            wanted.setFontFamilies(monospace().families())
        size = form.fontPointSize()
        if size and not normal * 0.9 <= size <= normal * _LARGEST:
            wanted.setFontPointSize(min(max(size, normal * 0.9), normal * _LARGEST))
        cursor = QTextCursor(self._document)
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(wanted)

    def _files(self, cursor: QTextCursor, files: tuple[AttachmentInfo, ...]) -> None:
        form = QTextBlockFormat()
        form.setTopMargin(8)
        cursor.insertBlock(form)
        theme = self._appearance.theme
        for file in files:
            dangerous = is_dangerous(file.name)
            icon = ("warning", "warning") if dangerous else (picture_of(file.media_type), "muted")
            look = ChipLook(
                file.name,
                size_words(file.size),
                self._appearance.icon(*icon),
                theme.colour("warning" if dangerous else "text"),
                theme.colour("warning" if dangerous else "muted"),
                theme.colour("warning_area" if dangerous else "window"),
                theme.colour("warning" if dangerous else "border"),
            )
            hint = tr("conversation.dangerous", name=file.name) if dangerous else f"{file.name}\n{file.media_type}"
            cursor.insertText(OBJECT_CHARACTER, chip_format(look, f"file:{file.id}", hint))

    def _fate(self, frame: QTextFrame, entry: Entry) -> None:
        """How a mail of ours fares on its way."""
        if not entry.delivered and not entry.trouble:
            return
        cursor = frame.lastCursorPosition()
        form = QTextBlockFormat()
        form.setTopMargin(6)
        cursor.insertBlock(form)
        tint = "danger" if entry.trouble else "muted"
        self._icon(cursor, "warning" if entry.trouble else "check", tint)
        cursor.insertText(f"  {entry.trouble or entry.delivered}", self._text(tint, small=True))
        if entry.can_retry:
            cursor.insertText("   ", self._text("muted"))
            cursor.insertText(tr("conversation.retry"), self._link(f"retry:{entry.id}", small=True))

    def _reasons(self, frame: QTextFrame, entry: Entry) -> None:
        cursor = frame.lastCursorPosition()
        form = QTextBlockFormat()
        form.setTopMargin(8)
        cursor.insertBlock(form)
        cursor.insertText(tr("conversation.why_heading"), self._text("muted", bold=True, small=True))
        plain = QTextBlockFormat()
        plain.setLeftMargin(10)
        for each in entry.reasons:
            cursor.insertBlock(plain)
            cursor.insertText(f"•  {each}", self._text("muted", small=True))
        cursor.insertBlock(form)
        cursor.insertText(tr("conversation.split"), self._link(f"split:{entry.id}", small=True))
        cursor.insertText("      ", self._text("muted"))
        cursor.insertText(tr("conversation.move"), self._link(f"move:{entry.id}", small=True))

    def _line(self, cursor: QTextCursor, words: str, address: str) -> None:
        form = QTextBlockFormat()
        form.setTopMargin(8)
        cursor.insertBlock(form)
        cursor.insertText(words, self._link(address, small=True))

    def _icon(self, cursor: QTextCursor, name: str, tint: str) -> None:
        address = f"icon:{name}-{self._appearance.theme[tint][1:]}"
        picture = self._appearance.icon(name, tint).pixmap(_ICON * 2, _ICON * 2)
        self._document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(address), picture)
        form = QTextImageFormat()
        form.setName(address)
        form.setWidth(_ICON)
        form.setHeight(_ICON)
        form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        cursor.insertImage(form)

    def _text(self, tint: str, *, bold: bool = False, small: bool = False, hint: str = "") -> QTextCharFormat:
        form = QTextCharFormat()
        form.setForeground(self._appearance.theme.colour(tint))
        if bold:
            form.setFontWeight(QFont.Weight.DemiBold)
        form.setFontPointSize(self._document.defaultFont().pointSizeF() * (0.9 if small else 1.0))
        if hint:
            form.setToolTip(hint)
        return form

    def _link(self, address: str, *, small: bool = False) -> QTextCharFormat:
        form = self._text("link", small=small)
        form.setAnchor(True)
        form.setAnchorHref(address)
        return form


def message_of(address: str) -> UUID:
    """The message that a link of a conversation is about."""
    return UUID(address.partition(":")[2])
