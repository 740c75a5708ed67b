"""All scripts: a list to look through, and beside it what is to be known of the chosen one."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.models.records.desk import Actor
from app.models.records.scripts import Package
from app.services.remote_help.comparing import Comparison
from app.services.remote_help.registry import Registered
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.banner import Banner
from app.views.kit.search_line import SearchLine
from app.views.kit.states import StateView
from app.views.script_library.control import LibraryControl
from app.views.script_library.details import ScriptDetails
from app.views.script_library.library_model import ScriptRow, State, cells, fitting

_COLUMNS = ("name", "state", "version", "risk", "transport", "author")
_ICONS = {State.WAITS: ("waiting", "warning"), State.RUNS: ("check", "success"), State.RETIRED: ("archive", "muted")}


class LibraryPage(QWidget):
    """`edit_wanted` brings the version to begin from, `try_wanted` the one to be tried, `new_wanted` neither."""

    edit_wanted = Signal(Registered)
    try_wanted = Signal(Registered)
    new_wanted = Signal()

    def __init__(self, control: LibraryControl, told: Banner, actor: Actor | None, appearance: Appearance) -> None:
        super().__init__()
        self._control, self._told, self._appearance = control, told, appearance
        self._rows: Sequence[ScriptRow] = ()
        self.search, self.state = SearchLine(appearance), QComboBox()
        self.list, self.details, self._empty = QTreeWidget(), ScriptDetails(actor, appearance), StateView(appearance)
        self._right = QStackedWidget()
        names = ("new", "take_in", "built_in")
        self.buttons = {name: QPushButton(tr(f"script_library.{name}")) for name in names}
        self._build()
        self._connect()
        self._empty.loading()

    def show_rows(self, rows: Sequence[ScriptRow]) -> None:
        """These are there now; what was chosen is chosen still."""
        self._rows = rows
        self._fill()

    def fail(self, words: str, again: Callable[[], None]) -> None:
        """Nothing could be read."""
        self._empty.error(words, again)
        self._right.setCurrentWidget(self._empty)

    @property
    def state_words(self) -> str:
        """What stands in the place of a script; empty where one is shown."""
        return self._empty.words if self._right.currentWidget() is self._empty else ""

    def choose(self, key: str) -> None:
        for place in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(place)
            if item is not None and item.data(0, Qt.ItemDataRole.UserRole).key == key:
                self.list.setCurrentItem(item)

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _text: self._fill())
        self.state.currentIndexChanged.connect(lambda _place: self._fill())
        self.list.currentItemChanged.connect(self._choose)
        self.buttons["new"].clicked.connect(self.new_wanted)
        self.buttons["take_in"].clicked.connect(self._take_in)
        self.buttons["built_in"].clicked.connect(self._control.add_built_in)
        self.details.chosen.connect(self._compare)
        self.details.wanted.connect(self._do)

    def _fill(self) -> None:
        chosen = self.list.currentItem()
        key = chosen.data(0, Qt.ItemDataRole.UserRole).key if chosen is not None else ""
        rows = fitting(self._rows, self.search.text(), self.state.currentData())
        self.list.blockSignals(True)
        self.list.clear()
        for each in rows:
            item = QTreeWidgetItem(list(cells(each)))
            item.setIcon(1, self._appearance.icon(*_ICONS[each.state]))
            item.setData(0, Qt.ItemDataRole.UserRole, each)
            item.setToolTip(0, each.key)
            self.list.addTopLevelItem(item)
        self.list.blockSignals(False)
        if not rows:
            words = ("none", "none_hint") if not self._rows else ("none_fits", "none_fits_hint")
            self._empty.empty("code", *(tr(f"script_library.{each}") for each in words))
            self._right.setCurrentWidget(self._empty)
            return
        place = next((place for place, each in enumerate(rows) if each.key == key), 0)
        self.list.setCurrentIndex(self.list.model().index(place, 0))

    def _choose(self, item: QTreeWidgetItem | None, _before: object) -> None:
        if item is not None:
            self._right.setCurrentWidget(self.details)
            self.details.show_row(item.data(0, Qt.ItemDataRole.UserRole))

    def _compare(self, version: Registered, before: Registered | None) -> None:
        def arrived(found: tuple[Package, Comparison]) -> None:
            self.details.difference.show_difference(*found, before.manifest.version if before is not None else "")

        self._control.compare(before.id if before is not None else None, version.id, arrived)

    def _do(self, deed: str, version: Registered) -> None:
        match deed:
            case "approve":
                self._ask("approve", version, self._control.approve)
            case "retire":
                self._ask("retire", version, self._control.retire)
            case "edit":
                self.edit_wanted.emit(version)
            case "try":
                self.try_wanted.emit(version)
            case _:
                self._export(version)

    def _ask(self, deed: str, version: Registered, do: Callable[[Registered], None]) -> None:
        """Nothing is let run, and nothing ended, by one press of a button."""
        facts = {"name": version.manifest.id, "version": version.manifest.version, "digest": version.sha256}
        words = tr("script_library.ask_approve" if deed == "approve" else "script_library.ask_retire", **facts)
        self._told.tell("warning", words, (tr(f"script_yes.{deed}"), partial(do, version)))
        self._told.focus_action()

    def _take_in(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("script_library.take_in"))
        if folder:
            self._control.take_in(Path(folder))

    def _export(self, version: Registered) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("script_library.export_to"))
        if folder:
            self._control.export(version, Path(folder))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        head = QHBoxLayout()
        self.search.setPlaceholderText(tr("script_library.search"))
        self.search.setAccessibleName(tr("script_library.search"))
        self.state.addItem(tr("script_library.any_state"), None)
        for each in State:
            self.state.addItem(tr(f"script_state.{each.value}"), each)
        self.state.setAccessibleName(tr("script_history.state"))
        head.addWidget(self.search, 1)
        head.addWidget(self.state)
        for button in self.buttons.values():
            button.setAutoDefault(False)
            head.addWidget(button)
        column.addLayout(head)
        self.list.setHeaderLabels([tr(f"script_column.{each}") for each in _COLUMNS])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setProperty("role", "boxed")
        self.list.setAccessibleName(tr("script_library.list"))
        for place, width in enumerate((186, 160, 66, 74, 126, 100)):
            self.list.setColumnWidth(place, width)
        for page in (self._empty, self.details):
            self._right.addWidget(page)
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(self._right)
        split.setSizes([740, 550])
        column.addWidget(split, 1)
