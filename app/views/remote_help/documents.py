"""What scripts tell besides words: tables that can be sorted, copied and exported, and documents that fold."""

import csv
import io
import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QHeaderView, QTableView, QTreeWidget, QTreeWidgetItem

from app.models.errors import KnownError
from app.services.remote_help.laying_out import column_title
from app.services.whole_file import write_whole
from app.services.wording import tr

_ROOT = QModelIndex()
_WIDEST, _LOOKED_AT = 420, 200
_MOST_NODES, _OPEN_TO = 20_000, 2
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Index = QModelIndex | QPersistentModelIndex


class _Rows(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.columns: Sequence[str] = ()
        self.rows: Sequence[Sequence[str]] = ()

    def show_rows(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.beginResetModel()
        self.columns, self.rows = columns, rows
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return column_title(self.columns[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.rows[index.row()][index.column()]
        return None


class _Sorted(QSortFilterProxyModel):
    """Numbers by their size, words by their letters; numbers first."""

    def lessThan(self, left: Index, right: Index) -> bool:
        return _order(str(left.data())) < _order(str(right.data()))


class TableView(QTableView):
    """Ctrl+C copies what is selected; a click on a heading sorts."""

    def __init__(self) -> None:
        super().__init__()
        self._rows, self._sorted = _Rows(), _Sorted(self)
        self._sorted.setSourceModel(self._rows)
        self.setModel(self._sorted)
        self.setSortingEnabled(True)
        self.setAccessibleName(tr("remote_view.table"))
        self.setProperty("role", "boxed")
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.verticalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        QShortcut(QKeySequence.StandardKey.Copy, self, self.copy, context=Qt.ShortcutContext.WidgetShortcut)

    def show_table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self._rows.show_rows(columns, rows)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.horizontalHeader().setResizeContentsPrecision(_LOOKED_AT)
        self.resizeColumnsToContents()
        for column in range(len(columns)):
            self.setColumnWidth(column, min(self.columnWidth(column) + 12, _WIDEST))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.resizeRowsToContents() if len(rows) <= _LOOKED_AT else None

    def copy(self) -> None:
        """The rows that are selected, all where none is, with their headings, to be pasted into a sheet."""
        chosen = sorted(each.row() for each in self.selectionModel().selectedRows())
        rows = [self._cells(row) for row in chosen or range(self._sorted.rowCount())]
        QGuiApplication.clipboard().setText(_written([self._rows.columns, *rows], "\t"))

    def export(self, file: Path) -> None:
        """All rows as they are sorted now. `KnownError` `file.cannot_write`."""
        rows = [self._cells(row) for row in range(self._sorted.rowCount())]
        safe = [[_no_formula(cell) for cell in row] for row in [self._rows.columns, *rows]]
        write_whole(file, _written(safe, ",").encode("utf-8-sig"))

    def ask_export(self) -> KnownError | None:
        """Where to; what went wrong."""
        name, _ = QFileDialog.getSaveFileName(self, tr("remote_view.export"), "result.csv", "CSV (*.csv)")
        if name:
            try:
                self.export(Path(name))
            except KnownError as error:
                return error
        return None

    def _cells(self, row: int) -> list[str]:
        return [str(self._sorted.index(row, column).data()) for column in range(self._sorted.columnCount())]


class DocumentView(QTreeWidget):
    """A document of JSON, opened as far as its second level. Ctrl+C copies what is chosen, with all below it."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderLabels([tr("remote_view.json_name"), tr("remote_view.json_value")])
        self.setAccessibleName(tr("remote_view.json"))
        self.setUniformRowHeights(True)
        self.setProperty("role", "boxed")
        self._document: Any = None
        QShortcut(QKeySequence.StandardKey.Copy, self, self.copy, context=Qt.ShortcutContext.WidgetShortcut)

    def show_document(self, document: Any) -> None:
        self._document = document
        self.clear()
        left = [_MOST_NODES]
        self.addTopLevelItems(_nodes(document, left))
        self.expandToDepth(_OPEN_TO - 1)
        self.resizeColumnToContents(0)
        self.setColumnWidth(0, min(self.columnWidth(0) + 20, _WIDEST))

    def copy(self) -> None:
        chosen = self.selectedItems()
        value = chosen[0].data(0, Qt.ItemDataRole.UserRole) if chosen else [self._document]
        QGuiApplication.clipboard().setText(pretty(value[0]))


def pretty(document: Any) -> str:
    """As people read it."""
    return json.dumps(document, indent=2, ensure_ascii=False, default=str)


def _nodes(document: Any, left: list[int]) -> list[QTreeWidgetItem]:
    """One for each entry, until there are too many to be looked at."""
    if isinstance(document, dict):
        entries = [(str(name), value) for name, value in document.items()]
    elif isinstance(document, list):
        entries = [(f"[{place}]", value) for place, value in enumerate(document)]
    else:
        entries = [("", document)]
    found = []
    for name, value in islice(entries, max(left[0], 0)):
        left[0] -= 1
        inner = isinstance(value, dict | list)
        item = QTreeWidgetItem([name, _summary(value)])
        item.setData(0, Qt.ItemDataRole.UserRole, (value,))
        item.setToolTip(1, item.text(1))
        if inner and left[0] > 0:
            item.addChildren(_nodes(value, left) if value else [])
        found.append(item)
    return found


def _summary(value: Any) -> str:
    if isinstance(value, dict):
        return tr("remote_view.json_object" if len(value) != 1 else "remote_view.json_object_of_one", count=len(value))
    if isinstance(value, list):
        return tr("remote_view.json_list", count=len(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _order(words: str) -> tuple[int, float, str]:
    try:
        return 0, float(words.replace(",", "")), ""
    except ValueError:
        return 1, 0.0, words.casefold()


def _written(rows: Sequence[Sequence[str]], between: str) -> str:
    told = io.StringIO()
    csv.writer(told, delimiter=between, lineterminator="\r\n" if between == "," else "\n").writerows(rows)
    return told.getvalue()


def _no_formula(cell: str) -> str:
    """What a spreadsheet would reckon out is text to it: a cell may hold what somebody else wrote."""
    if not cell.startswith(_FORMULA):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
