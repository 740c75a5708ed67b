"""A table of any length: every id is in the model, rows are fetched for what is seen.

A list that changed takes the place of the one before without a reset: rows are added or dropped at the end, and all are
told their new places at once, so that selection and current row stay with their tickets however long the list is.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

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


class Ids(Protocol):
    """The ids of all rows in their order."""

    def __len__(self) -> int: ...
    def __getitem__(self, place: int, /) -> Hashable: ...

    def place_of(self, wanted: Hashable, /, near: int | None = None) -> int | None:
        """Where an id stands; `near` is where it stood before."""
        ...


class _Lengthened:
    """A list that is on its way from one length to another: the second tells what the first is too short for."""

    def __init__(self, first: Ids, rest: Ids) -> None:
        self._first, self._rest = first, rest

    def __len__(self) -> int:
        return max(len(self._first), len(self._rest))

    def __getitem__(self, place: int) -> Hashable:
        return self._first[place] if place < len(self._first) else self._rest[place]

    def place_of(self, wanted: Hashable, near: int | None = None) -> int | None:
        return self._first.place_of(wanted, near)


class _None:
    """No rows at all."""

    def __len__(self) -> int:
        return 0

    def __getitem__(self, place: int) -> Hashable:
        raise IndexError(place)

    def place_of(self, _wanted: Hashable, near: int | None = None) -> int | None:  # noqa: ARG002
        return None


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
        self._ids: Ids = _None()
        self._rows: OrderedDict[Hashable, Any] = OrderedDict()
        self._stale: set[Hashable] = set()
        self._on_the_way: set[Hashable] = set()
        self._wanted: dict[Hashable, int] = {}
        self._seen_at: dict[Hashable, int] = {}
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._fetch)

    @property
    def ids(self) -> Ids:
        """The ids of all rows."""
        return self._ids

    @property
    def columns(self) -> Sequence[Column[Any]]:
        return self._columns

    def place_of(self, wanted: Hashable) -> int | None:
        """The line that `wanted` is on."""
        return self._ids.place_of(wanted, self._seen_at.get(wanted))

    def reset_ids(self, ids: Ids) -> None:
        """Another list altogether: nothing is selected any more."""
        self.beginResetModel()
        self._ids = ids
        self.endResetModel()

    def replace_ids(self, ids: Ids) -> None:
        """The same list as it is now. Selection and current row stay with their rows."""
        old = self._ids
        if ids == old:
            return
        if len(ids) > len(old):
            self.beginInsertRows(_ROOT, len(old), len(ids) - 1)
            self._ids = _Lengthened(old, ids)
            self.endInsertRows()
        self._reorder(old, _Lengthened(ids, old) if len(ids) < len(old) else ids)
        if len(ids) < len(old):
            self.beginRemoveRows(_ROOT, len(ids), len(old) - 1)
            self._ids = ids
            self.endRemoveRows()

    def forget(self, ids: Iterable[Hashable]) -> None:
        """These changed: fetch them again when they are seen."""
        for each in ids:
            known = each in self._rows or each in self._on_the_way  # which may have been read before the change
            place = self.place_of(each) if known else None
            if known:
                self._stale.add(each)
            if place is not None:
                self.dataChanged.emit(self.index(place, 0), self.index(place, self.columnCount() - 1))

    def forget_all(self) -> None:
        """Nobody knows what changed: fetch all again as it is seen."""
        self._stale.update(self._rows)
        self._stale.update(self._on_the_way)
        if len(self._ids):
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

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

    def _reorder(self, old: Ids, new: Ids) -> None:
        """Tell what is selected, and what else views hold on to, its new place; what is gone has none."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [(old[each.row()] if each.row() < len(old) else None, each.column()) for each in before]
        self._ids = new
        stood = {each: at.row() for at, (each, _) in zip(before, kept, strict=True)}
        places = {each: None if each is None else new.place_of(each, at) for each, at in stood.items()}
        after = [_ROOT if (place := places[each]) is None else self.index(place, column) for each, column in kept]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _want(self, place: int) -> None:
        """This line and those around it, so that scrolling finds them there."""
        start = place - place % _CHUNK
        for near in range(start, min(start + _CHUNK, len(self._ids))):
            each = self._ids[near]
            if (each not in self._rows or each in self._stale) and each not in self._on_the_way:
                self._wanted[each] = near
        if self._wanted and not self._soon.isActive():
            self._soon.start()

    def _fetch(self) -> None:
        wanted = list(self._wanted)
        self._seen_at.update(self._wanted)
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
            gone, _ = self._rows.popitem(last=False)
            self._seen_at.pop(gone, None)
        places = sorted(place for each in wanted if (place := self.place_of(each)) is not None)
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
