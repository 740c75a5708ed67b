"""What is seen of the desk while the rest of it is being loaded: its window, in its place, with its panes empty.

It stands before anything heavy is imported, so this module may import nothing but Qt and the theme.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QEventLoop, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from app.views.kit.theme import Theme, theme
from app.views.kit.window_place import WindowPlace
from app.views.window.panes import READING, SHARES, WIDTHS, split

_PATIENCE_MS = 500
_LINE, _THICK, _INSET, _ROUND = 30, 8, 16, 4
_LENGTHS = (0.62, 0.48, 0.71, 0.55, 0.66, 0.4, 0.58)

Result = TypeVar("Result")


class Curtain(QMainWindow):
    """Stands where the desk was last, divided as it was, until the window takes its place."""

    painted = Signal()

    def __init__(self, window_file: Path, choice: str) -> None:
        super().__init__()
        self.setObjectName("desk")
        self.setWindowTitle("Firstline")
        worn = theme(worn_by(choice))
        self.setPalette(worn.palette())
        place = WindowPlace(window_file)
        form = place.word("queue/form", "table")
        self.is_closed = False
        splitters = _panes(worn, form if form in SHARES else "table")
        self.setCentralWidget(splitters[0])
        self.statusBar().setSizeGripEnabled(False)
        if not place.restore(self, *splitters):
            self.resize(1460, 900)

    def rise(self) -> None:
        """Be seen: when this returns it is painted, or half a second is over."""
        loop = QEventLoop()
        self.painted.connect(loop.quit)
        QTimer.singleShot(_PATIENCE_MS, loop, loop.quit)
        self.show()
        loop.exec()

    def give_way(self, window: QWidget) -> None:
        """Let `window` stand where this stands now, and go as soon as it is painted."""
        window.restoreGeometry(self.saveGeometry())
        window.installEventFilter(self)

    def lift(self) -> None:
        """Go, before a question is asked."""
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.is_closed = True
        super().closeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            watched.removeEventFilter(self)
            watched.activateWindow()  # what is typed next is for the window, whichever was clicked
            QTimer.singleShot(0, self, self.deleteLater)
        return False


class _Pane(QWidget):
    """An empty pane, with lines where there will be some."""

    def __init__(self, worn: Theme, ground: str, lines: int) -> None:
        super().__init__()
        self._ground, self._ink, self._lines = worn.colour(ground), worn.colour("border"), lines

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ink)
        for line in range(min(self._lines, (self.height() - _INSET) // _LINE)):
            length = (self.width() - 2 * _INSET) * _LENGTHS[line % len(_LENGTHS)]
            box = QRectF(_INSET, _INSET + line * _LINE, length, _THICK)
            painter.drawRoundedRect(box, _ROUND, _ROUND)
        painter.end()


class _Bell(QObject):
    rung = Signal()


def aside(work: Callable[[], Result]) -> Result:
    """Do `work` off the GUI thread while windows go on living; returns what it returns, raises what it raises."""
    loop, bell = QEventLoop(), _Bell()
    bell.rung.connect(loop.quit, Qt.ConnectionType.QueuedConnection)
    with ThreadPoolExecutor(1, "opening") as thread:
        future = thread.submit(work)
        future.add_done_callback(lambda _done: bell.rung.emit())
        loop.exec()
        return future.result()


def worn_by(choice: str) -> str:
    """The theme that is meant by a choice; `system`, and what is no choice, goes with the desktop."""
    if choice in ("light", "dark"):
        return choice
    return "dark" if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else "light"


def _panes(worn: Theme, form: str) -> tuple[QSplitter, ...]:
    columns, desk, ticket = QSplitter(), QSplitter(), QSplitter()
    desk.setOrientation(Qt.Orientation.Vertical if form == "table" else Qt.Orientation.Horizontal)
    split(ticket, "ticket", (_Pane(worn, "panel", 5), _Pane(worn, "window", 7)), READING, widest=0)
    split(desk, f"desk-{form}", (_Pane(worn, "panel", 40), ticket), SHARES[form], widest=1)
    split(columns, "columns", (_Pane(worn, "window", 12), desk), WIDTHS, widest=1)
    for each in (columns, desk, ticket):
        colours = each.palette()
        colours.setColor(QPalette.ColorRole.Window, worn.colour("border"))
        each.setPalette(colours)
        each.setAutoFillBackground(True)
    return columns, desk, ticket
