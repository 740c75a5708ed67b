"""Where things stand in the call form. No logic."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.models.records.calls import CallOutcome
from app.models.records.tickets import Priority
from app.services.wording import tr
from app.views.call.form_model import Line
from app.views.kit.appearance import Appearance
from app.views.kit.picker import PickDelegate, PickItem
from app.views.ticket.properties_model import Offers

_LINE = int(Qt.ItemDataRole.UserRole) + 1
_SIZE = (620, 690)
_LINES = 5


class FormLayout:
    """Builds the widgets of a call form and names them."""

    def __init__(self, dialog: QDialog, appearance: Appearance, offers: Offers, *, walk_in: bool) -> None:
        self._walk_in = walk_in
        self.who, self.name, self.subject = QLineEdit(), QLineEdit(), QLineEdit()
        self.category, self.timer = QLineEdit(), QLineEdit()
        self.text, self.follow_up = (QPlainTextEdit(tabChangesFocus=True) for _ in range(2))
        self.application, self.team = _box(), _box()
        self.priority, self.outcome = QComboBox(), QComboBox()
        self.tie, self.hint, self.heading = QCheckBox(), QLabel(), QLabel()
        self.list = QListWidget()
        self.list.setItemDelegate(PickDelegate(appearance, self.list))
        self.file = QPushButton(tr("call.file_ticket" if walk_in else "call.file"))
        self.park, self.discard = QPushButton(tr("call.park")), QPushButton(tr("call.discard"))
        self._offer(offers)
        self._build(dialog)

    def show_lines(self, heading: str, lines: Sequence[Line]) -> None:
        """Who it may be, or what it is about; as high as there is something to choose."""
        self.heading.setText(heading)
        self.list.setAccessibleName(heading)
        self.list.clear()
        for each in lines:
            item = QListWidgetItem(each.words)
            item.setData(int(Qt.ItemDataRole.UserRole), PickItem(each.words, detail=each.detail, icon=each.icon))
            item.setData(_LINE, each)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, [each.words, each.detail])))
            self.list.addItem(item)
        if lines:
            self.list.setCurrentRow(0)
        shown = min(len(lines), _LINES)
        self.list.setFixedHeight(shown * self.list.sizeHintForRow(0) + 4 if lines else 0)
        for widget in (self.list, self.heading):
            widget.setVisible(bool(lines))

    @property
    def current_line(self) -> Line | None:
        item = self.list.currentItem()
        line: Line | None = item.data(_LINE) if item is not None else None
        return line

    def offer_categories(self, known: Sequence[str]) -> None:
        """Tags that there are, offered by any of their letters."""
        completer = QCompleter(list(known), self.category)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.category.setCompleter(completer)

    def show_hint(self, words: str) -> None:
        self.hint.setText(words)
        self.hint.setVisible(bool(words))

    def show_ticket(self, number: int | None) -> None:
        """A call on a ticket that is there needs no subject, application or priority."""
        for widget in self._for_new:
            widget.setVisible(number is None)

    def show_team(self, shown: bool) -> None:
        for widget in (self.team, self._team_label):
            widget.setVisible(shown)

    def _offer(self, offers: Offers) -> None:
        self.application.addItem(tr("call.no_application"), None)
        for application in offers.applications:
            self.application.addItem(application.name, application.id)
        self.team.addItem(tr("call.no_team"), None)
        for team in offers.teams:
            self.team.addItem(f"{team.name}  ({tr(f'level.{team.level.name}')})", team.id)
        for priority in Priority:
            self.priority.addItem(tr(f"priority.{priority.name}"), int(priority))
        for outcome in CallOutcome:
            self.outcome.addItem(tr(f"call_outcome.{outcome.value}"), outcome.value)

    def _build(self, dialog: QDialog) -> None:
        inner = QWidget()
        inner.setProperty("role", "plain")
        column = QVBoxLayout(inner)
        column.setContentsMargins(18, 14, 18, 6)
        column.setSpacing(5)
        self._caller(column)
        self._about(column)
        self._end(column)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        whole = QVBoxLayout(dialog)
        whole.setContentsMargins(0, 0, 0, 10)
        whole.addWidget(scroll, 1)
        whole.addLayout(self._buttons())
        self.show_lines("", [])
        self.show_hint("")
        self.tie.hide()
        parent = dialog.parentWidget()
        room = parent.window().size() if parent is not None else QSize(*_SIZE)
        dialog.resize(min(_SIZE[0], room.width() - 20), min(_SIZE[1], room.height() - 20))

    def _caller(self, column: QVBoxLayout) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        who = tr("call.who_walk_in" if self._walk_in else "call.who")
        _put(grid, 0, 0, who, self.who)
        if not self._walk_in:
            _put(grid, 0, 1, tr("call.timer"), self.timer)
            self.timer.setMaximumWidth(90)
        grid.setColumnStretch(0, 1)
        column.addLayout(grid)
        self.heading.setProperty("role", "section")
        self.hint.setProperty("role", "caption")
        self.hint.setWordWrap(True)
        for widget in (self.heading, self.list, self.hint):
            column.addWidget(widget)
        names = QGridLayout()
        names.setHorizontalSpacing(10)
        _put(names, 0, 0, tr("call.person_name"), self.name)
        column.addLayout(names)
        column.addWidget(self.tie)

    def _about(self, column: QVBoxLayout) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        labels = [_put(grid, 0, 0, tr("call.subject"), self.subject, columns=2)]
        labels.append(_put(grid, 2, 0, tr("call.application"), self.application))
        labels.append(_put(grid, 2, 1, tr("call.priority"), self.priority))
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        self._for_new: tuple[QWidget, ...] = (*labels, self.subject, self.application, self.priority)
        column.addLayout(grid)
        said = QGridLayout()
        _put(said, 0, 0, tr("call.text"), self.text)
        self.text.setProperty("role", "said")
        column.addLayout(said, 1)

    def _end(self, column: QVBoxLayout) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        _put(grid, 0, 0, tr("call.outcome"), self.outcome)
        self._team_label = _put(grid, 0, 1, tr("call.team"), self.team)
        _put(grid, 0, 2, tr("call.category"), self.category)
        for place, stretch in enumerate((2, 3, 2)):
            grid.setColumnStretch(place, stretch)
        column.addLayout(grid)
        mail = QGridLayout()
        _put(mail, 0, 0, tr("call.follow_up"), self.follow_up)
        self.follow_up.setMaximumHeight(64)
        column.addLayout(mail)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(18, 0, 18, 0)
        self.file.setProperty("role", "primary")
        self.file.setToolTip("Ctrl+Return")
        self.park.setToolTip("Ctrl+P")
        self.file.setDefault(False)
        for button in (self.file, self.park, self.discard):
            button.setAutoDefault(False)
        row.addWidget(self.file)
        row.addWidget(self.park)
        row.addStretch(1)
        row.addWidget(self.discard)
        return row


def _put(grid: QGridLayout, row: int, column: int, words: str, field: QWidget, columns: int = 1) -> QLabel:
    """A field under its label."""
    label = QLabel(words)
    label.setProperty("role", "caption")
    label.setBuddy(field)
    field.setAccessibleName(words)
    grid.addWidget(label, row, column, 1, columns)
    grid.addWidget(field, row + 1, column, 1, columns)
    return label


def _box() -> QComboBox:
    """A box that is chosen from by typing any letters of a name."""
    box = QComboBox(editable=True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    completer = box.completer()
    assert completer is not None
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    line = box.lineEdit()
    if line is not None:
        line.editingFinished.connect(lambda: _settle(box))
    return box


def _settle(box: QComboBox) -> None:
    """Take the first name that holds what was typed; the box says again what is chosen where none does."""
    typed = box.currentText()
    if box.findText(typed) < 0:
        place = box.findText(typed, Qt.MatchFlag.MatchContains) if typed.strip() else 0
        box.setCurrentIndex(place if place >= 0 else box.currentIndex())
    else:
        box.setCurrentIndex(box.findText(typed))
    box.setEditText(box.itemText(box.currentIndex()))
