"""A table of any length: all ids in the model, rows fetched for what is seen."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal

from app.models.errors import KnownError
from app.models.records.tickets import TicketRow
from app.views.kit.tasks import TaskRunner

Index = QModelIndex | QPersistentModelIndex
Loader = Callable[[Sequence[UUID]], Sequence[TicketRow]]
Cell = Callable[[TicketRow, int, int], Any]
_KEPT = 2_000
_CHUNK = 60


class PagedTableModel(QAbstractTableModel):
    """`cell(row, column, role)` says what a cell shows. Rows asked for in one turn of the event loop are fetched at
    once; until they come their cells are empty."""

    failed = Signal(object)

    def __init__(self, heads: Sequence[str], cell: Cell, load: Loader, runner: TaskRunner) -> None:
        super().__init__()
        self._heads = heads
        self._cell = cell
        self._load = load
        self._runner = runner
        self._ids: list[UUID] = []
        self._places: dict[UUID, int] = {}
        self._rows: OrderedDict[UUID, TicketRow] = OrderedDict()
        self._wanted: set[int] = set()
        self._asked: set[UUID] = set()
        self._fetch = QTimer(self)
        self._fetch.setSingleShot(True)
        self._fetch.timeout.connect(self._fetch_wanted)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's form
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self._heads[section]
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        row = self._rows.get(self._ids[index.row()])
        if row is None:
            self._wanted.add(index.row())
            self._fetch.start(0)
            return None
        return self._cell(row, index.column(), role)

    def id_at(self, place: int) -> UUID | None:
        return self._ids[place] if 0 <= place < len(self._ids) else None

    def place_of(self, ticket_id: UUID) -> int | None:
        return self._places.get(ticket_id)

    def row_of(self, ticket_id: UUID) -> TicketRow | None:
        """The row, if it was fetched."""
        return self._rows.get(ticket_id)

    def replace_ids(self, ids: Sequence[UUID]) -> None:
        """Another list; what stands in both keeps its selection, wherever it went."""
        if ids == self._ids:
            return
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        names = [self.id_at(each.row()) for each in old]
        self._ids = list(ids)
        self._places = {each: place for place, each in enumerate(self._ids)}
        places = [self._places.get(name) if name else None for name in names]
        new = [
            self.index(place, each.column()) if place is not None else QModelIndex()
            for place, each in zip(places, old, strict=True)
        ]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def forget(self, ids: Iterable[UUID]) -> None:
        """These changed: fetch them again when they are seen. Until then the old row stands."""
        for each in ids:
            place = self._places.get(each)
            if place is not None and each in self._rows:
                self._wanted.add(place)
                self._fetch.start(0)
            else:
                self._rows.pop(each, None)

    def _fetch_wanted(self) -> None:
        first = sorted(self._wanted)[:_CHUNK]
        self._wanted -= set(first)
        wanted = [self._ids[place] for place in first if place < len(self._ids)]
        wanted = [each for each in wanted if each not in self._asked]
        if self._wanted:
            self._fetch.start(0)
        if wanted:
            self._asked |= set(wanted)
            self._runner.read(
                self, lambda: self._load(wanted), lambda rows: self._fetched(wanted, rows), self._not_fetched
            )

    def _fetched(self, wanted: Sequence[UUID], rows: Sequence[TicketRow]) -> None:
        self._asked -= set(wanted)
        for row in rows:
            self._rows[row.id] = row
            self._rows.move_to_end(row.id)
            place = self._places.get(row.id)
            if place is not None:
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(self._heads) - 1))
        while len(self._rows) > _KEPT:
            self._rows.popitem(last=False)

    def _not_fetched(self, error: KnownError) -> None:
        self._asked.clear()
        self.failed.emit(error)
