"""Each target of a run in a line: how it stands, its exit code, how long it took, and the last that it said."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView

from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.remote_help.feed import Feed
from app.views.remote_help.model import STATE_LOOKS, StateLine, state_line

_COLUMNS = ("state", "exit", "time", "last")
"""After that of the targets, which are called by what they are."""
_MOST_ROWS = 6
_ROOT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class ResultsModel(QAbstractTableModel):
    """Lines as they are now; `show_lines` tells only what is different."""

    def __init__(self, appearance: Appearance, target: str) -> None:
        super().__init__()
        self._appearance = appearance
        self._titles = (target, *(tr(f"remote_view.column.{each}") for each in _COLUMNS))
        self._lines: list[StateLine] = []

    def show_lines(self, lines: Sequence[StateLine]) -> None:
        if len(lines) != len(self._lines):
            self.beginResetModel()
            self._lines = list(lines)
            self.endResetModel()
            return
        for row, line in enumerate(lines):
            if line != self._lines[row]:
                self._lines[row] = line
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(_COLUMNS)))

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(_COLUMNS) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self._lines[index.row()]
        words = (line.target, line.state, line.exit, line.time, line.last)[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._titles[index.column()]}: {words}"
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 1:
            return self._appearance.icon(*STATE_LOOKS[line.outcome])
        return None


class ResultsTable(QTreeView):
    """`chosen` brings the target whose output is wanted, empty for that of all. `target` is what a target is called."""

    chosen = Signal(str)

    def __init__(self, appearance: Appearance, target: str) -> None:
        super().__init__()
        self._model = ResultsModel(appearance, target)
        self.setModel(self._model)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setProperty("role", "boxed")
        self.setAccessibleName(tr("remote_view.results"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        head = self.header()
        head.setStretchLastSection(True)
        for column in range(len(_COLUMNS)):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit(self.current))

    @property
    def current(self) -> str:
        rows = self.selectionModel().selectedRows(0)
        return str(rows[0].data()) if rows else ""

    def begin(self, targets: Sequence[str]) -> None:
        """Anew, as high as its lines are."""
        self.clearSelection()
        self._model.show_lines([])
        self.show_feed(Feed(targets))
        rows = min(max(len(targets), 1), _MOST_ROWS)
        row = max(self.sizeHintForRow(0), self.fontMetrics().height() + 6)
        self.setFixedHeight(self.header().sizeHint().height() + row * rows + 12)

    def show_feed(self, feed: Feed) -> None:
        now = feed.now
        self._model.show_lines([state_line(each, now) for each in list(feed.states.values())])

    def line(self, row: int) -> list[str]:
        """What stands in a line."""
        return [str(self._model.index(row, column).data()) for column in range(len(_COLUMNS) + 1)]
