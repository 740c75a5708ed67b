"""What the picture is made of: cards, lines and the bands of the levels, painted in the theme's colours."""

from enum import Enum
from html import escape

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPen,
    QPolygonF,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.models.records.desk import Level
from app.models.records.trees import Edge, EdgeKind
from app.views.kit.appearance import Appearance
from app.views.kit.theme import Theme
from app.views.tree.layout import Box, Line
from app.views.tree.words import CardWords

LEVEL_TINTS = {Level.L1: "incoming", Level.L2: "outgoing", Level.L3: "note", Level.VENDOR: "muted"}
_TEXT, _SMALL, _TITLE = 13, 12, 14  # pixels at 100 %
_FAR_SMALL, _FAR_TEXT, _FAR_TITLE = 17, 19, 22
_FAR_SMALL_ROW, _FAR_ROW = 22, 24
_PILL, _FAR_PILL = 11, 16
_EDGE, _STRIPE, _RING = 14.0, 5.0, 32.0
_SOON = 0.75
"""From this share of its time on a clock is drawn as running out."""

HANDLE = 8.0
"""The radius of what a line is drawn from."""

_FAR = 0.6
"""Below this zoom a card says less, and larger."""

_READABLE = 0.72
"""Below this zoom the words on lines are left out: they would be specks."""


class Mark(Enum):
    """How a card or a line stands out."""

    NONE = "none"
    WALKED = "walked"
    PLANNED = "planned"


def letters(pixels: int, *, bold: bool = False) -> QFont:
    """The window's own face at a size in the picture's pixels."""
    font = QFont()
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font


