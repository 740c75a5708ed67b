"""What waits on this machine: each thing with its words, why it could not be filed, and what can be done about it."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.services.offline import TicketNote, Unfiled
from app.services.wording import tr
from app.views.kit.appearance import Appearance
from app.views.kit.picker import PickDelegate, PickItem
from app.views.kit.states import StateView
from app.views.offline.words import line_of

_ITEM = int(Qt.ItemDataRole.UserRole)
_KEYS = {"again": "Ctrl+Return", "elsewhere": "Ctrl+M", "open": "Ctrl+O", "copy": "Alt+C", "discard": "Ctrl+D"}


class WaitingDialog(QDialog):
    """Each signal brings the thing that is chosen: to be tried again, put on another ticket, opened as a form, copied,
    or given up."""

    again = Signal(Unfiled)
    elsewhere = Signal(Unfiled)
    opened = Signal(Unfiled)
    copied = Signal(Unfiled)
    discarded = Signal(Unfiled)

    def __init__(self, appearance: Appearance, actor_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("offline.title"))
        self._actor_name = actor_name
        self._things: Sequence[Unfiled] = ()
        self._is_away = False
        self.list = QListWidget()
        self.list.setAccessibleName(tr("offline.title"))
        self.list.setItemDelegate(PickDelegate(appearance, self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(lambda _place: self._show_current())
        self.problem = QLabel()
        self.problem.setProperty("state", "bad")
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName(tr("offline.text"))
        self.text.setTabChangesFocus(True)
        self.empty = StateView(appearance)
        self.empty.empty("done", tr("offline.nothing"), tr("offline.nothing_hint"))
        self.buttons = {name: self._button(name) for name in _KEYS}
        self.buttons["again"].setProperty("role", "primary")
        signals = (self.again, self.elsewhere, self.opened, self.copied, self.discarded)
        for button, signal in zip(self.buttons.values(), signals, strict=True):
            button.clicked.connect(lambda _checked=False, signal=signal: self._emit(signal))
        self._build()

    def show_things(self, things: Sequence[Unfiled], *, is_away: bool) -> None:
        """All that waits; the chosen one stays chosen where it waits still."""
        chosen = self.current.id if self.current else None
        self._things, self._is_away = things, is_away
        self.list.blockSignals(True)
        self.list.clear()
        for each in things:
            line = line_of(each, self._actor_name)
            item = QListWidgetItem(line.words)
            item.setData(_ITEM, PickItem(line.words, each.id, line.detail, "warning" if line.problem else line.icon))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{line.words}. {line.detail}. {line.problem}")
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.list.setCurrentRow(self._place_of(chosen))
        self._show_current()

    @property
    def current(self) -> Unfiled | None:
        place = self.list.currentRow()
        return self._things[place] if 0 <= place < len(self._things) else None

    def _place_of(self, thing_id: UUID | None) -> int:
        places = [place for place, each in enumerate(self._things) if each.id == thing_id]
        return places[0] if places else 0

    def _show_current(self) -> None:
        thing = self.current
        for each in (self.list, self.text, *self.buttons.values()):
            each.setVisible(thing is not None)
        self.empty.setVisible(thing is None)
        problem = line_of(thing, self._actor_name).problem if thing else ""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if thing is None:
            return
        is_note, mine = isinstance(thing.what, TicketNote), thing.by_name == self._actor_name
        self.text.setPlainText(thing.text)
        self.buttons["elsewhere"].setVisible(is_note)
        self.buttons["open"].setVisible(not is_note)
        for name in ("again", "elsewhere"):
            self.buttons[name].setEnabled(mine and not self._is_away)
        self.buttons["open"].setEnabled(mine)

    def _emit(self, signal: object) -> None:
        if self.current is not None:
            signal.emit(self.current)  # type: ignore[attr-defined]

    def _button(self, name: str) -> QPushButton:
        button = QPushButton(tr(f"offline.{name}"))
        button.setShortcut(QKeySequence(_KEYS[name]))
        button.setToolTip(f"{tr(f'offline.{name}')}  ({_KEYS[name]})")
        button.setAutoDefault(False)
        return button

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(10)
        heading, words = QLabel(tr("offline.title")), QLabel(tr("offline.hint"))
        heading.setProperty("role", "title")
        words.setProperty("role", "caption")
        words.setWordWrap(True)
        for each in (heading, words):
            each.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(each)
        column.addWidget(self.empty, 1)
        column.addWidget(self.list, 3)
        column.addWidget(self.problem)
        column.addWidget(self.text, 2)
        row = QHBoxLayout()
        row.addWidget(self.buttons["discard"])
        row.addWidget(self.buttons["copy"])
        row.addStretch(1)
        for name in ("open", "elsewhere", "again"):
            row.addWidget(self.buttons[name])
        column.addLayout(row)
        self.resize(720, 560)
