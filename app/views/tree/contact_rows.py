"""Whom a step asks, in order: a row for each contact way, that can be moved, changed and taken out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSpinBox, QToolButton, QVBoxLayout, QWidget

from app.models.records.desk import Agent
from app.models.records.trees import ContactWay, WayKind
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.boxes import choose, inset

_MOST_MINUTES = 60 * 24 * 7
_MINUTES = 88  # pixels


class ContactRows(QWidget):
    """`changed` brings all of them whenever a person changed one."""

    changed = Signal(tuple)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._people: Sequence[Agent] = ()
        self._ways: tuple[ContactWay, ...] = ()
        self.rows: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.more = QPushButton(tr("tree_view.add_contact"))
        self.more.clicked.connect(self._add)
        self._column.addWidget(self.more)

    def offer(self, people: Sequence[Agent]) -> None:
        self._people = [each for each in people if each.active]

    def show_ways(self, ways: tuple[ContactWay, ...]) -> None:
        self._ways = ways
        for row in self.rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self.rows = [self._row(place, way) for place, way in enumerate(ways)]
        for place, row in enumerate(self.rows):
            self._column.insertWidget(place, row)

    def _row(self, place: int, way: ContactWay) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        whom = self._whom(way)
        whom.setAccessibleName(tr("tree_view.contact_number", number=place + 1))
        whom.activated.connect(lambda _row: self._set(place, _chosen(whom, self._ways[place])))
        minutes = QSpinBox(minimum=1, maximum=_MOST_MINUTES, value=int(way.answer_within.total_seconds() // 60))
        minutes.setSuffix(tr("tree_view.minutes_suffix"))
        minutes.setAccessibleName(tr("tree_view.answer_within", number=place + 1))
        minutes.setKeyboardTracking(False)
        minutes.setFixedWidth(_MINUTES)
        inset(minutes)
        minutes.valueChanged.connect(
            lambda value: self._set(place, replace(self._ways[place], answer_within=timedelta(minutes=value)))
        )
        line.addWidget(whom, 1)
        line.addWidget(minutes)
        line.addWidget(self._tool("chevron-up", "earlier", place, lambda: self._swap(place)))
        line.addWidget(self._tool("close", "take_out", place, lambda: self._take_out(place)))
        return row

    def _whom(self, way: ContactWay) -> QComboBox:
        whom = QComboBox()
        whom.setMinimumContentsLength(9)
        whom.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for kind in WayKind:
            if kind is not WayKind.PERSON:
                whom.addItem(tr(f"tree_view.whom.{kind.value}"), kind.value)
        for person in self._people:
            whom.addItem(person.name, str(person.id))
        gone = way.kind is WayKind.PERSON and str(way.agent_id) not in {str(each.id) for each in self._people}
        if gone:
            whom.addItem(tr("tree_view.somebody_gone"), str(way.agent_id))
        choose(whom, str(way.agent_id) if way.kind is WayKind.PERSON else way.kind.value)
        return whom

    def _tool(self, icon: str, words: str, place: int, run: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "tool")
        name = tr(f"tree_view.{words}", number=place + 1)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setEnabled(words != "earlier" or place > 0)
        self._appearance.dress(button, icon)
        button.clicked.connect(run)
        return button

    def _add(self) -> None:
        self._tell((*self._ways, ContactWay(WayKind.TEAM)))

    def _set(self, place: int, way: ContactWay) -> None:
        if way != self._ways[place]:
            self._tell((*self._ways[:place], way, *self._ways[place + 1 :]))

    def _swap(self, place: int) -> None:
        ways = list(self._ways)
        ways[place - 1], ways[place] = ways[place], ways[place - 1]
        self._tell(tuple(ways))

    def _take_out(self, place: int) -> None:
        self._tell((*self._ways[:place], *self._ways[place + 1 :]))

    def _tell(self, ways: tuple[ContactWay, ...]) -> None:
        self.changed.emit(ways)


def _chosen(whom: QComboBox, way: ContactWay) -> ContactWay:
    value = str(whom.currentData())
    if value in list(WayKind):
        return replace(way, kind=WayKind(value), agent_id=None)
    return replace(way, kind=WayKind.PERSON, agent_id=UUID(value))
