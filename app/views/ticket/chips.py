"""Attachments in the text of a conversation: each a chip with its picture, its name and its size."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QIcon,
    QPainter,
    QPen,
    QPyTextObject,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
    QTextObjectInterface,
)

CHIP = int(QTextFormat.ObjectTypes.UserObject) + 1
_LOOK = int(QTextFormat.Property.UserProperty) + 1
OBJECT_CHARACTER = "\ufffc"
_HEIGHT, _PICTURE, _EDGE, _GAP, _WIDEST = 30.0, 16.0, 9.0, 7.0, 320.0


@dataclass(frozen=True, slots=True)
class ChipLook:
    """What a chip shows, in its colours."""

    name: str
    size: str
    icon: QIcon
    text: QColor
    muted: QColor
    ground: QColor
    edge: QColor


def chip_format(look: ChipLook, address: str, hint: str) -> QTextCharFormat:
    """For `OBJECT_CHARACTER`; clicking it opens `address`."""
    chip = QTextCharFormat()
    chip.setObjectType(CHIP)
    chip.setProperty(_LOOK, look)
    chip.setAnchor(True)
    chip.setAnchorHref(address)
    chip.setToolTip(hint)
    chip.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
    return chip


class ChipPainter(QPyTextObject):
    """Draws chips; register it with the document's layout under `CHIP`."""

    def intrinsicSize(self, document: QTextDocument, _position: int, form: QTextFormat) -> QSizeF:
        look = _look(form)
        metrics = QFontMetricsF(document.defaultFont())
        size = metrics.horizontalAdvance(look.size)
        width = 2 * _EDGE + _PICTURE + 2 * _GAP + metrics.horizontalAdvance(look.name) + size
        return QSizeF(min(width, _WIDEST) + 6, _HEIGHT + 4)

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, document: QTextDocument, _position: int, form: QTextFormat
    ) -> None:
        look = _look(form)
        box = QRectF(rect.x() + 0.5, rect.y() + 2.5, rect.width() - 7, _HEIGHT - 1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.edge, 1))
        painter.setBrush(look.ground)
        painter.drawRoundedRect(box, 6, 6)
        at = QPointF(box.x() + _EDGE, box.center().y() - _PICTURE / 2)
        look.icon.paint(painter, QRectF(at, QSizeF(_PICTURE, _PICTURE)).toRect())
        self._write(painter, box, look, document.defaultFont())
        painter.restore()

    @staticmethod
    def _write(painter: QPainter, box: QRectF, look: ChipLook, face: QFont) -> None:
        metrics = QFontMetricsF(face)
        size = metrics.horizontalAdvance(look.size)
        room = box.adjusted(_EDGE + _PICTURE + _GAP, 0, -_EDGE, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(face)
        painter.setPen(look.muted)
        painter.drawText(room, int(middle | Qt.AlignmentFlag.AlignRight), look.size)
        painter.setPen(look.text)
        name = metrics.elidedText(look.name, Qt.TextElideMode.ElideMiddle, room.width() - size - _GAP + 1)
        painter.drawText(room, int(middle | Qt.AlignmentFlag.AlignLeft), name)


def _look(form: QTextFormat) -> ChipLook:
    look: Any = form.property(_LOOK)
    assert isinstance(look, ChipLook)
    return look


def register(document: QTextDocument, painter: ChipPainter) -> None:
    """Let `painter` draw the chips of `document`; the caller keeps it alive."""
    assert isinstance(painter, QTextObjectInterface)
    document.documentLayout().registerHandler(CHIP, painter)
