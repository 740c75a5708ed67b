"""The views on the left and the tickets of the chosen one."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.models.records.queue import QueueView
from app.services.wording import tr
from app.views.kit.paged import PagedTableModel
from app.views.queue.columns import NAMES, WIDTHS

_TYPING_MS = 250


class ViewList(QListWidget):
    """The named lists of tickets, with how many each holds."""

    chosen = Signal(object)

    def __init__(self, views: Sequence[QueueView]) -> None:
        super().__init__()
        self.setObjectName("views")
        self.setAccessibleName(tr("queue.views"))
        self._views = list(views)
        for each in self._views:
            self.addItem(QListWidgetItem(self._words(each, None)))
        self.setCurrentRow(0)
        self.currentRowChanged.connect(lambda place: self.chosen.emit(self._views[place]))

    @property
    def current(self) -> QueueView:
        return self._views[max(0, self.currentRow())]

    def show_counts(self, counts: dict[str, int]) -> None:
        for place, view in enumerate(self._views):
            self.item(place).setText(self._words(view, counts.get(view.key)))

    def _words(self, view: QueueView, count: int | None) -> str:
        name = tr(view.key) if view.builtin else view.name
        return name if count is None else f"{name}   {count}"


class TicketTable(QWidget):
    """A search line above the table. `opened` brings the current ticket, `searched` the words to search for."""

    opened = Signal(object)
    searched = Signal(str)

    def __init__(self, model: PagedTableModel) -> None:
        super().__init__()
        self.model = model
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("queue.search"))
        self.search.setAccessibleName(tr("queue.search"))
        self.search.setClearButtonEnabled(True)
        self.table = self._table(model)
        self._empty = QLabel()
        self._empty.setProperty("muted", True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 0)
        layout.addWidget(self.search)
        layout.addLayout(self._stack, 1)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(lambda: self.searched.emit(self.search.text()))
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self.table.setFocus)
        self.table.selectionModel().currentRowChanged.connect(lambda index, _old: self._open(index.row()))

    def show_ids(self, ids: Sequence[UUID], empty: str) -> None:
        """The tickets of a view, or the words for that there are none. Keeps the selected ticket where it still is."""
        self.model.replace_ids(ids)
        self._empty.setText(empty)
        self._stack.setCurrentIndex(0 if ids else 1)
        if ids and self.current is None:
            self.select(0)

    @property
    def current(self) -> UUID | None:
        return self.model.id_at(self.table.currentIndex().row())

    def selected(self) -> list[UUID]:
        """All selected tickets, in the order of the list."""
        places = sorted(each.row() for each in self.table.selectionModel().selectedRows())
        return [found for place in places if (found := self.model.id_at(place)) is not None]

    def select(self, place: int) -> None:
        index = self.model.index(place, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.table.selectionModel().setCurrentIndex(index, flags)

    def step(self, by: int) -> None:
        """Go to the next or the previous ticket."""
        place = self.table.currentIndex().row() + by
        if 0 <= place < self.model.rowCount():
            self.select(place)

    def _open(self, place: int) -> None:
        ticket_id = self.model.id_at(place)
        if ticket_id is not None:
            self.opened.emit(ticket_id)

    def _table(self, model: PagedTableModel) -> QTableView:
        table = QTableView()
        table.setModel(model)
        table.setAccessibleName(tr("queue.tickets"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(26)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for column, width in enumerate(WIDTHS):
            table.setColumnWidth(column, width)
        header.setSectionResizeMode(NAMES.index("subject"), QHeaderView.ResizeMode.Stretch)
        return table
