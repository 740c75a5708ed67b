"""Rich text in and out of Qt's document: what an answer may have is written into it, and nothing else is read back."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QImage,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextImageFormat,
    QTextList,
    QTextListFormat,
)

from app.models.records.rich_text import Kind, Paragraph, Run, Style
from app.views.kit.appearance import monospace

_CODE, _QUOTE, _WORDS = (int(QTextFormat.Property.UserProperty) + place for place in (1, 2, 3))
_INDENT = 18  # pixels, for each level of a quote
_WIDEST = 420
_LINE_ENDS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\ufffc": ""})
_LISTS = {Kind.BULLET: QTextListFormat.Style.ListDisc, Kind.NUMBER: QTextListFormat.Style.ListDecimal}


def read_document(document: QTextDocument) -> list[Paragraph]:
    """What stands in the document, line by line."""
    return [_paragraph(each) for each in _blocks(document)]


def insert_rich(cursor: QTextCursor, paragraphs: Sequence[Paragraph]) -> None:
    """Put paragraphs where the cursor is, as one step of undoing. The first goes on in the line that is there."""
    cursor.beginEditBlock()
    lists: list[QTextList] = []
    for place, each in enumerate(paragraphs):
        if place:
            cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        if place or cursor.block().length() == 1:
            shape(cursor, each.kind, each.quote)
            lists = _listed(cursor, each, lists)
        for run in each.runs:
            _insert(cursor, run)
    cursor.endEditBlock()


def insert_picture(cursor: QTextCursor, content_id: str, words: str = "") -> None:
    """Show a picture, which the document has under its content id, between the words."""
    _insert(cursor, Run(words, picture=content_id))


def shape(cursor: QTextCursor, kind: Kind, quote: int) -> None:
    """Make the cursor's line plain, quoted so deep, or code; out of a list, if it was in one."""
    form = QTextBlockFormat()
    form.setLeftMargin(_INDENT * quote)
    if quote:
        form.setProperty(_QUOTE, quote)
    if kind is Kind.CODE:
        form.setProperty(_CODE, 1)
    cursor.setBlockFormat(form)
    face = style_format(Style(code=True)) if kind is Kind.CODE else QTextCharFormat()
    cursor.setBlockCharFormat(face)


def style_format(style: Style) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setFontWeight(QFont.Weight.Bold if style.bold else QFont.Weight.Normal)
    form.setFontItalic(style.italic)
    form.setFontUnderline(style.underline)
    form.setFontStrikeOut(style.strike)
    if style.code:
        form.setFontFamilies(monospace().families())
        form.setProperty(_CODE, 1)
    if style.href:
        form.setAnchor(True)
        form.setAnchorHref(style.href)
        form.setFontUnderline(True)
        form.setForeground(QGuiApplication.palette().link())
    return form


def style_of(form: QTextCharFormat) -> Style:
    href = form.anchorHref() if form.isAnchor() else ""
    return Style(
        bold=form.fontWeight() >= QFont.Weight.DemiBold,
        italic=form.fontItalic(),
        underline=form.fontUnderline() and not href,
        strike=form.fontStrikeOut(),
        code=form.hasProperty(_CODE),
        href=href,
    )


def list_of(block: QTextBlock) -> QTextList | None:
    return block.textList()


def kind_of(block: QTextBlock) -> Kind:
    in_list = list_of(block)
    if in_list is not None:
        return Kind.NUMBER if in_list.format().style() == QTextListFormat.Style.ListDecimal else Kind.BULLET
    return Kind.CODE if block.blockFormat().hasProperty(_CODE) else Kind.TEXT


def quote_of(block: QTextBlock) -> int:
    return int(block.blockFormat().property(_QUOTE) or 0)


def depth_of(block: QTextBlock) -> int:
    in_list = list_of(block)
    return in_list.format().indent() if in_list is not None else 0


def make_list(cursor: QTextCursor, kind: Kind, depth: int = 1) -> QTextList:
    form = QTextListFormat()
    form.setStyle(_LISTS[kind])
    form.setIndent(depth)
    return cursor.createList(form)


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _paragraph(block: QTextBlock) -> Paragraph:
    kind = kind_of(block)
    runs = tuple(_runs(block, in_code=kind is Kind.CODE))
    return Paragraph(runs, kind, depth_of(block), quote_of(block))


def _runs(block: QTextBlock, *, in_code: bool) -> Iterator[Run]:
    place = block.begin()
    while not place.atEnd():
        piece = place.fragment()
        form = piece.charFormat()
        if form.isImageFormat():
            name = form.toImageFormat().name()
            yield Run(str(form.property(_WORDS) or ""), picture=name.removeprefix("cid:"))
        else:
            text = piece.text().translate(_LINE_ENDS)
            yield Run(text) if in_code else Run(text, style_of(form))
        place += 1


def _listed(cursor: QTextCursor, paragraph: Paragraph, lists: list[QTextList]) -> list[QTextList]:
    """The lists that are open after this line, the outermost first."""
    if not paragraph.depth:
        return []
    kept = lists[: paragraph.depth]
    form = _LISTS[paragraph.kind]
    if len(kept) == paragraph.depth and kept[-1].format().style() == form:
        kept[-1].add(cursor.block())
        return kept
    new = make_list(cursor, paragraph.kind, paragraph.depth)
    return [*(kept + [new] * paragraph.depth)[: paragraph.depth - 1], new]


def _insert(cursor: QTextCursor, run: Run) -> None:
    if not run.picture:
        cursor.insertText(run.text, style_format(run.style))
        return
    form = QTextImageFormat()
    form.setName(f"cid:{run.picture}")
    form.setProperty(_WORDS, run.text)
    picture = cursor.document().resource(QTextDocument.ResourceType.ImageResource, QUrl(form.name()))
    if isinstance(picture, QImage) and picture.width() > _WIDEST:
        form.setWidth(_WIDEST)
    cursor.insertImage(form)
