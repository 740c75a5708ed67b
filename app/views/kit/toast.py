"""A banner that floats over the lower edge of a window, so that nothing moves when it comes and goes."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from app.views.kit.appearance import Appearance
from app.views.kit.banner import Banner

_WIDEST = 620
_ABOVE_EDGE = 18


class Toast(Banner):
    """Lies over `ground`, in the middle of its lower edge."""

    def __init__(self, appearance: Appearance, ground: QWidget) -> None:
        super().__init__(appearance, ground)
        self._ground = ground
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
        width = min(_WIDEST, self._ground.width() - 2 * _ABOVE_EDGE)
        height = max(self.heightForWidth(width), self.sizeHint().height())
        left = (self._ground.width() - width) // 2
        self.setGeometry(left, self._ground.height() - height - _ABOVE_EDGE, width, height)
