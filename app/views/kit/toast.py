"""A banner that floats over a corner of a window, so that nothing moves when it comes and goes."""

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QWidget

from app.views.kit.appearance import Appearance
from app.views.kit.banner import Banner

_WIDEST, _NARROW = 560, 320
_FROM_EDGE = 12


class Toast(Banner):
    """Lies over the lower left corner of `ground` and leaves `free` uncovered: nobody's typing, say."""

    def __init__(self, appearance: Appearance, ground: QWidget, free: QWidget) -> None:
        super().__init__(appearance, ground)
        self._ground, self._free = ground, free
        self.setProperty("floating", True)
        ground.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._ground and event.type() is QEvent.Type.Resize:
            self._settle()
        return super().eventFilter(watched, event)

    def on_shown(self) -> None:
        self._settle()
        self.raise_()

    def _settle(self) -> None:
        beside = self._free.mapTo(self._ground, QPoint(0, 0)).x()
        width = min(_WIDEST, beside - 2 * _FROM_EDGE)
        self.offer_below(below=width < _NARROW)
        height = max(self.heightForWidth(width), self.sizeHint().height())
        self.setGeometry(_FROM_EDGE, self._ground.height() - height - _FROM_EDGE, width, height)
