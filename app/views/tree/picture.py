"""The window on the picture: zoom, pan, fit, and the way through it by keyboard."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.tree.items import CardItem
from app.views.tree.scene import TreeScene
from app.views.tree.walking import Way, neighbour, reading_order

LEAST, MOST = 0.15, 3.0
_STEP = 1.2
_LEGIBLE, _READING = 0.34, 0.5
_NOTCH = 120.0
_ARROWS = {
    Qt.Key.Key_Left: Way.LEFT,
    Qt.Key.Key_Right: Way.RIGHT,
    Qt.Key.Key_Up: Way.UP,
    Qt.Key.Key_Down: Way.DOWN,
}


class TreePicture(QGraphicsView):
    """`opened` asks for the details of what is chosen, `zoomed` brings the zoom in percent.

    Ctrl and the wheel, + and - zoom, 0 shows all of it, 1 shows it at its own size. Arrows go from card to card,
    Home and End to the first and the last. With Ctrl arrows move the picture; so does dragging where nothing is.
    """

    opened = Signal()
    zoomed = Signal(int)

    def __init__(self, scene: TreeScene, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._tree = scene
        self._appearance = appearance
        self._fitted = True
        self._is_pressing = False
        self.setAccessibleName(tr("tree_view.picture"))
        self.setAccessibleDescription(tr("tree_view.picture_hint"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.BoundingRectViewportUpdate)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        scene.chosen.connect(self._reveal)
        scene.sceneRectChanged.connect(self._fit_again)

    @property
    def zoom(self) -> float:
        return float(self.transform().m11())

    def fit(self) -> None:
        """All of it, no larger than its own size."""
        self._fitted = True
        whole = self._tree.whole()
        room = self.viewport().rect()
        scale = min(room.width() / whole.width(), room.height() / whole.height(), 1.0)
        self._set_zoom(max(LEAST, scale))
        self.centerOn(whole.center())

    def begin(self) -> None:
        """All of it where it can be read so, else what is around the chosen card."""
        self.fit()
        if self.zoom < _LEGIBLE:
            self.zoom_by(_READING / self.zoom)
            for item in self._tree.selectedItems():
                self.centerOn(item)

    def zoom_by(self, factor: float) -> None:
        """Larger or smaller, around what is chosen or else the middle."""
        self._fitted = False
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self._set_zoom(max(LEAST, min(MOST, self.zoom * factor)))
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)

    def zoom_in(self) -> None:
        self.zoom_by(_STEP)

    def zoom_out(self) -> None:
        self.zoom_by(1 / _STEP)

    def actual_size(self) -> None:
        self.zoom_by(1 / self.zoom)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier & ~Qt.KeyboardModifier.ShiftModifier
        if not plain and self._run(Qt.Key(event.key())):
            event.accept()
        else:
            super().keyPressEvent(event)

    def _run(self, key: Qt.Key) -> bool:
        if key in _ARROWS:
            self._go(_ARROWS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            order = reading_order(self._tree.layout)
            self._tree.choose(order[0 if key == Qt.Key.Key_Home else -1] if order else None)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self.zoom_out()
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_1:
            self.actual_size()
        else:
            return False
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._fitted = False
            factor = _STEP ** (event.angleDelta().y() / _NOTCH)
            self._set_zoom(max(LEAST, min(MOST, self.zoom * factor)))
            event.accept()
        else:
            super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._fitted = False
            self._set_zoom(max(LEAST, min(MOST, self.zoom * (1 + event.value()))))
            return True
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """What is clicked is in sight; the picture must not move under the mouse."""
        self._is_pressing = True
        super().mousePressEvent(event)
        self._is_pressing = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.itemAt(event.position().toPoint()) is not None and self._tree.current is not None:
            self.opened.emit()
        super().mouseDoubleClickEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A picture that was shown as a whole is shown as a whole again."""
        super().resizeEvent(event)
        self._fit_again()

    def _fit_again(self) -> None:
        if self._fitted:
            self.fit()

    def _go(self, way: Way) -> None:
        view, here = self._tree.view, self._tree.current
        if view is not None:
            key = here if isinstance(here, str) else ""
            self._tree.choose(neighbour(view.tree, self._tree.layout, key, way))

    def _set_zoom(self, zoom: float) -> None:
        factor = zoom / self.zoom
        self.scale(factor, factor)
        self.zoomed.emit(round(zoom * 100))

    def _reveal(self, _chosen: object) -> None:
        """What is chosen comes into sight, and is told to who listens."""
        told = [each.words.spoken for each in self._tree.selectedItems() if isinstance(each, CardItem)]
        self.setAccessibleDescription(told[0] if told else tr("tree_view.picture_hint"))
        for item in self._tree.selectedItems():
            if isinstance(item, CardItem) and not self._is_pressing:
                self.ensureVisible(item, 30, 30)
