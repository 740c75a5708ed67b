"""Trying a tree out: a priority, an instant and what the request is about; and who would be asked when."""

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QDate, QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QGridLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.models.records.tickets import Priority
from app.models.records.trees import TicketFacts
from app.models.rules.on_call import YEARS
from app.services.wording import language, tr
from app.views.tree.simulation_model import PlanLine

_KEY = int(Qt.ItemDataRole.UserRole)
_STEP_WIDTH = 112
_LINES = ("category", "component", "skill", "language")


class SimulationPanel(QWidget):
    """`asked` wants it worked out, `chosen` brings the step of the line that a person went to."""

    asked = Signal()
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.priority = QComboBox()
        for each in Priority:
            self.priority.addItem(tr(f"priority.{each.name}"), each.value)
        self.when = QDateTimeEdit()
        self.when.setCalendarPopup(True)
        self.when.setLocale(QLocale(language()))
        self.when.setDisplayFormat("ddd yyyy-MM-dd HH:mm")
        self.when.setDateRange(QDate(YEARS[0] + 1, 1, 1), QDate(YEARS[1] - 1, 12, 31))  # a zone is at most a day off
        self.lines = {name: QLineEdit() for name in _LINES}
        self.run = QPushButton(tr("tree_view.run"))
        self.run.setProperty("role", "primary")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("role", "caption")
        self.calls = QTreeWidget()
        self.calls.setRootIsDecorated(False)
        self.calls.setAccessibleName(tr("tree_view.calls"))
        self.calls.setHeaderLabels([tr("tree_view.call_at"), tr("tree_view.call_step"), tr("tree_view.call_who")])
        self._build()
        self.run.clicked.connect(self.asked)
        self.calls.currentItemChanged.connect(self._moved)
        for line in self.lines.values():
            line.returnPressed.connect(self.asked)

    def begin(self, now: datetime) -> None:
        """Ask for now, unless a person already asked for something."""
        if not self.calls.topLevelItemCount():
            self.when.setDateTime(QDateTime.fromSecsSinceEpoch(int(now.timestamp())))

    def facts(self) -> TicketFacts:
        typed = {name: line.text().strip() for name, line in self.lines.items()}
        return TicketFacts(Priority(int(self.priority.currentData())), **typed)

    def instant(self) -> datetime:
        """What was entered in local time."""
        return datetime.fromtimestamp(self.when.dateTime().toSecsSinceEpoch(), UTC)

    def show_plan(self, lines: Sequence[PlanLine], told: str) -> None:
        """Who is asked, one after the other; `told` is said above."""
        blocked = self.calls.blockSignals(True)
        self.calls.clear()
        for each in lines:
            item = QTreeWidgetItem([each.time, each.step, each.who])
            item.setData(0, _KEY, each.node)
            for column in range(3):
                item.setToolTip(column, each.spoken)
            item.setData(0, int(Qt.ItemDataRole.AccessibleTextRole), each.spoken)
            self.calls.addTopLevelItem(item)
        self.calls.blockSignals(blocked)
        self.words.setText(told)

    def _build(self) -> None:
        heading = QLabel(tr("tree_view.simulation"))
        heading.setProperty("role", "title")
        heading.setWordWrap(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        fields: tuple[tuple[str, QWidget], ...] = (
            (tr("tree_view.sim.priority"), self.priority),
            (tr("tree_view.sim.when"), self.when),
            *((tr(f"tree_view.sim.{name}"), line) for name, line in self.lines.items()),
        )
        for row, (words, field) in enumerate(fields):
            label = QLabel(words)
            label.setBuddy(field)
            field.setAccessibleName(words)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        head = self.calls.header()
        head.setStretchLastSection(True)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        head.resizeSection(1, _STEP_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(heading)
        column.addLayout(grid)
        column.addWidget(self.run)
        column.addWidget(self.words)
        column.addWidget(self.calls, 1)

    def _moved(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(str(item.data(0, _KEY)))
