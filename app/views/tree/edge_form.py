"""The form of an edge: when it is taken."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from app.models.records.tickets import Priority
from app.models.records.trees import Edge, EdgeKind
from app.services.wording import tr
from app.views.kit.boxes import choose
from app.views.tree.entries import length_text, read_length, read_words
from app.views.tree.form_lines import FormLines

_LISTS = ("categories", "components", "skills", "languages")
_HOURS = {"always": None, "open": True, "closed": False}


class EdgeForm(FormLines):
    """`changed` brings the edge as it was and as it is now, `moved` an edge and by how many places."""

    changed = Signal(Edge, Edge)
    moved = Signal(Edge, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("tree_view.edge"), parent)
        self._edge: Edge | None = None
        self.way = QLabel()
        self.way.setWordWrap(True)
        self.kind, self.hours = QComboBox(), QComboBox()
        for kind in EdgeKind:
            self.kind.addItem(tr(f"tree_view.kind_of.{kind.value}"), kind.value)
        for hours in _HOURS:
            self.hours.addItem(tr(f"tree_view.hours_of.{hours}"), hours)
        self.lists = {name: QLineEdit() for name in _LISTS}
        self.after = QLineEdit()
        self.priorities = {each: QCheckBox(each.name) for each in Priority}
        self.earlier, self.later = QPushButton(tr("tree_view.sooner")), QPushButton(tr("tree_view.later"))
        self._build()
        self._connect()

    def show_edge(self, edge: Edge, words: str) -> None:
        """Fill the form without telling of it."""
        self._edge = None
        self.way.setText(words)
        choose(self.kind, edge.kind.value)
        for name, line in self.lists.items():
            line.setText(", ".join(getattr(edge.conditions, name)))
        for priority, box in self.priorities.items():
            box.setChecked(priority in edge.conditions.priorities)
        choose(self.hours, next(each for each, is_open in _HOURS.items() if is_open is edge.conditions.open_hours))
        self.after.setText(length_text(edge.after) if edge.after else "")
        self.after.setEnabled(edge.kind is EdgeKind.HIERARCHIC)
        self.tell(self.after, "")
        self._edge = edge

    def _build(self) -> None:
        self.add(tr("tree_view.way"), self.way)
        self.add(tr("tree_view.kind"), self.kind)
        priorities = QWidget()
        row = QHBoxLayout(priorities)
        row.setContentsMargins(0, 0, 0, 0)
        for box in self.priorities.values():
            row.addWidget(box)
        row.addStretch(1)
        self.add(tr("tree_view.priorities"), priorities)
        for name, line in self.lists.items():
            self.add(tr(f"tree_view.{name}_of"), line)
        self.add(tr("tree_view.hours"), self.hours)
        self.add(tr("tree_view.after_of"), self.after, tr("tree_view.after_hint"))
        order = QWidget()
        buttons = QHBoxLayout(order)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.addWidget(self.earlier)
        buttons.addWidget(self.later)
        buttons.addStretch(1)
        self.add(tr("tree_view.order"), order)
        self.end()

    def _connect(self) -> None:
        self.kind.activated.connect(lambda _row: self._set(kind=EdgeKind(self.kind.currentData())))
        for name, line in self.lists.items():
            line.editingFinished.connect(lambda name=name, line=line: self._ask(**{name: read_words(line.text())}))
        for box in self.priorities.values():
            box.clicked.connect(lambda _checked: self._ask(priorities=self._chosen()))
        self.hours.activated.connect(lambda _row: self._ask(open_hours=_HOURS[str(self.hours.currentData())]))
        self.after.editingFinished.connect(self._wait)
        self.earlier.clicked.connect(lambda: self._move(-1))
        self.later.clicked.connect(lambda: self._move(1))

    def _chosen(self) -> tuple[Priority, ...]:
        return tuple(each for each, box in self.priorities.items() if box.isChecked())

    def _ask(self, **conditions: Any) -> None:
        if self._edge is not None:
            self._set(conditions=replace(self._edge.conditions, **conditions))

    def _wait(self) -> None:
        typed = self.after.text().strip()
        try:
            after = read_length(typed) if typed else None
        except ValueError as wrong:
            self.tell(self.after, tr("tree_view.not_a_length", typed=str(wrong)))
            return
        self.tell(self.after, "")
        self._set(after=after)

    def _set(self, **change: Any) -> None:
        if self._edge is not None:
            before, self._edge = self._edge, replace(self._edge, **change)
            if self._edge != before:
                self.changed.emit(before, self._edge)

    def _move(self, by: int) -> None:
        if self._edge is not None:
            self.moved.emit(self._edge, by)
