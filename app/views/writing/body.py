"""Where an answer is written: rich text of few kinds, by key and by button, and files that are dropped into it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QMimeData, QRect, Qt, QUrl, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QKeySequence,
    QShortcut,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from app.models.records.rich_text import Kind, Paragraph, Style
from app.models.rules.placeholders import placeholders_in
from app.services.mail.html.rich import read_rich
from app.views.kit.appearance import Appearance
from app.views.writing.document import (
    depth_of,
    insert_picture,
    insert_rich,
    kind_of,
    list_of,
    make_list,
    quote_of,
    read_document,
    shape,
    style_format,
    style_of,
)

_BEGUN = re.compile(r"(?:^|[\s(])([/@])([^\s/@]{0,40})$")
_MOST_HTML = 100_000  # characters that are pasted with their formatting: more would hold up the window
_MOST_TEXT = 300_000  # characters that are pasted as words: a log becomes a file
_KEYS = {
    "bold": "Ctrl+B",
    "italic": "Ctrl+I",
    "underline": "Ctrl+U",
    "strike": "Ctrl+Shift+X",
    "bullet": "Ctrl+Shift+8",
    "number": "Ctrl+Shift+7",
    "quote": "Ctrl+Shift+9",
    "code": "Ctrl+Shift+0",
    "link": "Ctrl+Shift+U",
    "clear": "Ctrl+Space",
}
FORMATS = tuple(_KEYS)
"""What can be done to the words that are chosen, in the order of the buttons."""


def keys_of(name: str) -> str:
    return QKeySequence(_KEYS[name]).toString(QKeySequence.SequenceFormat.NativeText)


class Body(QTextEdit):
    """Files and pictures that are pasted or dropped are handed out. `begun` tells that `/` or `@` and some letters were
    typed, with the caret's place; `ended` that they are not there any more. `link_wanted` asks for an address."""

    files_given = Signal(list)
    picture_given = Signal(QImage)
    long_text_given = Signal(str)
    begun = Signal(str, str, QRect)
    ended = Signal()
    link_wanted = Signal(str)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setProperty("role", "body")
        self._marks = _Marks(appearance, self.document())
        for name, keys in _KEYS.items():
            QShortcut(QKeySequence(keys), self, self._does(name), context=Qt.ShortcutContext.WidgetShortcut)
        self.textChanged.connect(self._look)

    def paragraphs(self) -> list[Paragraph]:
        return read_document(self.document())

    def show_paragraphs(self, paragraphs: Sequence[Paragraph], pictures: dict[str, QImage]) -> None:
        """In place of what stands there; the caret is at the end. It cannot be undone."""
        self.clear()
        for name, picture in pictures.items():
            self._keep(name, picture)
        cursor = self.textCursor()
        insert_rich(cursor, paragraphs)
        self.setTextCursor(cursor)
        self.document().clearUndoRedoStacks()

    def insert(self, paragraphs: Sequence[Paragraph], *, instead_of: int = 0) -> None:
        """Put text where the caret is, in place of so many letters before it."""
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, instead_of)
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        insert_rich(cursor, paragraphs)
        cursor.endEditBlock()
        self.setTextCursor(cursor)

    def insert_picture(self, content_id: str, picture: QImage) -> None:
        self._keep(content_id, picture)
        insert_picture(self.textCursor(), content_id)

    def pictures(self, names: Iterable[str]) -> dict[str, QImage]:
        """Those that stand between the words, by their content ids."""
        kind = QTextDocument.ResourceType.ImageResource
        found = {name: self.document().resource(kind, QUrl(f"cid:{name}")) for name in names}
        return {name: picture for name, picture in found.items() if isinstance(picture, QImage)}

    def set_link(self, href: str) -> None:
        """Let the chosen words lead there; without any, the word at the caret, or the address itself."""
        cursor = self.textCursor()
        if not cursor.hasSelection():
            cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        if not cursor.hasSelection():
            cursor.insertText(href, style_format(Style(href=href)))
        elif href:
            cursor.mergeCharFormat(style_format(replace(style_of(cursor.charFormat()), href=href)))
        self.setTextCursor(cursor)

    def apply(self, name: str) -> None:
        """Give the chosen words a format of `FORMATS`, or take it from them."""
        self._does(name)()

    def has(self, name: str) -> bool:
        """Whether the format holds where the caret is."""
        block = self.textCursor().block()
        style = style_of(self.currentCharFormat())
        if name in ("bullet", "number"):
            return kind_of(block).value == name
        if name == "quote":
            return quote_of(block) > 0
        if name == "clear":
            return False
        if name == "link":
            return bool(style.href)
        return bool(getattr(style, name))

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasUrls() or source.hasImage() or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        files = [each.toLocalFile() for each in source.urls() if each.isLocalFile()]
        if files:
            self.files_given.emit(files)
        elif source.hasImage() and not source.text().strip():
            self.picture_given.emit(QImage(source.imageData()))
        elif source.hasHtml() and len(source.html()) <= _MOST_HTML:
            self.insert(read_rich(source.html()))
        elif len(text := source.text()) > _MOST_TEXT:
            self.long_text_given.emit(text)
        else:
            self.insertPlainText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        cursor = self.textCursor()
        key = Qt.Key(event.key())
        leaves = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace) and not event.modifiers()
        if leaves and cursor.block().length() == 1 and self._leave(cursor):
            return
        if event.text().isprintable() and event.text():
            self._end_link(cursor)
        super().keyPressEvent(event)

    def _leave(self, cursor: QTextCursor) -> bool:
        """An empty line of a list, a quote or code becomes a plain one; False where it is one."""
        block = cursor.block()
        if kind_of(block) is Kind.TEXT and not quote_of(block):
            return False
        self._to_plain_line(cursor)
        self.setCurrentCharFormat(QTextCharFormat())
        return True

    def _end_link(self, cursor: QTextCursor) -> None:
        """What is typed behind a link is not part of it."""
        style = style_of(cursor.charFormat())
        if style.href and not cursor.hasSelection():
            after = QTextCursor(cursor)
            if not after.movePosition(QTextCursor.MoveOperation.Right) or style_of(after.charFormat()) != style:
                self.setCurrentCharFormat(style_format(replace(style, href="")))

    def _does(self, name: str) -> Callable[[], None]:
        if name in ("bullet", "number"):
            return lambda: self._toggle_list(Kind(name))
        if name == "quote":
            return self._toggle_quote
        if name == "code":
            return self._toggle_code
        if name == "link":
            return lambda: self.link_wanted.emit(style_of(self.textCursor().charFormat()).href)
        return self._clear if name == "clear" else lambda: self._toggle(name)

    def _toggle(self, name: str) -> None:
        style = style_of(self.currentCharFormat())
        changed: dict[str, Any] = {name: not getattr(style, name)}
        self._wear(replace(style, **changed))

    def _wear(self, style: Style) -> None:
        """Only what differs is changed, so that links and other formats in the choice stay."""
        form = style_format(style)
        if not style.href:
            form.clearForeground()
        self.mergeCurrentCharFormat(form)

    def _toggle_code(self) -> None:
        cursor = self.textCursor()
        lines = list(_lines(cursor))
        style = style_of(self.currentCharFormat())
        if len(lines) == 1 and cursor.hasSelection() and kind_of(lines[0]) is Kind.TEXT:
            if style.code:
                cursor.setCharFormat(style_format(replace(style, code=False)))
            else:
                self._wear(replace(style, code=True))
            return
        kind = Kind.TEXT if kind_of(cursor.block()) is Kind.CODE else Kind.CODE
        self._each_line(lambda line: self._to_code(line, kind))
        self.setCurrentCharFormat(style_format(Style(code=kind is Kind.CODE)))

    def _to_code(self, line: QTextCursor, kind: Kind) -> None:
        self._to_plain_line(line)
        shape(line, kind, 0)
        line.select(QTextCursor.SelectionType.BlockUnderCursor)
        line.setCharFormat(style_format(Style(code=kind is Kind.CODE)))

    def _toggle_quote(self) -> None:
        quote = 0 if quote_of(self.textCursor().block()) else 1
        self._each_line(lambda line: self._to_plain_line(line, quote))

    def _toggle_list(self, kind: Kind) -> None:
        cursor = self.textCursor()
        was = kind_of(cursor.block())
        depth = max(depth_of(cursor.block()), 1)
        self._each_line(self._to_plain_line)
        if was is not kind:
            make_list(self.textCursor(), kind, depth)

    def _clear(self) -> None:
        self._each_line(self._to_plain_line)
        cursor = self.textCursor()
        if cursor.hasSelection():
            cursor.setCharFormat(QTextCharFormat())
        self.setCurrentCharFormat(QTextCharFormat())

    def _each_line(self, change: Callable[[QTextCursor], object]) -> None:
        cursor = self.textCursor()
        cursor.beginEditBlock()
        for block in _lines(cursor):
            change(QTextCursor(block))
        cursor.endEditBlock()

    @staticmethod
    def _to_plain_line(line: QTextCursor, quote: int = 0) -> None:
        in_list = list_of(line.block())
        if in_list is not None:
            in_list.remove(line.block())
        shape(line, Kind.TEXT, quote)

    def _keep(self, content_id: str, picture: QImage) -> None:
        kind = QTextDocument.ResourceType.ImageResource
        self.document().addResource(kind, QUrl(f"cid:{content_id}"), picture)

    def _look(self) -> None:
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        found = _BEGUN.search(before[-60:])
        if found and not cursor.hasSelection():
            self.begun.emit(found[1], found[2], self.cursorRect())
        else:
            self.ended.emit()


class _Marks(QSyntaxHighlighter):
    """Shows which placeholders still want a value."""

    def __init__(self, appearance: Appearance, document: QTextDocument) -> None:
        super().__init__(document)
        self._appearance = appearance
        appearance.changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        form = QTextCharFormat()
        form.setBackground(self._appearance.theme.colour("warning_area"))
        form.setForeground(self._appearance.theme.colour("warning"))
        for start, stop in placeholders_in(text):
            self.setFormat(start, stop - start, form)


def _lines(cursor: QTextCursor) -> Iterator[QTextBlock]:
    """The lines that a choice touches."""
    document = cursor.document()
    block, last = document.findBlock(cursor.selectionStart()), document.findBlock(cursor.selectionEnd())
    while block.isValid() and block.blockNumber() <= last.blockNumber():
        yield block
        block = block.next()
