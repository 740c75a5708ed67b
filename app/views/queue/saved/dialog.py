"""Making and changing a view of one's own: what it holds is chosen from lists, or said in words."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.models.records.desk import Level
from app.models.records.queue import QueueColumn, QueueFilter, QueueSort, QueueView
from app.models.records.tickets import Priority, Status
from app.services.wording import tr
from app.views.kit.choice import Choice
from app.views.ticket.properties_model import Offers

_PAUSE_MS = 250
_WITHIN = (None, timedelta(0), timedelta(hours=1), timedelta(hours=24))


class ViewDialog(QDialog):
    """`edited` brings the view as it stands after each change, to be counted; `saved` the view and whether it is
    everybody's; `removed` asks to forget it."""

    edited = Signal(QueueView)
    saved = Signal(QueueView, bool)
    removed = Signal(QueueView)

    def __init__(
        self, view: QueueView, offers: Offers, *, may_share: bool, missing: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._view = view
        self.setWindowTitle(tr("view_dialog.title"))
        self.name = QLineEdit(view.name)
        self.words = QLineEdit(view.filter.words)
        self.shared = _check("shared", on=view.shared)
        self.shared.setEnabled(may_share)
        if not may_share:
            self.shared.setToolTip(tr("error.not_allowed.share"))
        self.state, self.due, self.sort = QComboBox(), QComboBox(), QComboBox()
        self.descending = _check("descending", on=view.sort.descending)
        self.unread = _check("unread", on=view.filter.unread)
        self.count = QLabel()
        self.gone = QLabel(tr("view_dialog.missing", count=missing) if missing else "")
        self.choices = _choices(view.filter, offers)
        self._fill()
        self._build()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(lambda: self.edited.emit(self.view()))
        self._connect()
        self._pause.start()

    def view(self) -> QueueView:
        """What stands there now."""
        chosen: dict[str, Any] = {name: choice.chosen for name, choice in self.choices.items()}
        assignees = chosen.pop("assignees")
        wanted = replace(
            self._view.filter,
            **chosen,
            assignees=assignees - {None},
            unassigned=None in assignees,
            open=(True, None, False)[self.state.currentIndex()],
            unread=self.unread.isChecked(),
            due_within=self.due.currentData(),
            words=self.words.text().strip(),
        )
        sort = QueueSort(QueueColumn(self.sort.currentData()), self.descending.isChecked())
        return replace(self._view, name=self.name.text(), filter=wanted, sort=sort)

    def show_count(self, count: int) -> None:
        """How many tickets are in it."""
        self.count.setText(tr("view_dialog.count", count=f"{count:n}"))

    def _fill(self) -> None:
        for key in ("open", "all", "done"):
            self.state.addItem(tr(f"view_state.{key}"))
        self.state.setCurrentIndex({True: 0, None: 1, False: 2}[self._view.filter.open])
        within = self._view.filter.due_within
        for key, span in zip(("any", "late", "hour", "day"), _WITHIN, strict=True):
            self.due.addItem(tr(f"view_due.{key}"), span)
        if within not in _WITHIN:  # one that was searched for
            self.due.addItem(tr("view_due.hours", hours=f"{within / timedelta(hours=1):.0f}"), within)
        self.due.setCurrentIndex((*_WITHIN, within).index(within))
        for column in QueueColumn:
            self.sort.addItem(tr(f"column.{column.value}"), column.value)
        self.sort.setCurrentIndex(self.sort.findData(self._view.sort.column.value))

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        rows: list[tuple[str, QWidget]] = [
            (tr("view_dialog.name"), self.name),
            (tr("view_dialog.state"), self.state),
            *((tr(f"view_dialog.{name}"), choice) for name, choice in self.choices.items()),
            (tr("view_dialog.due"), self.due),
            (tr("view_dialog.words"), self.words),
            (tr("view_dialog.sort"), self.sort),
        ]
        for row, (words, field) in enumerate(rows):
            label = QLabel(words)
            label.setBuddy(field)
            if not field.accessibleName():
                field.setAccessibleName(words)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        self.gone.setProperty("role", "problem")
        self.gone.setWordWrap(True)
        self.gone.setVisible(bool(self.gone.text()))
        column.addWidget(self.gone)
        column.addLayout(grid)
        for box in (self.descending, self.unread, self.shared):
            column.addWidget(box)
        column.addLayout(self._buttons())
        self.resize(460, self.sizeHint().height())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.save, self.remove = QPushButton(tr("view_dialog.save")), QPushButton(tr("view_dialog.remove"))
        self.save.setProperty("role", "primary")
        self.save.setDefault(True)
        self.remove.setAutoDefault(False)
        self.remove.setVisible(bool(self._view.key) and not self._view.builtin)
        cancel = QPushButton(tr("button.cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.save.clicked.connect(lambda: self.saved.emit(self.view(), self.shared.isChecked()))
        self.remove.clicked.connect(lambda: self.removed.emit(self._view))
        self.count.setProperty("role", "caption")
        row.addWidget(self.save)
        row.addWidget(cancel)
        row.addWidget(self.remove)
        row.addStretch(1)
        row.addWidget(self.count)
        return row

    def _connect(self) -> None:
        again: Callable[..., None] = lambda *_: self._pause.start()  # noqa: E731
        self.words.textEdited.connect(again)
        for box in (self.state, self.due):
            box.activated.connect(again)
        self.unread.toggled.connect(again)
        for choice in self.choices.values():
            for action in choice.actions_by_value.values():
                action.toggled.connect(again)


def _check(name: str, *, on: bool) -> QCheckBox:
    box = QCheckBox(tr(f"view_dialog.{name}"))
    box.setChecked(on)
    return box


def _choices(wanted: QueueFilter, offers: Offers) -> dict[str, Choice]:
    people = [(tr("ticket.nobody"), None), *((each.name, each.id) for each in offers.agents if each.active)]
    chosen = wanted.assignees | ({None} if wanted.unassigned else set())
    listed: dict[str, tuple[Sequence[tuple[str, Any]], frozenset[Any]]] = {
        "statuses": ([(tr(f"status.{each.value}"), each) for each in Status], wanted.statuses),
        "priorities": ([(tr(f"priority.{each.name}"), each) for each in Priority], wanted.priorities),
        "levels": ([(tr(f"level.{each.name}"), each) for each in Level], wanted.levels),
        "teams": ([(each.name, each.id) for each in offers.teams], wanted.teams),
        "applications": ([(each.name, each.id) for each in offers.applications], wanted.applications),
        "assignees": (people, frozenset(chosen)),
 "channels": ([(tr(f"channel_kind.{each}"), each) for each in ("imap", "phone", "desk")], wanted.channels),
    }  # fmt: skip
    none = tr("view_dialog.any")
    return {name: Choice(tr(f"view_dialog.{name}"), *told, none) for name, told in listed.items()}
