"""Where things stand in the window: views, queue, conversation with composer, properties. No logic."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.models.clock import Clock
from app.models.records.queue import QueueView
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.banner import Banner
from app.views.kit.buttons import menu_button
from app.views.kit.commands import Commands
from app.views.kit.elided import ElidedLabel
from app.views.kit.paged_table import PagedTableModel
from app.views.kit.progress import ProgressStrip
from app.views.kit.toast import Toast
from app.views.kit.tool_row import ToolRow
from app.views.queue.panel import TicketTable
from app.views.queue.table import Form
from app.views.queue.view_list import ViewList
from app.views.ticket.conversation import Conversation
from app.views.ticket.properties import Properties
from app.views.window.panes import READING, SHARES, WIDTHS, split
from app.views.writing.composer import Composer

_BUTTONS = ("reply", "note", "take", "solve", "script")
_FOR_MANY = ("assignee", "status", "priority", "tags", "merge", "close", "select_none")
_MENU = ("reply_all", "forward", "", "merge", "split", "move", "", "undo", "", "images", "channels", "theme")


class WindowLayout:
    """Builds the widgets of a main window and names them."""

    def __init__(
        self,
        window: QMainWindow,
        views: Sequence[QueueView],
        model: PagedTableModel,
        appearance: Appearance,
        clock: Clock,
    ) -> None:
        self._appearance = appearance
        self.views = ViewList(views, appearance)
        self.tickets = TicketTable(model, appearance, clock)
        self.conversation = Conversation(appearance, clock)
        self.composer = Composer(appearance)
        self.composer.hide()
        self.properties = Properties(appearance)
        self.problem = Banner(appearance)
        self.progress = ProgressStrip()
        self.title, self.subtitle, self.presence = ElidedLabel(), QLabel(), ElidedLabel()
        self.database, self.channels, self.person = QLabel(), ElidedLabel(), QLabel()
        self.heading = QFrame()
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self.desk = QSplitter(Qt.Orientation.Vertical)
        self.side = QSplitter(Qt.Orientation.Vertical)
        self.ticket = QSplitter(Qt.Orientation.Horizontal)
        self.reading = QSplitter(Qt.Orientation.Vertical)
        centre = self._centre()
        self.told = Toast(appearance, centre, self.reading)
        window.setCentralWidget(centre)
        self._status_bar(window)

    def add_buttons(self, commands: Commands) -> None:
        """The commands used most stand above the conversation, the others in a menu beside them."""
        row = QHBoxLayout()
        row.setContentsMargins(-9, 0, 0, 0)  # the words, not the buttons' edges, line up with the title
        more, menu = menu_button(tr("window.more"), "more", self._appearance)
        for each in _MENU:
            if each:
                menu.addAction(commands.action(each))
            else:
                menu.addSeparator()
        row.addWidget(ToolRow([commands.button(each) for each in _BUTTONS], more, menu))
        self._heading_column.addLayout(row)
        self.tickets.offer_for_many([commands.button(each) for each in _FOR_MANY])
        self.bar.addPermanentWidget(commands.button("channels"))
        self.bar.addPermanentWidget(self.person)

    def _centre(self) -> QWidget:
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._above = column
        column.addWidget(self.problem)
        split(self.ticket, "ticket", (self._middle(), self.properties), READING, widest=0)
        split(self.desk, "desk", (_panel(self.tickets), self.ticket), SHARES[Form.TABLE], widest=1)
        split(self.side, "side", (self.views,), (600,), widest=0)
        split(self.columns, "columns", (self.side, self.desk), WIDTHS, widest=1)
        self.views.setMinimumWidth(130)
        self.tickets.setMinimumSize(200, 110)
        column.addWidget(self.columns, 1)
        column.addWidget(self.progress)
        return centre

    def add_above(self, widget: QWidget) -> None:
        """Something that is told above everything else."""
        self._above.insertWidget(0, widget)

    def add_below(self, widget: QWidget) -> None:
        """Something that is told below everything else."""
        self._above.addWidget(widget)

    def add_below_heading(self, widget: QWidget) -> None:
        """Something about the ticket that is shown, between its heading and its conversation."""
        self._below_heading.addWidget(widget)
        self._told_below.append(widget)

    def add_below_views(self, widget: QWidget) -> None:
        """Something that stands in the sidebar too."""
        self.side.addWidget(widget)
        self.side.setStretchFactor(1, 1)

    def show_presence(self, words: str) -> None:
        """Who else is at the ticket."""
        self.presence.setText(words)

    def wear(self, form: Form) -> None:
        """The tickets as a table above the one that is read, or as a list beside it."""
        vertical = form is Form.TABLE
        self.desk.setOrientation(Qt.Orientation.Vertical if vertical else Qt.Orientation.Horizontal)
        self.desk.setObjectName(f"desk-{form.value}")
        self.desk.setSizes(list(SHARES[form]))
        self.tickets.wear(form)

    @property
    def reading_order(self) -> tuple[QWidget, ...]:
        """What Tab goes through, from above: the lists, the ticket's buttons, what is told of it, its conversation."""
        lists = (self.views, self.tickets.search, self.tickets.table)
        return (*lists, self.heading, *self._told_below, self.conversation.browser)

    @property
    def splitters(self) -> tuple[QSplitter, ...]:
        """Those whose places are remembered."""
        return self.columns, self.desk, self.ticket, self.reading

    def _middle(self) -> QWidget:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._heading_frame())
        self._below_heading = QVBoxLayout()
        self._told_below: list[QWidget] = []
        column.addLayout(self._below_heading)
        composing = QWidget()
        inner = QVBoxLayout(composing)
        inner.setContentsMargins(12, 4, 12, 10)
        inner.addWidget(self.composer)
        self.composing = composing
        composing.hide()
        self.reading.setObjectName("reading")
        self.reading.setHandleWidth(1)
        self.reading.setChildrenCollapsible(False)
        self.reading.addWidget(self.conversation)
        self.reading.addWidget(composing)
        self.reading.setStretchFactor(0, 3)
        self.reading.setStretchFactor(1, 2)
        self.reading.setSizes([420, 320])
        column.addWidget(self.reading, 1)
        middle.setMinimumWidth(400)
        return middle

    def _heading_frame(self) -> QFrame:
        self.heading.setProperty("role", "toolbar")
        self._heading_column = QVBoxLayout(self.heading)
        self._heading_column.setContentsMargins(16, 10, 12, 6)
        self._heading_column.setSpacing(4)
        self.title.setProperty("role", "title")
        self.subtitle.setProperty("role", "caption")
        self._heading_column.addWidget(self.title)
        beside = QHBoxLayout()
        beside.setSpacing(14)
        self.presence.setProperty("role", "presence")
        self.presence.setAccessibleName(tr("presence.name"))
        beside.addWidget(self.subtitle)
        beside.addWidget(self.presence, 1)
        self._heading_column.addLayout(beside)
        self.heading.hide()
        return self.heading

    def _status_bar(self, window: QMainWindow) -> None:
        self.bar = bar = window.statusBar()
        bar.setSizeGripEnabled(False)
        bar.setContentsMargins(8, 0, 8, 0)
        self.channels.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(self.database)
        bar.addWidget(self.channels, 1)
        self.database.setAccessibleName(tr("status_bar.database"))
        self.channels.setAccessibleName(tr("status_bar.channels"))


def _panel(widget: QWidget) -> QFrame:
    panel = QFrame()
    panel.setProperty("role", "panel")
    column = QVBoxLayout(panel)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(widget)
    return panel
