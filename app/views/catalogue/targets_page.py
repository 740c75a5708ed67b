"""What is promised: a table of clocks and priorities, for all or for one application or organisation."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.models.records.clocks import Weight
from app.models.records.tickets import Priority
from app.models.rules.clocks import priority_of
from app.services.wording import tr, tr_error
from app.views.catalogue.known import Known
from app.views.catalogue.targets_model import KINDS, Cell, Scope, calendars, cells, inherited, read_targets
from app.views.kit.boxes import choose
from app.views.kit.sided import Ending, heading


class TargetsPage(QWidget):
    """`stored` brings all promises of a scope, as they are to be from now on."""

    stored = Signal(list, Scope)

    def __init__(self, *, arranges: bool) -> None:
        super().__init__()
        self._known = Known()
        self._arranges = arranges
        self._filled: dict[Cell, str] = {}
        self._counted: dict[Priority, UUID | None] = {}
        self.application, self.organisation = QComboBox(), QComboBox()
        self.cells: dict[Cell, QLineEdit] = {(kind, each): QLineEdit() for kind in KINDS for each in Priority}
        self.counted_by = {each: QComboBox() for each in Priority}
        self.problem = QLabel()
        self.ending = Ending(may_change=arranges, is_new=False)
        self._build()
        self.ending.remove.hide()
        self.ending.save.clicked.connect(self._store)
        for box in (self.application, self.organisation):
            box.activated.connect(lambda _place: self._fill_anew())

    @property
    def scope(self) -> Scope:
        """For whom the promises are that are shown."""
        return Scope(self.application.currentData(), self.organisation.currentData())

    def show_known(self, known: Known) -> None:
        """These are there now. The scope stays, and so does what was typed."""
        scope, self._known = self.scope, known
        _refill(self.application, tr("catalogue_page.all_applications"), [(each.id, each.name) for each in known.cards])
        _refill(self.organisation, tr("catalogue_page.all_organisations"), known.organisations)
        choose(self.application, scope.application_id)
        choose(self.organisation, scope.organisation_id)
        self._fill()

    def _fill_anew(self) -> None:
        """Another scope: what was typed for the one before is given up."""
        self._forget_typed()
        self._fill()
        self._tell({})

    def _forget_typed(self) -> None:
        self._filled = {cell: line.text() for cell, line in self.cells.items()}
        self._counted = {priority: box.currentData() for priority, box in self.counted_by.items()}

    def _fill(self) -> None:
        """All but what a person changed since it was filled."""
        told, otherwise = cells(self._known.targets, self.scope), inherited(self._known.targets, self.scope)
        for cell, line in self.cells.items():
            if line.text() == self._filled.get(cell, ""):
                line.setText(told.get(cell, ""))
            self._filled[cell] = told.get(cell, "")
            line.setPlaceholderText(otherwise.get(cell, "–"))  # noqa: RUF001 - a dash for nothing
        counted = calendars(self._known.targets, self.scope)
        hours = [(each.id, each.name) for each in self._known.calendars]
        for priority, box in self.counted_by.items():
            chosen, known = box.currentData(), counted.get(priority)
            kept = chosen != self._counted.get(priority)
            _refill(box, tr("catalogue_page.its_hours"), hours)
            choose(box, chosen if kept else known)
            self._counted[priority] = known

    def _store(self) -> None:
        typed = {cell: line.text() for cell, line in self.cells.items()}
        counted = {priority: box.currentData() for priority, box in self.counted_by.items()}
        found, wrong = read_targets(typed, counted, self.scope, self._known.targets)
        self._tell({cell: tr_error(error) for cell, error in wrong.items()})
        if not wrong:
            self._forget_typed()
            self.stored.emit(found, self.scope)

    def _tell(self, wrong: dict[Cell, str]) -> None:
        for cell, line in self.cells.items():
            line.setProperty("wrong", cell in wrong)
            line.style().unpolish(line)
            line.style().polish(line)
        first = next(iter(wrong), None)
        self.problem.setText(wrong[first] if first else "")
        self.problem.setVisible(bool(wrong))
        if first:
            self.cells[first].setFocus()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(heading(tr("catalogue_page.targets"), self._words()))
        scope = QHBoxLayout()
        scope.setSpacing(10)
        for words, box in (("card_of", self.application), ("organisation_of", self.organisation)):
            label = QLabel(tr(f"catalogue_page.{words}"))
            label.setBuddy(box)
            box.setAccessibleName(label.text())
            scope.addWidget(label)
            scope.addWidget(box, 1)
        column.addLayout(scope)
        column.addWidget(self._table())
        self.problem.setProperty("role", "problem")
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.hide()
        column.addWidget(self.problem)
        column.addWidget(_matrix())
        column.addStretch(1)
        column.addWidget(self.ending)

    def _words(self) -> str:
        told = tr("catalogue_page.targets_words")
        return told if self._arranges else f"{told} {tr('catalogue_page.look')}"

    def _table(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "card")
        grid = QGridLayout(frame)
        grid.setContentsMargins(14, 12, 14, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for place, priority in enumerate(Priority, 1):
            grid.addWidget(_section(tr(f"priority.{priority.name}")), 0, place)
            grid.setColumnStretch(place, 1)
            box = self.counted_by[priority]
            box.setAccessibleName(f"{tr('catalogue_page.counted_by')}, {tr(f'priority.{priority.name}')}")
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
            box.setEnabled(self._arranges)
            grid.addWidget(box, len(KINDS) + 1, place)
        for row, kind in enumerate(KINDS, 1):
            grid.addWidget(QLabel(tr(f"clock.{kind}")), row, 0)
            for place, priority in enumerate(Priority, 1):
                line = self.cells[kind, priority]
                line.setAccessibleName(f"{tr(f'clock.{kind}')}, {tr(f'priority.{priority.name}')}")
                line.setReadOnly(not self._arranges)
                line.returnPressed.connect(self._store)
                grid.addWidget(line, row, place)
                if priority is not Priority.P1:
                    QWidget.setTabOrder(self.cells[kind, Priority(priority - 1)], line)
        grid.addWidget(QLabel(tr("catalogue_page.counted_by")), len(KINDS) + 1, 0)
        return frame


def _matrix() -> QFrame:
    """How impact and urgency give the priority: ITIL's, the same for all."""
    frame = QFrame()
    frame.setProperty("role", "card")
    grid = QGridLayout(frame)
    grid.setContentsMargins(14, 12, 14, 12)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    title = _section(tr("catalogue_page.matrix"))
    title.setWordWrap(True)
    grid.addWidget(title, 0, 0)
    for place, urgency in enumerate(Weight, 1):
        grid.addWidget(_section(tr(f"urgency.{urgency.value}")), 0, place)
        grid.setColumnStretch(place, 1)
    for row, impact in enumerate(Weight, 1):
        grid.addWidget(QLabel(tr(f"impact.{impact.value}")), row, 0)
        for place, urgency in enumerate(Weight, 1):
            grid.addWidget(QLabel(tr(f"priority.{priority_of(impact, urgency).name}")), row, place)
    return frame


def _section(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "section")
    return label


def _refill(box: QComboBox, none: str, choices: Sequence[tuple[UUID, str]]) -> None:
    box.clear()
    box.addItem(none, None)
    for identity, words in choices:
        box.addItem(words, identity)
