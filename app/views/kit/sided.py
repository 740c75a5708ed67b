"""A page of things with a name: all of them on the left, the chosen one's form on the right."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast
from uuid import UUID

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.states import StateView

_LIST_WIDTH = 220


class Named(Protocol):
    """What has a page of its own."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...


class Form(Protocol):
    """What is typed into."""

    @property
    def is_touched(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class SidedWords:
    """`listed` names the list, `new` is the button's; `none` and `hint` stand where there is nothing. `look_only` says
    why nothing can be added; empty where it can."""

    listed: str
    new: str
    none: str
    hint: str
    icon: str
    look_only: str = ""


class SidedPage(QWidget):
    """What was typed for one is still there after a look at another, until it is saved. `make` builds a form for one,
    or for a new one."""

    def __init__(self, words: SidedWords, appearance: Appearance, make: Callable[[Any], QWidget]) -> None:
        super().__init__()
        self._words, self._appearance, self._make = words, appearance, make
        self._items: Sequence[Named] = ()
        self._wanted: UUID | None = None
        self._forms: dict[UUID | None, QWidget] = {}
        self.list, self.new = QListWidget(), QPushButton(words.new)
        self._stack = QStackedWidget()
        self._state = StateView(appearance)
        self._stack.addWidget(self._state)
        self._state.loading()
        self._build()
        self.list.currentRowChanged.connect(self._choose)
        self.new.clicked.connect(self.ask_for_new)

    @property
    def form(self) -> QWidget | None:
        """The form that is shown, if one is."""
        shown = self._stack.currentWidget()
        return shown if shown is not self._state else None

    def show_items(self, items: Sequence[Named], *, anew: bool = False) -> None:
        """These are there now. What was typed into a form is not forgotten; one that nobody touched shows what is new.

        `anew`: something changed that all forms offer to choose from.
        """
        before, self._items = {each.id: each for each in self._items}, items
        asking = self.form is not None and self.form is self._forms.get(None)
        self.list.blockSignals(True)
        self.list.clear()
        for each in items:
            self.list.addItem(QListWidgetItem(QIcon(self._appearance.icon(self._words.icon)), each.name))
        self.list.blockSignals(False)
        self._refresh(before, anew=anew)
        ids = [each.id for each in items]
        if self._wanted in ids:
            self.list.setCurrentRow(ids.index(self._wanted))
        elif asking:
            self._open(None)
        elif ids:
            self.list.setCurrentRow(0)
        else:
            self._state.empty(self._words.icon, self._words.none, self._words.hint)
            self._stack.setCurrentWidget(self._state)

    def _refresh(self, before: Mapping[UUID, Named], *, anew: bool) -> None:
        """Forget the forms of what is gone, and of what others changed while nobody typed here."""
        there = {each.id: each for each in self._items}
        for key, form in list(self._forms.items()):
            is_old = anew or (key is not None and there.get(key) != before.get(key))
            if (is_old and not _is_touched(form)) or (key is not None and key not in there):
                self._drop(key)

    def saved(self, item_id: UUID) -> None:
        """Its form is made anew with what is stored, and it is shown, as soon as it is among the items."""
        self._drop(item_id if item_id in self._forms else None)
        self._wanted = item_id

    def fail(self, words: str, again: Callable[[], None]) -> None:
        """Nothing could be read."""
        self._state.error(words, again)
        self._stack.setCurrentWidget(self._state)

    def choose(self, item_id: UUID) -> None:
        """Show this one, now or as soon as it is there."""
        self._wanted = item_id
        ids = [each.id for each in self._items]
        if item_id in ids:
            self.list.setCurrentRow(ids.index(item_id))

    def ask_for_new(self) -> None:
        self._wanted = None
        self.list.blockSignals(True)
        self.list.setCurrentRow(-1)
        self.list.blockSignals(False)
        self._open(None)

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._items):
            self._wanted = self._items[place].id
            self._open(self._items[place])

    def _open(self, item: Named | None) -> None:
        key = item.id if item is not None else None
        if key not in self._forms:
            self._forms[key] = self._make(item)
            self._stack.addWidget(self._forms[key])
        self._stack.setCurrentWidget(self._forms[key])
        if item is None:
            self._forms[key].setFocus()

    def _drop(self, key: UUID | None) -> None:
        form = self._forms.pop(key, None)
        if form is not None:
            self._stack.removeWidget(form)
            form.deleteLater()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(18)
        column = QVBoxLayout()
        column.setSpacing(8)
        self.list.setProperty("role", "sidebar")
        self.list.setAccessibleName(self._words.listed)
        self.list.setIconSize(QSize(16, 16))
        self.list.setFixedWidth(_LIST_WIDTH)
        column.addWidget(self.list, 1)
        if self._words.look_only:
            told = QLabel(self._words.look_only)
            told.setWordWrap(True)
            told.setProperty("role", "caption")
            told.setFixedWidth(_LIST_WIDTH)
            column.addWidget(told)
            self.new.hide()
        else:
            self.new.setAutoDefault(False)
            column.addWidget(self.new)
        row.addLayout(column)
        row.addWidget(self._stack, 1)


def _is_touched(form: QWidget) -> bool:
    return cast(Form, form).is_touched


def heading(words: str, told: str = "") -> QVBoxLayout:
    """A form's title and what is to be said of it."""
    column = QVBoxLayout()
    column.setSpacing(2)
    title = QLabel(words)
    title.setProperty("role", "title")
    title.setTextFormat(Qt.TextFormat.PlainText)
    column.addWidget(title)
    if told:
        line = QLabel(told)
        line.setProperty("role", "caption")
        line.setWordWrap(True)
        line.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(line)
    return column


class Ending(QWidget):
    """The buttons below a form: to remove, and to save."""

    def __init__(self, *, may_change: bool, is_new: bool) -> None:
        super().__init__()
        self.save = QPushButton(tr("catalogue_page.add" if is_new else "catalogue_page.save"))
        self.remove = QPushButton(tr("catalogue_page.remove"))
        self.save.setProperty("role", "primary")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.addWidget(self.remove)
        self.row.addStretch(1)
        self.row.addWidget(self.save)
        self.save.setAutoDefault(False)
        self.remove.setAutoDefault(False)
        self.remove.setVisible(may_change and not is_new)
        self.save.setVisible(may_change)
