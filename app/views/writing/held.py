"""Answers that wait a few seconds before they go: they can be taken back until then."""

from collections.abc import Callable
from math import ceil
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from app.models.records.tickets import Undo
from app.services.wording import tr
from app.views.kit.toast import Toast
from app.views.window.undoing import Done, UndoStack
from app.views.writing.writing_control import Sent

_TICK_MS = 250
_SLACK_MS = 120  # the clock that the sender asks is another one


class Held(QObject):
    """`gone` tells that one is on its way now, `back` that one was taken back."""

    gone = Signal(Sent)
    back = Signal(Sent)

    def __init__(self, undo: UndoStack, toast: Toast, parent: QObject) -> None:
        super().__init__(parent)
        self._undo, self._toast = undo, toast
        self._held: dict[Undo, tuple[Sent, float]] = {}
        self._told = ""
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self._count_down)
        undo.undone.connect(self._undone)

    def hold(self, sent: Sent) -> None:
        """Count down for it, with a button that takes it back; so does the undo key."""
        if sent.undo is None:
            return
        self._held[sent.undo] = (sent, monotonic() + sent.seconds)
        self._undo.push(sent.undo)
        self._told = self._toast.words
        QTimer.singleShot(int(sent.seconds * 1000) + _SLACK_MS, self, self._release(sent.undo))
        self._tick.start()
        self._count_down()

    def _release(self, undo: Undo) -> Callable[[], None]:
        def release() -> None:
            sent, _ = self._held.pop(undo, (None, 0.0))
            if sent is not None:
                self._undo.forget(undo)
                self.gone.emit(sent)

        return release

    def _count_down(self) -> None:
        """The seconds that are left of the last one, unless something else is told there meanwhile."""
        if not self._held:
            self._tick.stop()
            if self._toast.words == self._told:
                self._toast.hide()
            return
        undo, (_, until) = list(self._held.items())[-1]
        if self._toast.isVisible() and self._toast.words == self._told:
            left = max(1, ceil(until - monotonic()))
            words = tr(f"action.{undo.action}", number=undo.number)
            self._told = f"{words} {tr('writing.goes_in', seconds=left)}"
            if self._told != self._toast.words:
                self._toast.tell("success", self._told, (tr("writing.take_back"), self._undo.undo))

    def _undone(self, done: Done) -> None:
        for each in done.undos:
            sent, _ = self._held.pop(each, (None, 0.0))
            if sent is not None:
                self.back.emit(sent)
