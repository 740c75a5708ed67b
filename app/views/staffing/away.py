"""Saying that somebody is away, and who takes over: each ticket is shown before anything is done."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QDateTime, Qt, QTime, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.models.records.desk import Agent
from app.models.records.handing import Handing, Move
from app.services.wording import tr
from app.views.kit.boxes import choose

_SIZE = (600, 520)


class AwayDialog(QDialog):
    """`asked` wants the plan for a person, a way and whom to; `confirmed` brings all of it, `back` who is here."""

    asked = Signal(UUID, Handing, object)
    confirmed = Signal(UUID, object, list)
    back = Signal(UUID)

    def __init__(
        self, people: Sequence[Agent], me: UUID, away: set[UUID], *, may_all: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._away = away
        self._moves: list[Move] = []
        self.setWindowTitle(tr("away.title"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.who, self.how, self.to = QComboBox(), QComboBox(), QComboBox()
        for each in people:
            if may_all or each.id == me:
                self.who.addItem(each.name, each.id)
            self.to.addItem(each.name, each.id)
        choose(self.who, me)
        for way in Handing:
            self.how.addItem(tr(f"handing.{way.value}"), way.value)
        self.limited = QCheckBox(tr("away.until"))
        tomorrow = QDateTime.currentDateTime().addDays(1)
        self.until = QDateTimeEdit(QDateTime(tomorrow.date(), QTime(8, 0)))
        self.until.setMinimumDateTime(QDateTime.currentDateTime())
        self.until.setCalendarPopup(True)
        self.until.setAccessibleName(tr("away.until"))
        self.until.setEnabled(False)
        self.preview = QTreeWidget()
        self.preview.setRootIsDecorated(False)
        self.preview.setHeaderLabels([tr("column.number"), tr("column.subject"), tr("away.gets")])
        self.preview.setAccessibleName(tr("away.preview"))
        self.words = QLabel()
        self.words.setProperty("role", "caption")
        self.do, self.here = QPushButton(tr("away.do")), QPushButton(tr("away.back"))
        self._build()
        self._connect()
        self._ask()

    def show_plan(self, moves: list[Move]) -> None:
        """What would become of the tickets."""
        self._moves = moves
        self.preview.clear()
        self.preview.addTopLevelItems(
            [QTreeWidgetItem([str(each.number), each.subject, each.to_name or tr("away.queue")]) for each in moves]
        )
        keeps = self.how.currentData() == Handing.KEEP.value
        self.words.setText(tr("away.stay") if keeps else tr("away.count", count=len(moves)))
        self.do.setEnabled(True)

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for row, (words, field) in enumerate(
            ((tr("away.who"), self.who), (tr("away.how"), self.how), (tr("away.to"), self.to))
        ):
            label = QLabel(words)
            label.setBuddy(field)
            field.setAccessibleName(words)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        when = QHBoxLayout()
        when.addWidget(self.limited)
        when.addWidget(self.until)
        when.addStretch(1)
        head = self.preview.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        buttons = QHBoxLayout()
        cancel = QPushButton(tr("button.cancel"))
        cancel.clicked.connect(self.reject)
        self.do.setProperty("role", "primary")
        self.do.setDefault(True)
        for button in (self.do, self.here, cancel):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 12)
        column.setSpacing(8)
        for part in (grid, when):
            column.addLayout(part)
        column.addWidget(self.words)
        column.addWidget(self.preview, 1)
        column.addLayout(buttons)
        parent = self.parentWidget()
        room = parent.window().size() if parent is not None else self.size()
        self.resize(min(_SIZE[0], room.width() - 20), min(_SIZE[1], room.height() - 20))

    def _connect(self) -> None:
        for box in (self.who, self.how, self.to):
            box.activated.connect(lambda _place: self._ask())
        self.limited.toggled.connect(self.until.setEnabled)
        self.do.clicked.connect(self._confirm)
        self.here.clicked.connect(lambda: self.back.emit(self.who.currentData()))

    def _ask(self) -> None:
        handing = Handing(self.how.currentData())
        self.to.setEnabled(handing is Handing.PERSON)
        self.here.setVisible(self.who.currentData() in self._away)
        self.do.setEnabled(False)
        self.asked.emit(self.who.currentData(), handing, self.to.currentData())

    def _confirm(self) -> None:
        until: datetime | None = None
        if self.limited.isChecked():
            chosen: datetime = self.until.dateTime().toPython()  # type: ignore[assignment]
            until = chosen.astimezone()
        self.confirmed.emit(self.who.currentData(), until, self._moves)
