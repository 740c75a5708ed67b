"""Shows a conversation and loads nothing by itself: neither from the network nor from the disk."""

from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt, QUrl
from PySide6.QtGui import (
    QImage,
    QImageReader,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
    QTextDocument,
    QTextFrame,
)
from PySide6.QtWidgets import QTextBrowser, QWidget

from app.models.records.tickets import MessageKind
from app.views.kit.appearance import Appearance
from app.views.ticket.document import KIND, TINT
from app.views.ticket.mail_html import WIDEST

_ROUND = 8.0
_BAR = 4.0
_NEARLY = 4
_LARGEST_PICTURE = 64  # megabytes of memory that decoding one picture may take
_DATA = "data:"
_REMOTE = ("http://", "https://")


class ConversationBrowser(QTextBrowser):
    """Its pictures are those put into `pictures`, by content id or address, and the `data:` ones of a mail itself.

    `asked_for` are the addresses on the network that the text names: only those the reader allowed are in it.
    """

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.pictures: dict[str, QImage] = {}
        self.asked_for: list[str] = []
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        address = name.toString(QUrl.ComponentFormattingOption.FullyEncoded) if isinstance(name, QUrl) else name
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return None
        if address.startswith(_DATA):
            return picture_of_address(address)
        if address.startswith(_REMOTE) and address not in self.asked_for:
            self.asked_for.append(address)
        return self.pictures.get(address.removeprefix("cid:")) or _nothing()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Who reads the end still sees the end when the composer opens below."""
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - _NEARLY
        super().resizeEvent(event)
        if at_end:
            bar.setValue(bar.maximum())

    def paintEvent(self, event: QPaintEvent) -> None:
        self._paint_cards(event)
        super().paintEvent(event)

    def _paint_cards(self, event: QPaintEvent) -> None:
        layout = self.document().documentLayout()
        shift = QPointF(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for frame in self.document().rootFrame().childFrames():
            form = frame.frameFormat()
            if not form.hasProperty(KIND) or form.property(KIND) == MessageKind.EVENT.value:
                continue
            card = layout.frameBoundingRect(frame).translated(shift)
            if card.intersects(QRectF(event.rect())):
                self._paint_card(painter, _within(card, frame), str(form.property(KIND)), str(form.property(TINT)))
        painter.end()

    def _paint_card(self, painter: QPainter, card: QRectF, kind: str, tint: str) -> None:
        theme = self._appearance.theme
        shape = QPainterPath()
        shape.addRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)
        painter.fillPath(shape, theme.colour("note_area" if kind == MessageKind.NOTE.value else "panel"))
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(QRectF(card.x(), card.y(), _BAR, card.height()), theme.colour(tint))
        painter.restore()
        painter.setPen(theme.colour("border"))
        painter.drawPath(shape)


def picture_of(content: bytes) -> QImage:
    """A picture, no wider than the column; none where it cannot be read, or would fill the memory."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    QImageReader.setAllocationLimit(_LARGEST_PICTURE)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.width() > WIDEST:
        reader.setScaledSize(QSize(WIDEST, max(1, size.height() * WIDEST // size.width())))
    return reader.read()


def picture_of_address(address: str) -> QImage:
    """The picture inside a `data:` address."""
    head, _, body = address.partition(",")
    packed = QByteArray.fromPercentEncoding(QByteArray(body.encode()))
    return picture_of(bytes((QByteArray.fromBase64(packed) if head.endswith(";base64") else packed).data()))


def _within(card: QRectF, frame: QTextFrame) -> QRectF:
    form = frame.frameFormat()
    return card.adjusted(form.leftMargin(), form.topMargin(), -form.rightMargin(), -form.bottomMargin())


def _nothing() -> QImage:
    """In place of what was not given: one clear dot, so that Qt draws no broken-picture sign."""
    dot = QImage(1, 1, QImage.Format.Format_ARGB32)
    dot.fill(Qt.GlobalColor.transparent)
    return dot