class CardItem(QGraphicsItem):
    """A step as a card, with a stripe in `tint`. `badge` says when it is asked in a simulation; empty outside of one.

    From far away it shows fewer words in larger letters.
    """

    def __init__(self, key: str, tint: str, box: Box, words: CardWords, appearance: Appearance) -> None:
        super().__init__()
        self.key, self.words = key, words
        self._tint = tint
        self.badge = ""
        self._handles = False
        self._size = QRectF(0, 0, box.width, box.height)
        self._appearance = appearance
        self.setPos(box.x, box.y)
        self.setZValue(2)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setToolTip(_tooltip(words))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def box(self) -> QRectF:
        """The card itself, in the scene."""
        return self._size.translated(self.pos())

    def set_badge(self, badge: str) -> None:
        self.badge = badge
        self.update()

    def show_handles(self, *, shown: bool) -> None:
        """What lines are drawn from by mouse."""
        self._handles = shown
        self.update()

    def boundingRect(self) -> QRectF:
        return self._size.adjusted(-6, -19, 14, 24)

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRoundedRect(self._size, 8, 8)
        return path

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        theme = self._appearance.theme
        self._paint_frame(painter, theme)
        is_far = option.levelOfDetailFromTransform(painter.worldTransform()) < _FAR
        pixels = _FAR_PILL if is_far else _PILL
        if is_far:
            self._paint_from_afar(painter, theme)
        else:
            self._paint_words(painter, theme)
        if self.words.share is not None:
            self._paint_ring(painter, theme, self.words.share)
        if self.words.current:
            place = QPointF(self._size.width() - 10 - _pill_width(self.words.mark, pixels), -5)
            _pill(painter, theme, place, self.words.mark, ("accent", "on_accent"), pixels)
        if self._handles:
            self._paint_handles(painter, theme)
        if self.badge:
            lower = pixels / 2 + 2 if self.words.warning else 0  # what is said of its cover stays readable
            place = QPointF(self._size.width() - 10 - _pill_width(self.badge, pixels), self._size.height() + lower)
            _pill(painter, theme, place, self.badge, ("warning_area", "warning"), pixels)

    def _paint_frame(self, painter: QPainter, theme: Theme) -> None:
        path = self.shape()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("panel"))
        painter.drawPath(path)
        painter.save()
        painter.setClipPath(path)
        painter.fillRect(QRectF(0, 0, _STRIPE, self._size.height()), theme.colour(self._tint))
        painter.restore()
        tint, width = "control_border", 1.0
        if self.words.walked or self.words.current:
            tint, width = "accent", 2.0
        if self.isSelected():
            tint, width = "focus", 3.0
        painter.setPen(QPen(theme.colour(tint), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        if self.isSelected():
            painter.setPen(QPen(theme.colour("focus"), 1.0, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(self._size.adjusted(-4, -4, 4, 4), 11, 11)

    def _paint_words(self, painter: QPainter, theme: Theme) -> None:
        words, width = self.words, self._size.width() - 2 * _EDGE
        beside_ring = width - (_RING + 8 if words.share is not None else 0)
        _line(painter, QRectF(_EDGE, 11, beside_ring, 18), words.name, letters(_TITLE, bold=True), theme["text"])
        _line(painter, QRectF(_EDGE, 30, beside_ring, 16), words.team, letters(_SMALL), theme["muted"])
        tint = "danger" if words.duty_is_bad else "text"
        self._drawing().render(painter, QRectF(_EDGE, 53, 16, 16))
        bold = letters(_SMALL, bold=True)
        left = QFontMetricsF(bold).horizontalAdvance(words.time_left) + 1 if words.time_left else 0.0
        name = QRectF(_EDGE + 21, 52, width - 21 - (left + 6 if left else 0), 18)
        _line(painter, name, words.duty, letters(_TEXT, bold=words.duty_is_bad), theme[tint])
        if left:
            place = QRectF(_EDGE + width - left, 52, left, 18)
            _line(painter, place, words.time_left, bold, theme[ring_tint(words.share or 0.0)])
        detail = QRectF(_EDGE + 21, 71, width - 21, 16)
        _line(painter, detail, words.duty_detail, letters(_SMALL), theme["muted"])
        if words.warning:
            self._paint_warning(painter, theme)

    def _drawing(self) -> QSvgRenderer:
        if self.words.duty_is_bad:
            return self._appearance.drawing("warning", "danger")
        return self._appearance.drawing("clock" if self.words.is_closed else "person")

    def _paint_from_afar(self, painter: QPainter, theme: Theme) -> None:
        words, width = self.words, self._size.width() - 2 * _EDGE
        beside_ring = width - (_RING + 8 if words.share is not None else 0)
        bold = letters(_FAR_TITLE, bold=True)
        lines = two_lines(words.name, QFontMetricsF(bold), beside_ring)
        for number, line in enumerate(lines):
            _line(painter, QRectF(_EDGE, 7 + 26 * number, beside_ring, 27), line, bold, theme["text"])
        below = 7 + 26 * len(lines)
        room = self._size.height() - below - (31 if words.warning else 4)
        duty, detail = lines_in_room(words.duty, words.duty_detail, room, width)
        tint = "danger" if words.duty_is_bad else "text"
        for number, line in enumerate(duty):
            box = QRectF(_EDGE, below + _FAR_ROW * number, width, _FAR_ROW)
            _line(painter, box, line, letters(_FAR_TEXT), theme[tint])
        below += _FAR_ROW * len(duty)
        for number, line in enumerate(detail):
            box = QRectF(_EDGE, below + _FAR_SMALL_ROW * number, width, _FAR_SMALL_ROW)
            _line(painter, box, line, letters(_FAR_SMALL), theme["muted"])
        if words.warning:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("warning_area"))
            strip = QRectF(_EDGE - 4, self._size.height() - 27, width + 8, 23)
            painter.drawRoundedRect(strip, 5, 5)
            inner = strip.adjusted(6, 0, -4, 0)
            _line(painter, inner, words.warning, letters(_FAR_SMALL), theme["warning"])

    def _paint_warning(self, painter: QPainter, theme: Theme) -> None:
        strip = QRectF(_EDGE - 4, self._size.height() - 30, self._size.width() - 2 * _EDGE + 8, 22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("warning_area"))
        painter.drawRoundedRect(strip, 5, 5)
        icon = QRectF(strip.x() + 5, strip.y() + 3, 16, 16)
        self._appearance.drawing("warning", "warning").render(painter, icon)
        words = strip.adjusted(26, 0, -6, 0)
        _line(painter, words, self.words.warning, letters(_SMALL), theme["warning"])

    def _paint_ring(self, painter: QPainter, theme: Theme, share: float) -> None:
        """A full ring is a promise used up."""
        ring = QRectF(self._size.width() - _EDGE - _RING + 2, 11, _RING - 2, _RING - 2).adjusted(3, 3, -3, -3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("border"), 5))
        painter.drawEllipse(ring)
        pen = QPen(theme.colour(ring_tint(share)), 5)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawArc(ring, 90 * 16, -round(min(share, 1.0) * 360 * 16))
        if share >= 1:
            _line(painter, ring, "!", letters(_TITLE, bold=True), theme["danger"], Qt.AlignmentFlag.AlignCenter)

    def _paint_handles(self, painter: QPainter, theme: Theme) -> None:
        painter.setBrush(theme.colour("panel"))
        painter.setPen(QPen(theme.colour("focus"), 1.6))
        size = self._size
        for middle in (QPointF(size.right(), size.center().y()), QPointF(size.center().x(), size.top())):
            painter.drawEllipse(middle, HANDLE, HANDLE)
            painter.drawLine(middle - QPointF(4, 0), middle + QPointF(4, 0))
            painter.drawLine(middle - QPointF(0, 4), middle + QPointF(0, 4))


class LineItem(QGraphicsItem):
    """An edge as a curve with a head; dashed where it leads to a manager. `label` says when it is taken."""

    def __init__(self, line: Line, label: str, spoken: str, appearance: Appearance) -> None:
        super().__init__()
        self.edge: Edge = line.edge
        self.mark = Mark.NONE
        self._label, self._label_at = label, QPointF(*line.label_at)
        self._appearance = appearance
        self._path = QPainterPath(QPointF(*line.start))
        for one, two, end in line.pieces:
            self._path.cubicTo(QPointF(*one), QPointF(*two), QPointF(*end))
        self._head = _head(line)
        stroker = QPainterPathStroker()
        stroker.setWidth(14)
        self._touch = stroker.createStroke(self._path)
        self.setZValue(1)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setToolTip(f"<span>{escape(spoken)}</span>")

    def set_mark(self, mark: Mark) -> None:
        self.mark = mark
        self.setZValue(1 if mark is Mark.NONE else 1.5)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._touch.boundingRect().united(self._label_box()).adjusted(-4, -4, 4, 4)

    def shape(self) -> QPainterPath:
        return self._touch

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        theme = self._appearance.theme
        tint, width = self._stroke()
        pen = QPen(theme.colour(tint), width)
        if self.edge.kind is EdgeKind.HIERARCHIC:
            pen.setDashPattern([5, 3.5])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        painter.drawPath(self._path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(tint))
        painter.drawPolygon(self._head)
        if self._label and option.levelOfDetailFromTransform(painter.worldTransform()) >= _READABLE:
            self._paint_label(painter, theme)

    def _stroke(self) -> tuple[str, float]:
        if self.isSelected():
            return "focus", 3.0
        return {
            Mark.NONE: ("muted", 1.2),
            Mark.WALKED: ("accent", 3.0),
            Mark.PLANNED: ("note", 3.0),
        }[self.mark]

    def _label_box(self) -> QRectF:
        if not self._label:
            return QRectF()
        width = min(84.0, QFontMetricsF(letters(11)).horizontalAdvance(self._label) + 10)
        box = QRectF(0, 0, width, 17)
        box.moveCenter(self._label_at)
        return box

    def _paint_label(self, painter: QPainter, theme: Theme) -> None:
        box = self._label_box()
        painter.setBrush(theme.colour("window"))
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawRoundedRect(box, 5, 5)
        inner = box.adjusted(4, 0, -4, 0)
        _line(painter, inner, self._label, letters(11), theme["muted"], Qt.AlignmentFlag.AlignCenter)


class BandItem(QGraphicsItem):
    """The ground that the cards of a level stand on, with its name above."""

    def __init__(self, level: Level, name: str, box: Box, appearance: Appearance) -> None:
        super().__init__()
        self._level, self._name, self._appearance = level, name, appearance
        self._rect = QRectF(box.x, box.y, box.width, box.height)
        self.setZValue(0)

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(-1, -1, 1, 1)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        theme = self._appearance.theme
        is_far = option.levelOfDetailFromTransform(painter.worldTransform()) < _FAR
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(self._rect, 12, 12)
        painter.setBrush(theme.colour(LEVEL_TINTS[self._level]))
        painter.drawRoundedRect(QRectF(self._rect.x() + 22, self._rect.y() + 11, 10, 10), 3, 3)
        words = QRectF(self._rect.x() + 38, self._rect.y() + 2, self._rect.width() - 50, 28)
        _line(painter, words, self._name, letters(_FAR_TEXT if is_far else _SMALL, bold=True), theme["muted"])


def two_lines(words: str, metrics: QFontMetricsF, width: float) -> list[str]:
    """`words` on one line, or broken between two of them onto a second one."""
    parts = words.split(" ")
    fitting = [n for n in range(1, len(parts) + 1) if metrics.horizontalAdvance(" ".join(parts[:n])) <= width]
    cut = fitting[-1] if fitting else 1
    return [each for each in (" ".join(parts[:cut]), " ".join(parts[cut:])) if each]


def lines_in_room(duty: str, detail: str, room: float, width: float) -> tuple[list[str], list[str]]:
    """Who is there and until when, from afar: on two lines each where the height has room, who is there first."""
    short = two_lines(duty, QFontMetricsF(letters(_FAR_TEXT)), width)
    small = two_lines(detail, QFontMetricsF(letters(_FAR_SMALL)), width)
    room -= _FAR_ROW + (_FAR_SMALL_ROW if detail else 0)
    if len(short) > 1 and room < _FAR_ROW:
        short = [duty]
    room -= _FAR_ROW * (len(short) - 1)
    return short, small if room >= _FAR_SMALL_ROW * (len(small) - 1) else [detail]


def ring_tint(share: float) -> str:
    """The colour of a ring that is used up so far."""
    if share >= 1:
        return "danger"
    return "warning" if share >= _SOON else "success"


def _tooltip(words: CardWords) -> str:
    """All of its words, for a card cuts what is too long; escaped, since names are anybody's text."""
    lines = (words.name, words.team, words.duty, words.duty_detail, words.time_left, words.warning)
    return "<br>".join(f"<span>{escape(each)}</span>" for each in lines if each)


def _line(
    painter: QPainter,
    box: QRectF,
    words: str,
    font: QFont,
    colour: str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignVCenter,
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    cut = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, box.width() + 0.5)
    painter.drawText(box, int(align) | int(Qt.TextFlag.TextSingleLine), cut)


def _pill_width(words: str, pixels: int) -> float:
    return QFontMetricsF(letters(pixels, bold=True)).horizontalAdvance(words) + 16


def _pill(painter: QPainter, theme: Theme, left: QPointF, words: str, tints: tuple[str, str], pixels: int) -> None:
    """Words on a rounded ground (`tints`: ground and ink) that lies on the card's edge; `left` is its middle there."""
    height = pixels + 8.0
    box = QRectF(left.x(), left.y() - height / 2, _pill_width(words, pixels), height)
    painter.setPen(QPen(theme.colour("panel"), 1.5))
    painter.setBrush(theme.colour(tints[0]))
    painter.drawRoundedRect(box, height / 2, height / 2)
    _line(painter, box, words, letters(pixels, bold=True), theme[tints[1]], Qt.AlignmentFlag.AlignCenter)


def _head(line: Line) -> QPolygonF:
    """The head of an arrow at the end of a line, in the direction that it comes in."""
    end, before = QPointF(*line.end), QPointF(*line.points(24)[-2])
    way = end - before
    length = max((way.x() ** 2 + way.y() ** 2) ** 0.5, 1e-6)
    along = QPointF(way.x() / length, way.y() / length)
    aside = QPointF(-along.y(), along.x())
    return QPolygonF([end, end - along * 9 + aside * 4.5, end - along * 9 - aside * 4.5])
