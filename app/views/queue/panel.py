"""The views on the left and the tickets of the chosen one."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QListView,
    QListWidget,
    QListWidgetItem,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.models.clock import Clock
from app.models.records.queue import QueueView
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.paged_table import ID_ROLE, PagedTableModel
from app.views.kit.search_line import SearchLine
from app.views.kit.states import StateView
from app.views.queue.delegates import COUNT_ROLE, TicketDelegate, ViewDelegate

TYPING_MS = 250
_ICONS = {
    "view.open": "inbox",
    "view.mine": "mine",
    "view.team": "team",
    "view.unassigned": "unassigned",
    "view.waiting": "waiting",
    "view.done": "done",
}


class ViewList(QListWidget):
    """The named lists of tickets, with how many each holds."""

    chosen = Signal(QueueView)

    def __init__(self, views: Sequence[QueueView], appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "sidebar")
        self.setAccessibleName(tr("queue.views"))
        self.setItemDelegate(ViewDelegate(appearance, self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setSpacing(1)
        self._views = list(views)
        for view in self._views:
            item = QListWidgetItem(tr(view.key) if view.builtin else view.name)
            item.setData(Qt.ItemDataRole.UserRole, _ICONS.get(view.key, "list"))
            self.addItem(item)
        self.setCurrentRow(0)
        self.currentRowChanged.connect(lambda place: self.chosen.emit(self._views[place]))

    @property
    def current(self) -> QueueView:
        return self._views[max(0, self.currentRow())]

    def choose(self, key: str) -> None:
        for place, view in enumerate(self._views):
            if view.key == key:
                self.setCurrentRow(place)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        for place, view in enumerate(self._views):
            item = self.item(place)
            count = counts.get(view.key)
            item.setData(COUNT_ROLE, count)
            name = tr(view.key) if view.builtin else view.name
            told = name if count is None else tr("queue.counted", name=name, count=count)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, told)


class TicketTable(QWidget):
    """A search line above the tickets. `opened` brings the ticket an agent goes to, `searched` the words to look for.

    When the list changes by itself, nobody is taken to another ticket: `opened` tells of what a person did.
    """

    opened = Signal(UUID)
    searched = Signal(str)

    def __init__(self, model: PagedTableModel, appearance: Appearance, clock: Clock) -> None:
        super().__init__()
        self.model = model
        self._renewing = False
        self._shown: UUID | None = None
        self.search = SearchLine(appearance)
        self.search.setPlaceholderText(tr("queue.search"))
        self.search.setAccessibleName(tr("queue.search"))
        self.table = _table(model, TicketDelegate(appearance, clock, self))
        self.state = StateView(appearance)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.state)
        self._build()
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(lambda: self.searched.emit(self.search.text().strip()))
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self._go_to_results)
        self.table.selectionModel().currentRowChanged.connect(self._moved)

    def show_loading(self) -> None:
        self.state.loading()
        self._stack.setCurrentIndex(1)

    def show_error(self, words: str, again: Callable[[], None]) -> None:
        self.state.error(words, again)
        self._stack.setCurrentIndex(1)

    def show_ids(self, ids: Sequence[UUID], *, another_list: bool, empty: tuple[str, str, str]) -> None:
        """The tickets of a view; `empty` is the icon, heading and words for that there are none."""
        self._renewing = True
        if another_list:
            self.model.reset_ids(ids)
        else:
            self.model.replace_ids(ids)
        self.mark(self._shown)
        self._renewing = False
        if not ids:
            self.state.empty(*empty)
        self._stack.setCurrentIndex(0 if ids else 1)

    def mark(self, ticket_id: UUID | None) -> None:
        """The ticket that is shown beside: selected where it is in the list, and nothing where it is not."""
        self._shown = ticket_id
        place = self.model.place_of(ticket_id) if ticket_id is not None else None
        was, self._renewing = self._renewing, True
        if place is None:
            self.table.setCurrentIndex(QModelIndex())
            self.table.clearSelection()
        elif self.table.currentIndex().row() != place:
            self._select(place)
        self._renewing = was

    @property
    def current(self) -> UUID | None:
        index = self.table.currentIndex()
        return index.data(ID_ROLE) if index.isValid() else None

    def step(self, by: int) -> None:
        """Go to the next or the previous ticket; from nowhere to the first."""
        place = self.table.currentIndex().row() + by if self.table.currentIndex().isValid() else 0
        if 0 <= place < self.model.rowCount():
            self._select(place)

    def _select(self, place: int) -> None:
        index = self.model.index(place, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.table.selectionModel().setCurrentIndex(index, flags)
        self.table.scrollTo(index)

    def _moved(self, index: QModelIndex) -> None:
        if index.isValid() and not self._renewing:
            self.opened.emit(index.data(ID_ROLE))

    def _go_to_results(self) -> None:
        self._typing.stop()
        self.searched.emit(self.search.text().strip())
        self.table.setFocus()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        above = QVBoxLayout()
        above.setContentsMargins(10, 10, 10, 8)
        above.addWidget(self.search)
        layout.addLayout(above)
        layout.addLayout(self._stack, 1)


class _Table(QTableView):
    """One column is a list: Home and End go to its first and its last line."""

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        match action:
            case QAbstractItemView.CursorAction.MoveHome:
                return self.model().index(0, 0)
            case QAbstractItemView.CursorAction.MoveEnd:
                return self.model().index(self.model().rowCount() - 1, 0)
            case _:
                return super().moveCursor(action, modifiers)


def _table(model: PagedTableModel, delegate: TicketDelegate) -> QTableView:
    table = _Table(showGrid=False, wordWrap=False, cornerButtonEnabled=False)
    table.setTabKeyNavigation(False)
    table.setModel(model)
    table.setItemDelegate(delegate)
    table.setMouseTracking(True)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.horizontalHeader().hide()
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(2 * table.fontMetrics().height() + 20)
    table.setAccessibleName(tr("queue.tickets"))
    return table
