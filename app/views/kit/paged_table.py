"""A table of any length: every id is in the model, rows are fetched for what is seen."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from app.models.errors import KnownError
from app.views.kit.task_runner import TaskRunner

RowT = TypeVar("RowT")
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
"""Gives the whole row, or None while it is on its way."""
ID_ROLE = ROW_ROLE + 1
PLACEHOLDER = "…"
_CHUNK = 64
_FEW_EDITS = 200


@dataclass(frozen=True, slots=True)
class Column(Generic[RowT]):
    """One column: its title, and the words of a row in it; `hint` is what the mouse is told that rests on it."""

    title: str
    text: Callable[[RowT], str]
    alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft
    hint: Callable[[RowT], str] | None = None


class PagedTableModel(QAbstractTableModel):
    """`load(ids)` brings the rows of some ids, on a reader thread; `id_of(row)` tells whose a row is.

    A row that was forgotten still shows as it was until its new self arrives, so that nothing flickers.
    """

    failed = Signal(KnownError)

    def __init__(
        self,
        runner: TaskRunner,
        columns: Sequence[Column[Any]],
        load: Callable[[Sequence[Any]], Sequence[Any]],
        id_of: Callable[[Any], Hashable],
        *,
        keep: int = 4_000,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner, self._columns, self._load, self._id_of, self._keep = runner, columns, load, id_of, keep
        self._ids: list[Hashable] = []
        self._places: dict[Hashable, int] = {}
        self._rows: OrderedDict[Hashable, Any] = OrderedDict()
        self._stale: set[Hashable] = set()
        self._on_the_way: set[Hashable] = set()
        self._wanted: set[Hashable] = set()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._fetch)

    def ids(self) -> Sequence[Any]:
        return self._ids

    def place_of(self, wanted: Hashable) -> int | None:
        """The line that `wanted` is on."""
        return self._places.get(wanted)

    def reset_ids(self, ids: Sequence[Hashable]) -> None:
        """Another list altogether: nothing is selected any more."""
        self.beginResetModel()
        self._set(list(ids))
        self.endResetModel()

    def replace_ids(self, ids: Sequence[Hashable]) -> None:
        """The same list as it is now. Selection and scroll position stay with their rows."""
        new = list(ids)
        if new == self._ids:
            return
        wanted = set(new)
        gone = _ranges([place for place, each in enumerate(self._ids) if each not in wanted])
        come = _ranges([place for place, each in enumerate(new) if each not in self._places])
        if len(gone) + len(come) > _FEW_EDITS:
            self.reset_ids(new)
            return
        for first, last in reversed(gone):
            self.beginRemoveRows(_ROOT, first, last)
            self._set(self._ids[:first] + self._ids[last + 1 :])
            self.endRemoveRows()
        self._reorder([each for each in new if each in self._places])
        for first, last in come:
            self.beginInsertRows(_ROOT, first, last)
            self._set(self._ids[:first] + new[first : last + 1] + self._ids[first:])
            self.endInsertRows()

    def forget(self, ids: Iterable[Hashable]) -> None:
        """These changed: fetch them again when they are seen."""
        for each in ids:
            place = self._places.get(each)
            if each in self._rows or each in self._on_the_way:  # which may have been read before the change
                self._stale.add(each)
            if place is not None:
                self.dataChanged.emit(self.index(place, 0), self.index(place, self.columnCount() - 1))

    def row(self, place: int) -> Any | None:
        """The row on a line, or None while it is on its way; asks for it where it is missing or stale."""
        wanted = self._ids[place]
        found = self._rows.get(wanted)
        if found is None or wanted in self._stale:
            self._want(place)
        if found is not None:
            self._rows.move_to_end(wanted)
        return found

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == ID_ROLE:
            return self._ids[index.row()]
        if role == ROW_ROLE:
            return self.row(index.row())
        column = self._columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            row = self.row(index.row())
            return PLACEHOLDER if row is None else column.text(row)
        if role == Qt.ItemDataRole.ToolTipRole and column.hint is not None:
            row = self.row(index.row())
            return None if row is None else column.hint(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.alignment | Qt.AlignmentFlag.AlignVCenter
        return None

    def _set(self, ids: list[Hashable]) -> None:
        self._ids = ids
        self._places = {each: place for place, each in enumerate(ids)}

    def _reorder(self, ids: list[Hashable]) -> None:
        if ids == self._ids:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [(self._ids[each.row()], each.column()) for each in before]
        self._set(ids)
        self.changePersistentIndexList(before, [self.index(self._places[each], column) for each, column in kept])
        self.layoutChanged.emit()

    def _want(self, place: int) -> None:
        """This line and those around it, so that scrolling finds them there."""
        start = place - place % _CHUNK
        missing = (each for each in self._ids[start : start + _CHUNK] if each not in self._rows or each in self._stale)
        self._wanted.update(each for each in missing if each not in self._on_the_way)
        if self._wanted and not self._soon.isActive():
            self._soon.start()

    def _fetch(self) -> None:
        wanted = [each for each in self._wanted if each in self._places]
        self._wanted.clear()
        if not wanted:
            return
        self._on_the_way.update(wanted)
        self._stale.difference_update(wanted)
        load = self._load
        self._runner.read(
            self,
            lambda: load(wanted),
            lambda rows: self._arrived(wanted, rows),
            lambda error: self._refused(wanted, error),
        )

    def _arrived(self, wanted: Sequence[Hashable], rows: Sequence[Any]) -> None:
        self._on_the_way.difference_update(wanted)
        for row in rows:
            self._rows[self._id_of(row)] = row
            self._rows.move_to_end(self._id_of(row))
        while len(self._rows) > self._keep:
            self._rows.popitem(last=False)
        places = sorted(self._places[each] for each in wanted if each in self._places)
        for first, last in _ranges(places):
            self.dataChanged.emit(self.index(first, 0), self.index(last, self.columnCount() - 1))

    def _refused(self, wanted: Sequence[Hashable], error: KnownError) -> None:
        self._on_the_way.difference_update(wanted)
        self.failed.emit(error)


def _ranges(places: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers put together: 1 2 3 7 is (1, 3) (7, 7)."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found
