"""A rotation: who takes turns, how long, from when, and in which hours of the week."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from PySide6.QtCore import QDate, Qt, QTime, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.calendars import Day
from app.models.records.desk import Agent
from app.models.records.on_call import Rotation, ShiftUnit
from app.models.rules.on_call import can_turn
from app.models.rules.opening_hours import is_zone, read_day, write_day
from app.services.wording import tr, tr_error
from app.views.kit.boxes import inset

_AGENT = Qt.ItemDataRole.UserRole


class RotationForm(QDialog):
    """The people are in the order of their turns: those that are ticked take part, and are dragged or moved with
    Ctrl+Up and Ctrl+Down. Hours are written as `09:00-17:00`; with none at all it is round the clock."""

    removed = Signal(object)

    def __init__(
        self, team_id: UUID, people: Sequence[Agent], zone: str, today: date, rotation: Rotation | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("oncall_view.rotation"))
        self._shown = rotation or Rotation(new_id(), team_id, "", zone, ShiftUnit.WEEK, today)
        self._is_known = rotation is not None
        shown = self._shown
        self.name = QLineEdit(shown.name)
        self.zone = QLineEdit(shown.zone)
        self.every = QSpinBox(minimum=1, maximum=999, value=shown.every)
        self.unit = QComboBox()
        for each in ShiftUnit:
            self.unit.addItem(tr(f"oncall_view.unit.{each.value}"), each)
        self.unit.setCurrentIndex(list(ShiftUnit).index(shown.unit))
        self.starts = QDateEdit(QDate(shown.starts_on.year, shown.starts_on.month, shown.starts_on.day))
        self.starts.setCalendarPopup(True)
        self.starts.setDisplayFormat("yyyy-MM-dd")
        self.hand_over = QTimeEdit(QTime(0, 0).addSecs(shown.hand_over))
        self.hand_over.setDisplayFormat("HH:mm")
        self.layer = QSpinBox(minimum=0, maximum=99, value=shown.layer)
        inset(self.every, self.hand_over, self.layer)
        self.members = _Members(people, shown.members)
        self.hours = [QLineEdit(write_day(each)) for each in (*shown.week, *((),) * 7)[:7]]
        self.problem = QLabel()
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setProperty("role", "problem")
        self.problem.setWordWrap(True)
        self._build()

    def _build(self) -> None:
        left, right = QFormLayout(), QFormLayout()
        entries = {"name": self.name, "zone": self.zone, "every": self.every, "unit": self.unit, "starts": self.starts}
        entries |= {"hand_over": self.hand_over, "layer": self.layer, "members": self.members}
        for name, entry in entries.items():
            entry.setAccessibleName(tr(f"oncall_view.field.{name}"))
            left.addRow(tr(f"oncall_view.field.{name}"), entry)
        heading = QLabel(tr("oncall_view.field.week"))
        heading.setWordWrap(True)
        right.addRow(heading)
        for place, line in enumerate(self.hours):
            day = tr(f"oncall_view.day.{place}")
            line.setAccessibleName(day)
            line.setPlaceholderText("09:00-17:00")
            right.addRow(day, line)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addLayout(left, 3)
        columns.addLayout(right, 2)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Save).setText(tr("oncall_view.save"))
        buttons.button(QDialogButtonBox.StandardButton.Save).setProperty("role", "primary")
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("oncall_view.cancel"))
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        if self._is_known:
            remove = buttons.addButton(tr("oncall_view.remove_rotation"), QDialogButtonBox.ButtonRole.DestructiveRole)
            remove.clicked.connect(self._remove)
        whole = QVBoxLayout(self)
        whole.addLayout(columns)
        whole.addWidget(self.problem)
        whole.addWidget(buttons)
        self.setMinimumWidth(640)
        self.name.setFocus()

    def wanted(self) -> Rotation:
        """What stands in the form; `KnownError` where it cannot be."""
        shown, day, at = self._shown, self.starts.date(), self.hand_over.time()
        zone, name = self.zone.text().strip(), " ".join(self.name.text().split())
        if not name:
            raise KnownError("oncall.no_name")
        if not is_zone(zone):
            raise KnownError("calendar.no_zone", zone=zone)
        members = self.members.chosen()
        if not members:
            raise KnownError("oncall.no_members", name=name)
        week: tuple[Day, ...] = tuple(read_day(each.text()) for each in self.hours)
        made = Rotation(
            shown.id,
            shown.team_id,
            name,
            zone,
            ShiftUnit(self.unit.currentData()),
            date(day.year(), day.month(), day.day()),
            (at.hour() * 60 + at.minute()) * 60,
            self.every.value(),
            self.layer.value(),
            members,
            week if any(week) else (),
            shown.version,
        )
        if not can_turn(made):
            raise KnownError("oncall.bad_turn", name=name)
        return made

    def _remove(self) -> None:
        self.removed.emit(self._shown.id)
        self.reject()

    def _accept(self) -> None:
        try:
            self.wanted()
        except KnownError as error:
            self.problem.setText(tr_error(error))
        else:
            self.accept()


class _Members(QListWidget):
    """Who takes turns is ticked, and stands first."""

    def __init__(self, people: Sequence[Agent], members: Sequence[UUID]) -> None:
        super().__init__()
        self.setProperty("role", "boxed")
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)  # rows as high as the stylesheet says, which comes later
        self.setMinimumHeight(190)
        known = {each.id: each for each in people}
        taking = [known[each] for each in members if each in known]
        for each in (*taking, *(one for one in people if one.id not in members)):
            item = QListWidgetItem(each.name)
            item.setData(_AGENT, each.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if each.id in members else Qt.CheckState.Unchecked)
            self.addItem(item)
        self.setCurrentRow(0)

    def chosen(self) -> tuple[UUID, ...]:
        items = (self.item(place) for place in range(self.count()))
        return tuple(each.data(_AGENT) for each in items if each.checkState() is Qt.CheckState.Checked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if with_control and event.key() in moves:
            self._move(moves[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _move(self, by: int) -> None:
        place = self.currentRow()
        if 0 <= place + by < self.count():
            self.insertItem(place + by, self.takeItem(place))
            self.setCurrentRow(place + by)
