"""The steps of a ticket's way in one row: walked, where it is, next, and what may follow."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.models.records.handoffs import Place
from app.views.escalating.way_words import StepWords
from app.views.kit.appearance import Appearance

_HEIGHT, _EDGE, _GAP, _ARROW, _FEW = 26, 9, 6, 18, 34
"""`_FEW`: a name with less room than this says nothing, and is left out."""
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


class WayRow(QWidget):
    """`activated` asks for the whole tree: by Return, Space or a click. Names are cut where there is too little room,
    those of later steps first; each step's tooltip says all of it."""

    activated = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._steps: list[StepWords] = []
        self._boxes: list[QRectF] = []
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT + 4)

    def show_steps(self, steps: Sequence[StepWords], spoken: str) -> None:
        self._steps = list(steps)
        self.setAccessibleName(spoken)
        self.update()

    @property
    def steps(self) -> Sequence[StepWords]:
        return tuple(self._steps)

    def sizeHint(self) -> QSize:
        return QSize(int(sum(self._whole(each) + _ARROW for each in self._steps)), _HEIGHT + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _HEIGHT + 4)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            told = zip(self._boxes, self._steps, strict=False)
            QToolTip.showText(
                event.globalPos(), next((s.spoken for box, s in told if box.contains(event.pos())), ""), self
            )
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.pos()):
            self.activated.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._boxes = []
        left = 1.0
        for place, (step, width) in enumerate(zip(self._steps, self._widths(), strict=True)):
            if place:
                self._arrow(painter, left)
                left += _ARROW
            box = QRectF(left, 2, width, _HEIGHT)
            self._pill(painter, box, step)
            self._boxes.append(box)
            left += width
        if self.hasFocus():
            painter.setPen(QPen(self._appearance.theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(1, 1, min(left, self.width() - 2), _HEIGHT + 2), 7, 7)
        painter.end()

    def _widths(self) -> list[float]:
        """As wide as their words where that fits; else who is there goes first, and then the names are cut, those
        that are farthest from where the ticket is before the others."""
        room = self.width() - 2 - _ARROW * max(0, len(self._steps) - 1)
        for told in (_matters, _is_here, _nowhere):
            widths = [self._whole(each) if told(each) else self._without_who(each) for each in self._steps]
            if sum(widths) <= room:
                return widths
        for place in sorted(range(len(widths)), key=lambda each: (_matters(self._steps[each]), -each)):
            over = sum(widths) - room
            if over <= 0:
                break
            widths[place] = max(self._tag_alone(self._steps[place]), widths[place] - over)
        return widths

    def _whole(self, step: StepWords) -> float:
        return self._without_who(step) + self._small().horizontalAdvance(step.who) + _GAP

    def _tag_alone(self, step: StepWords) -> float:
        return 2 * _EDGE + self._small().horizontalAdvance(step.tag) + 2

    def _without_who(self, step: StepWords) -> float:
        return (
            2 * _EDGE
            + self._small().horizontalAdvance(step.tag)
            + _GAP
            + self._bold(step).horizontalAdvance(step.name)
            + 2
        )

    def _face(self, step: StepWords) -> QFont:
        face = QFont(self.font())
        face.setBold(step.place is Place.CURRENT)
        return face

    def _bold(self, step: StepWords) -> QFontMetrics:
        return QFontMetrics(self._face(step))

    def _small_face(self) -> QFont:
        face = QFont(self.font())
        face.setPointSizeF(face.pointSizeF() * 0.9)
        return face

    def _small(self) -> QFontMetrics:
        return QFontMetrics(self._small_face())

    def _pill(self, painter: QPainter, box: QRectF, step: StepWords) -> None:
        theme = self._appearance.theme
        ground, text, edge, style = _LOOKS[step.place]
        pen = QPen(theme.colour(edge), 1, style)
        painter.setPen(pen)
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        small, room = self._small(), box.adjusted(_EDGE, 0, -_EDGE, 0)
        muted = theme.colour("muted" if step.place is not Place.CURRENT else text)
        room = self._write(painter, room, self._small_face(), step.tag, muted)
        who = step.who if box.width() >= self._whole(step) - 1 and _matters(step) else ""
        name = room.adjusted(0, 0, -(small.horizontalAdvance(who) + _GAP) if who else 0, 0)
        if name.width() >= min(_FEW, self._bold(step).horizontalAdvance(step.name)):
            room.setLeft(self._write(painter, name, self._face(step), step.name, theme.colour(text)).left())
        if who:
            self._write(painter, room, self._small_face(), who, theme.colour("danger") if step.is_bad else muted)

    def _write(self, painter: QPainter, room: QRectF, face: QFont, words: str, colour: QColor) -> QRectF:
        """Returns what room is left."""
        metrics = QFontMetrics(face)
        told = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()) + 1)
        painter.setFont(face)
        painter.setPen(colour)
        painter.drawText(room, _MIDDLE, told)
        return room.adjusted(metrics.horizontalAdvance(told) + _GAP, 0, 0, 0)

    def _arrow(self, painter: QPainter, left: float) -> None:
        middle = QPointF(left + _ARROW / 2, 2 + _HEIGHT / 2)
        painter.setPen(QPen(self._appearance.theme.colour("muted"), 1.6))
        painter.drawPolyline([middle + QPointF(-2.5, -4.5), middle + QPointF(2, 0), middle + QPointF(-2.5, 4.5)])


_SOLID, _DASHED = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine
_LOOKS = {
    Place.WALKED: ("sunken", "text", "border", _SOLID),
    Place.CURRENT: ("selection", "on_selection", "accent", _SOLID),
    Place.NEXT: ("panel", "text", "control_border", _SOLID),
    Place.LATER: ("panel", "muted", "control_border", _DASHED),
}
"""By how far it is: ground, words, edge, and how that is drawn."""


def _matters(step: StepWords) -> bool:
    """Whether one wants to know who is there."""
    return step.place in (Place.CURRENT, Place.NEXT)


def _is_here(step: StepWords) -> bool:
    return step.place is Place.CURRENT


def _nowhere(_step: StepWords) -> bool:
    return False
