"""What the mouse does to the picture while it is edited: a card is moved, a line is drawn from a card's handle."""

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene

from app.models.records.trees import EdgeKind
from app.views.kit.appearance import Appearance
from app.views.tree.items import HANDLE, CardItem

_FAR_ENOUGH = 6.0
"""Pixels that the mouse goes before it is a move and no click."""


class Hand(QObject):
    """`connected` brings both ends and the kind of a line that was drawn, `placed` a card that was moved."""

    connected = Signal(str, str, EdgeKind)
    placed = Signal(str, float, float)

    def __init__(self, scene: QGraphicsScene, appearance: Appearance) -> None:
        super().__init__(scene)
        self._scene, self._appearance = scene, appearance
        self._card: CardItem | None = None
        self._kind: EdgeKind | None = None
        self._pressed, self._began = QPointF(), QPointF()
        self._is_moving = False
        self._rubber: QGraphicsPathItem | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something is held."""
        return self._card is not None

    def press(self, at: QPointF, card: CardItem | None) -> bool:
        """Whether a line begins there."""
        self._card, self._pressed, self._is_moving = card, at, False
        if card is None:
            return False
        self._began = card.pos()
        self._kind = handle_at(card.box, at)
        if self._kind is None:
            return False
        self._rubber = QGraphicsPathItem()
        self._rubber.setZValue(5)
        pen = QPen(self._appearance.theme.colour("focus"), 2.5)
        if self._kind is EdgeKind.HIERARCHIC:
            pen.setDashPattern([4, 3])
        self._rubber.setPen(pen)
        self._scene.addItem(self._rubber)
        return True

    def move(self, at: QPointF) -> bool:
        """Whether the mouse is about something of ours."""
        if self._card is None:
            return False
        if self._rubber is not None and self._kind is not None:
            path = QPainterPath(handle_place(self._card.box, self._kind))
            path.lineTo(at)
            self._rubber.setPath(path)
            return True
        way = at - self._pressed
        self._is_moving = self._is_moving or way.manhattanLength() > _FAR_ENOUGH
        if self._is_moving:
            self._card.setPos(self._began + way)
        return self._is_moving

    def release(self, at: QPointF, over: CardItem | None) -> bool:
        """Whether a line was drawn or a card moved."""
        card, kind, moved, drew = self._card, self._kind, self._is_moving, self._rubber is not None
        self.forget()
        if card is None:
            return False
        if drew and kind is not None:
            if over is not None and over is not card:
                self.connected.emit(card.key, over.key, kind)
            return True
        if moved:
            place = self._began + at - self._pressed
            self.placed.emit(card.key, place.x(), place.y())
        return moved

    def forget(self) -> None:
        """The mouse was let go."""
        if self._rubber is not None:
            self._scene.removeItem(self._rubber)
        self._card, self._rubber, self._is_moving = None, None, False


def handle_place(card: QRectF, kind: EdgeKind) -> QPointF:
    """Where a line of that kind is drawn from: the right side, or the top for those who lead."""
    if kind is EdgeKind.FUNCTIONAL:
        return QPointF(card.right(), card.center().y())
    return QPointF(card.center().x(), card.top())


def handle_at(card: QRectF, at: QPointF) -> EdgeKind | None:
    for kind in EdgeKind:
        way = at - handle_place(card, kind)
        if way.manhattanLength() <= HANDLE * 1.6:
            return kind
    return None
