"""Where things stand in the window: views, tickets, conversation with composer, properties. No logic."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMainWindow, QScrollArea, QSplitter, QStatusBar, QVBoxLayout, QWidget

from app.models.records.queue import QueueView
from app.services.wording import tr
from app.views.kit.banner import Banner
from app.views.kit.paged import PagedTableModel
from app.views.kit.theme import Tokens
from app.views.queue.panel import TicketTable, ViewList
from app.views.ticket.composer import Composer
from app.views.ticket.conversation import Conversation
from app.views.ticket.properties import Properties


class WindowLayout:
    """Builds the widgets of a main window and names them."""

    def __init__(
        self, window: QMainWindow, views: Sequence[QueueView], model: PagedTableModel, colours: Tokens
    ) -> None:
        self.views = ViewList(views)
        self.tickets = TicketTable(model)
        self.conversation = Conversation(colours)
        self.composer = Composer()
        self.properties = Properties()
        self.banner = Banner()
        self.database = QLabel()
        self.channels = QLabel()
        self.composer.hide()
        window.setCentralWidget(self._centre())
        self._status_bar(window)

    def _centre(self) -> QWidget:
        writing = _splitter(Qt.Orientation.Vertical, [self.conversation, self.composer], [3, 2])
        scroll = QScrollArea()
        scroll.setWidget(self.properties)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setMinimumWidth(230)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.ticket = _splitter(Qt.Orientation.Horizontal, [writing, scroll], [4, 1])
        self.work = _splitter(Qt.Orientation.Vertical, [self.tickets, self.ticket], [2, 3])
        self.whole = _splitter(Qt.Orientation.Horizontal, [self.views, self.work], [1, 6])
        self.views.setMinimumWidth(150)
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banner)
        layout.addWidget(self.whole, 1)
        return centre

    def _status_bar(self, window: QMainWindow) -> None:
        bar = QStatusBar()
        bar.setSizeGripEnabled(False)
        bar.addWidget(self.database)
        bar.addPermanentWidget(self.channels)
        self.database.setAccessibleName(tr("status_bar.database"))
        self.channels.setAccessibleName(tr("status_bar.channels"))
        window.setStatusBar(bar)


def _splitter(orientation: Qt.Orientation, widgets: Sequence[QWidget], shares: Sequence[int]) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(1)
    for widget in widgets:
        splitter.addWidget(widget)
    for place, share in enumerate(shares):
        splitter.setStretchFactor(place, share)
    return splitter
