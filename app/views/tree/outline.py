"""The tree in lines of words beside the picture: the same steps and warnings, for who listens or likes to read."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QWidget

from app.models.records.trees import NodeView, TreeView
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.tree.outline_model import Twig, twigs
from app.views.tree.words import CardWords, card_words

_KEY = int(Qt.ItemDataRole.UserRole)
_DUTY, _ROOM_FOR_BOTH = 118, 230


class TreeOutline(QTreeView):
    """`chosen` brings the key of the step that a person went to, `opened` asks for its details."""

    chosen = Signal(str)
    opened = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._model = QStandardItemModel(self)
        self._items: dict[str, QStandardItem] = {}
        self._duty_width = _DUTY
        self.setModel(self._model)
        self.setAccessibleName(tr("tree_view.outline"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setIndentation(13)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.selectionModel().currentChanged.connect(self._moved)
        self.activated.connect(lambda _index: self.opened.emit())

    def show_tree(self, view: TreeView) -> None:
        """All steps, each below the first that leads to it; the current one stays, and what was folded is so again."""
        here = self.current
        folded = [key for key, item in self._items.items() if item.hasChildren() and not self.isExpanded(item.index())]
        blocked = self.selectionModel().blockSignals(True)
        header = self.header()
        duty = header.sectionSize(1) if header.count() > 1 and not header.isSectionHidden(1) else self._duty_width
        self._duty_width = duty
        self._model.clear()
        self._items.clear()
        self._model.setHorizontalHeaderLabels([tr("tree_view.step"), tr("tree_view.on_duty")])
        nodes = {each.node.key: each for each in view.nodes}
        self._add(self._model.invisibleRootItem(), twigs(view.tree), nodes, view)
        self.expandAll()
        for key in folded:
            if key in self._items:
                self.collapse(self._items[key].index())
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(False)
        header.resizeSection(1, duty)
        self._fit()
        self.selectionModel().blockSignals(blocked)
        self.choose(here)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is little room the steps have it alone: who is there is told beside the tree as well."""
        if self.header().count() > 1:
            self.header().setSectionHidden(1, self.viewport().width() < _ROOM_FOR_BOTH)

    @property
    def current(self) -> str:
        """The key of the current step; empty where there is none."""
        index = self.currentIndex()
        return str(index.siblingAtColumn(0).data(_KEY)) if index.isValid() else ""

    def choose(self, key: str) -> None:
        """Go to a step without telling anybody."""
        blocked = self.selectionModel().blockSignals(True)
        if key in self._items:
            index = self._items[key].index()
            rows = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(index, rows)
            self.scrollTo(index)
        else:
            self.selectionModel().clear()
        self.selectionModel().blockSignals(blocked)
        self.viewport().update()

    def _add(
        self, parent: QStandardItem, branch: Sequence[Twig], nodes: Mapping[str, NodeView], view: TreeView
    ) -> None:
        for twig in branch:
            if twig.key in nodes:
                words = card_words(nodes[twig.key], view)
                items = self._row(twig, words)
                parent.appendRow(items)
                self._items[twig.key] = items[0]
                self._add(items[0], twig.onward, nodes, view)

    def _row(self, twig: Twig, words: CardWords) -> list[QStandardItem]:
        step, duty = QStandardItem(words.name), QStandardItem(words.duty)
        step.setData(twig.key, _KEY)
        step.setData(words.spoken, int(Qt.ItemDataRole.AccessibleTextRole))
        for each in (step, duty):
            each.setToolTip(words.spoken)
        if words.warning or words.duty_is_bad:
            step.setIcon(self._appearance.icon("warning", "danger" if words.duty_is_bad else "warning"))
        elif words.current:
            step.setIcon(self._appearance.icon("chevron-right", "accent"))
        return [step, duty]

    def _moved(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(str(now.siblingAtColumn(0).data(_KEY)))
