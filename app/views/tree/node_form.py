"""The form of a step: each entry is a change of its own as soon as it is left."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox, QWidget

from app.models.records.desk import Level
from app.models.records.trees import ContactWay, Node
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.boxes import choose, inset
from app.views.tree.contact_rows import ContactRows
from app.views.tree.entries import promises_text, read_lines, read_promises, read_words
from app.views.tree.form_lines import FormLines
from app.views.tree.offers import Offers
from app.views.tree.words import level_words

_LINES_HEIGHT = 84
_MOST_ROUNDS = 20


class NodeForm(FormLines):
    """`changed` brings the step as it is now, `starts` its key when requests are to begin there."""

    changed = Signal(Node)
    starts = Signal(str)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(tr("tree_view.step"), parent)
        self._node: Node | None = None
        self.name, self.accept, self.resolve, self.categories = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.level, self.team, self.vendor = QComboBox(), QComboBox(), QComboBox()
        self.manager, self.calendar = QComboBox(), QComboBox()
        self.contacts = ContactRows(appearance)
        self.repeat = QSpinBox(minimum=1, maximum=_MOST_ROUNDS)
        self.repeat.setKeyboardTracking(False)
        inset(self.repeat)
        self.prerequisites = _Lines()
        self.start = QCheckBox(tr("tree_view.begins_here"))
        for level in Level:
            self.level.addItem(level_words(level), level.value)
        self._build()
        self._connect()

    def offer(self, offers: Offers) -> None:
        """What there is to choose from."""
        self.contacts.offer(offers.people)
        groups: tuple[tuple[QComboBox, str, Any], ...] = (
            (self.team, tr("tree_view.no_team"), offers.teams),
            (self.vendor, tr("tree_view.no_vendor"), offers.vendors),
            (self.manager, tr("tree_view.no_manager"), [each for each in offers.people if each.active]),
            (self.calendar, tr("tree_view.round_the_clock"), offers.calendars),
        )
        for box, none, things in groups:
            box.clear()
            box.addItem(none, "")
            for each in things:
                box.addItem(each.name, str(each.id))

    def show_node(self, node: Node, *, is_start: bool) -> None:
        """Fill the form without telling of it; the caret stays where it is."""
        self._node = None
        for line, words in (
            (self.name, node.name),
            (self.accept, promises_text(node.accept_within)),
            (self.resolve, promises_text(node.resolve_within)),
            (self.categories, ", ".join(node.categories)),
        ):
            if line.text() != words:
                line.setText(words)
            self.tell(line, "")
        choose(self.level, node.level.value)
        for box, value in self._ids(node):
            choose(box, str(value) if value else "")
        self.repeat.setValue(node.repeat)
        self.prerequisites.show_lines(node.prerequisites)
        self.contacts.show_ways(node.contacts)
        self.start.setChecked(is_start)
        self.start.setEnabled(not is_start)
        self._node = node

    def _ids(self, node: Node) -> tuple[tuple[QComboBox, UUID | None], ...]:
        return (
            (self.team, node.team_id),
            (self.vendor, node.vendor_id),
            (self.manager, node.manager_id),
            (self.calendar, node.calendar_id),
        )

    def _build(self) -> None:
        self.add(tr("tree_view.name"), self.name)
        self.add(tr("tree_view.level_of"), self.level)
        self.add(tr("tree_view.team"), self.team)
        self.add(tr("tree_view.calendar"), self.calendar)
        self.add(tr("tree_view.contacts"), self.contacts)
        self.add(tr("tree_view.rounds"), self.repeat)
        self.add(tr("tree_view.accept_within"), self.accept, tr("tree_view.promises_hint"))
        self.add(tr("tree_view.resolve_within"), self.resolve, tr("tree_view.promises_hint"))
        self.prerequisites.setFixedHeight(_LINES_HEIGHT)
        self.add(tr("tree_view.prerequisites"), self.prerequisites, tr("tree_view.prerequisites_hint"))
        self.add(tr("tree_view.categories"), self.categories, tr("tree_view.words_hint"))
        self.add(tr("tree_view.vendor_of"), self.vendor)
        self.add(tr("tree_view.manager_of"), self.manager)
        self.end(self.start)

    def _connect(self) -> None:
        self.name.editingFinished.connect(self._rename)
        self.level.activated.connect(lambda _row: self._set(level=Level(self.level.currentData())))
        for box, name in (
            (self.team, "team_id"),
            (self.vendor, "vendor_id"),
            (self.manager, "manager_id"),
            (self.calendar, "calendar_id"),
        ):
            box.activated.connect(lambda _row, box=box, name=name: self._set(**{name: _id(box)}))
        self.contacts.changed.connect(self._set_contacts)
        self.repeat.valueChanged.connect(lambda value: self._set(repeat=value))
        self.accept.editingFinished.connect(lambda: self._promise(self.accept, "accept_within"))
        self.resolve.editingFinished.connect(lambda: self._promise(self.resolve, "resolve_within"))
        self.categories.editingFinished.connect(lambda: self._set(categories=read_words(self.categories.text())))
        self.prerequisites.left.connect(lambda: self._set(prerequisites=read_lines(self.prerequisites.toPlainText())))
        self.start.clicked.connect(lambda _checked: self._start())

    def _set(self, **change: Any) -> None:
        if self._node is not None:
            node = replace(self._node, **change)
            if node != self._node:
                self._node = node
                self.changed.emit(node)

    def _set_contacts(self, ways: tuple[ContactWay, ...]) -> None:
        self._set(contacts=ways)

    def _rename(self) -> None:
        name = self.name.text().strip()
        self.tell(self.name, "" if name else tr("tree_view.name_missing"))
        if name:
            self._set(name=name)

    def _promise(self, line: QLineEdit, field: str) -> None:
        try:
            promises = read_promises(line.text())
        except ValueError as wrong:
            self.tell(line, tr("tree_view.not_a_promise", typed=str(wrong)))
            return
        self.tell(line, "")
        self._set(**{field: promises})

    def _start(self) -> None:
        if self._node is not None:
            self.starts.emit(self._node.key)


class _Lines(QPlainTextEdit):
    """Lines of text; Tab leaves them, and `left` tells of it."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)

    def show_lines(self, lines: tuple[str, ...]) -> None:
        if read_lines(self.toPlainText()) != lines:
            self.setPlainText("\n".join(lines))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


def _id(box: QComboBox) -> UUID | None:
    value = box.currentData()
    return UUID(str(value)) if value else None
