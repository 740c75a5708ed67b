"""The tickets themselves, in one of two forms: a table with columns, or a narrow list with two lines a ticket."""

from collections.abc import Sequence
from enum import StrEnum
from typing import cast

from PySide6.QtCore import QItemSelectionModel, QMimeData, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QDrag, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from app.models.clock import Clock
from app.models.records.packed_ids import PackedIds
from app.models.records.queue import QueueColumn, QueueSort
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.paged_table import PagedTableModel
from app.views.kit.window_place import WindowPlace
from app.views.queue.cells import USUAL, WIDTHS
from app.views.queue.columns import CELLS, COMPACT
from app.views.queue.delegates import CellDelegate, TicketDelegate

TICKETS_MIME = "application/x-firstline-tickets"
"""What a drag of tickets carries: their ids, 16 bytes each."""

_TICK_MS = 15_000
_MANY = 20_000
_NARROWEST_SUBJECT = 180
_BESIDE_TITLE = 26
_ROWS = QItemSelectionModel.SelectionFlag.Rows


class Form(StrEnum):
    """How a queue looks."""

    TABLE = "table"
    LIST = "list"


class QueueTable(QTableView):
    """Several tickets can be selected; `sort_wanted` asks for another order, `entered` to go to the current ticket."""

    sort_wanted = Signal(QueueSort)
    entered = Signal()

    def __init__(
        self, model: PagedTableModel, appearance: Appearance, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._paged = model
        self._sort = QueueSort()
        self.form = Form.LIST
        self.setModel(model)
        self._cells = CellDelegate(appearance, clock, self)
        self.setItemDelegate(self._cells)
        self.setItemDelegateForColumn(COMPACT, TicketDelegate(appearance, clock, self))
        self.setAccessibleName(tr("queue.tickets"))
        self._behave()
        self._head()
        self.show_columns(USUAL)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.wear(Form.TABLE)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self.viewport().update)
        self._tick.start()

    def restore(self, place: WindowPlace) -> None:
        """Columns as they were when the window was closed."""
        known = {each.value: each for each in QueueColumn}
        kept = [known[each] for each in place.word("queue/columns", "").split(",") if each in known]
        place.header(self.horizontalHeader())
        self.show_columns(kept or USUAL)

    def remember(self, place: WindowPlace) -> None:
        place.keep_word("queue/columns", ",".join(each.value for each in self.columns))
        place.keep_header(self.horizontalHeader())

    def wear(self, form: Form) -> None:
        """Look like this from now on; what is selected and where one was in the list stay."""
        self.form = form
        is_table = form is Form.TABLE
        head, line = self.horizontalHeader(), self.fontMetrics().height()
        self.setColumnHidden(COMPACT, is_table)
        for column in QueueColumn:
            self.setColumnHidden(CELLS[column], not is_table or column not in self._shown)
        head.setVisible(is_table)
        head.setSectionResizeMode(
            COMPACT, QHeaderView.ResizeMode.Interactive if is_table else QHeaderView.ResizeMode.Stretch
        )
        policy = Qt.ScrollBarPolicy
        self.setHorizontalScrollBarPolicy(policy.ScrollBarAsNeeded if is_table else policy.ScrollBarAlwaysOff)
        self.verticalHeader().setDefaultSectionSize(line + 11 if is_table else 2 * line + 20)
        self._fit_subject()
        if self.currentIndex().isValid():
            self.scrollTo(self._paged.index(self.currentIndex().row(), self.first_column))

    @property
    def first_column(self) -> int:
        """A column that is seen."""
        return COMPACT if self.form is Form.LIST else CELLS[QueueColumn.SUBJECT]

    def show_columns(self, columns: Sequence[QueueColumn]) -> None:
        """Show these in this order; the subject is always there."""
        self._shown = frozenset(columns) | {QueueColumn.SUBJECT}
        head = self.horizontalHeader()
        for place, column in enumerate(columns, start=1):
            head.moveSection(head.visualIndex(CELLS[column]), place)
        self.wear(self.form)

    @property
    def columns(self) -> tuple[QueueColumn, ...]:
        """Those shown as a table, in their order."""
        head = self.horizontalHeader()
        return tuple(sorted(self._shown, key=lambda column: head.visualIndex(CELLS[column])))

    def show_sort(self, sort: QueueSort) -> None:
        """The order that the list is in."""
        self._sort = sort
        order = Qt.SortOrder.DescendingOrder if sort.descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(CELLS[sort.column], order)

    @property
    def selected(self) -> PackedIds:
        """The ids of all selected tickets, in the list's order."""
        found = PackedIds()
        for each in sorted(self.selectionModel().selection().toList(), key=lambda ranged: ranged.top()):
            found += cast(PackedIds, self._paged.ids)[each.top() : each.bottom() + 1]
        return found

    def select_current(self) -> None:
        """The current ticket alone is selected."""
        if self.currentIndex().isValid():
            self.go_to(self.currentIndex().row())

    def mark(self, words: Sequence[str]) -> None:
        """Mark these words in subjects."""
        self._cells.marked = tuple(words)
        self.viewport().update()

    def go_to(self, place: int) -> None:
        """Make a line the current one, and the only one selected."""
        index = self._paged.index(place, self.first_column)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | _ROWS
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)

    def replace_ids(self, ids: PackedIds) -> None:
        """The same list as it is now: who reads in the middle of it goes on reading there; at its top news come in."""
        everything = self._let_go_of_many()
        bar, top = self.verticalScrollBar(), self.rowAt(0)
        anchor = self._paged.ids[top] if top > 0 else None
        shift = self.rowViewportPosition(top)
        self._paged.replace_ids(ids)
        self.executeDelayedItemsLayout()  # the scroll bar knows its new range only then
        place = None if anchor is None else ids.place_of(anchor, top)
        if place is not None:
            bar.setValue(place * self.verticalHeader().defaultSectionSize() - shift)
        if everything:
            self.selectAll()

    def column_menu(self) -> QMenu:
        """Which columns are shown, and by which the list is sorted."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in QueueColumn:
            shown = QAction(tr(f"column.{column.value}"), menu, checkable=True, checked=column in self._shown)
            shown.setEnabled(column is not QueueColumn.SUBJECT)
            shown.toggled.connect(lambda _on, column=column: self._toggle(column))
            menu.addAction(shown)
        menu.addSeparator()
        menu.addAction(tr("queue.usual_columns"), lambda: self.show_columns(USUAL))
        return menu

    def sort_menu(self) -> QMenu:
        """The orders that the list can be in; the present one the other way round."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in QueueColumn:
            chosen = QAction(tr(f"column.{column.value}"), menu, checkable=True, checked=column is self._sort.column)
            chosen.triggered.connect(lambda _on=False, column=column: self._sort_by(CELLS[column]))
            menu.addAction(chosen)
        return menu

    def open_menu(self, menu: QMenu) -> None:
        """Under the table's head, for those who called it by keyboard."""
        menu.popup(self.viewport().mapToGlobal(QPoint(12, 4)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and the last ticket, not to the first and the last column."""
        match action:
            case QAbstractItemView.CursorAction.MoveHome:
                return self._paged.index(0, self.first_column)
            case QAbstractItemView.CursorAction.MoveEnd:
                return self._paged.index(self._paged.rowCount() - 1, self.first_column)
            case _:
                return super().moveCursor(action, modifiers)

    def startDrag(self, _actions: Qt.DropAction) -> None:
        carried = QMimeData()
        carried.setData(TICKETS_MIME, self.selected.raw)
        drag = QDrag(self)
        drag.setMimeData(carried)
        drag.exec(Qt.DropAction.MoveAction)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_subject()

    def _behave(self) -> None:
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _head(self) -> None:
        head = self.horizontalHeader()
        head.setObjectName("queue")
        head.setSectionsMovable(True)
        head.setSectionsClickable(True)
        head.setHighlightSections(False)
        head.setSortIndicatorShown(True)
        head.setMinimumSectionSize(44)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in WIDTHS.items():
            title = QFontMetrics(head.font()).horizontalAdvance(tr(f"column.{column.value}"))
            self.setColumnWidth(CELLS[column], max(width, title + _BESIDE_TITLE))
        head.customContextMenuRequested.connect(lambda at: self.column_menu().popup(head.mapToGlobal(at)))
        head.sectionClicked.connect(self._sort_by)
        head.sectionResized.connect(self._resized)
        head.sectionMoved.connect(lambda *_: self.viewport().update())

    def _sort_by(self, section: int) -> None:
        """The same column once more turns the order round."""
        column = next(each for each, place in CELLS.items() if place == section)
        again = column is self._sort.column
        falls = column in (QueueColumn.UPDATED, QueueColumn.OPENED, QueueColumn.NUMBER)
        self.sort_wanted.emit(QueueSort(column, not self._sort.descending if again else falls))

    def _toggle(self, column: QueueColumn) -> None:
        self._shown = self._shown ^ {column}
        self.wear(self.form)

    def _resized(self, section: int, _old: int, _new: int) -> None:
        if section != CELLS[QueueColumn.SUBJECT]:
            self._fit_subject()

    def _fit_subject(self) -> None:
        """The subject takes what the other columns leave."""
        if self.form is Form.TABLE:
            others = sum(self.columnWidth(CELLS[each]) for each in self._shown if each is not QueueColumn.SUBJECT)
            room = self.viewport().width() - others
            self.setColumnWidth(CELLS[QueueColumn.SUBJECT], max(_NARROWEST_SUBJECT, room))

    def _let_go_of_many(self) -> bool:
        """Qt remembers each selected line by itself, which takes seconds for a long list: whoever had chosen all of
        it gets all of it again, and any other choice of so many is given up. Returns whether all was selected."""
        chosen = sum(each.height() for each in self.selectionModel().selection().toList())
        if chosen <= _MANY:
            return False
        self.clearSelection()
        return chosen == self._paged.rowCount()


def ids_of(carried: QMimeData) -> PackedIds:
    """The tickets that a drag carries; none where it carries something else."""
    return PackedIds(bytes(carried.data(TICKETS_MIME).data()))
