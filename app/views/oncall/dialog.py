"""The on-call window: who is on duty now, and the picture of a week or month with what can be done to it."""

from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QCursor, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.models.records.desk import Agent, Team
from app.models.records.on_call import Rotation, Shift
from app.services.wording import tr, tr_error
from app.views.kit.appearance import Appearance
from app.views.kit.banner import Banner
from app.views.kit.buttons import action_button, menu_button
from app.views.kit.elided import ElidedLabel
from app.views.kit.states import StateView
from app.views.oncall.board import Board
from app.views.oncall.control import OnCallControl
from app.views.oncall.keys import KEYS
from app.views.oncall.override_form import OverrideForm
from app.views.oncall.picture import DutyPicture
from app.views.oncall.rotation_form import RotationForm
from app.views.oncall.swap_form import SwapForm
from app.views.oncall.words import balance_lines, day_words, detail, headline, moment, spoken, who
from app.views.shortcuts.windows import show_keys

_TOLD = 6_000
_CALENDARS = "iCalendar (*.ics)"


class OnCallDialog(QDialog):
    """One team at a time; the list below the picture says the same in words."""

    def __init__(self, control: OnCallControl, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("oncall_view.title"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.control, self._appearance = control, appearance
        self.board: Board | None = None
        self.form: QDialog | None = None
        self.actions_: dict[str, QAction] = {}
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(tr("oncall_view.team"))
        self.chooser.setMinimumWidth(200)
        self.period, self.headline, self.pointed = QLabel(), ElidedLabel(), ElidedLabel()
        self.headline.setProperty("role", "title")
        self.pointed.setProperty("role", "caption")
        self.picture = DutyPicture(appearance)
        self.list, self.balance, self.area = QTreeWidget(), QLabel(), QScrollArea()
        self.state, self.told, self.middle = StateView(appearance), Banner(appearance), QStackedWidget()
        self._add_actions()
        self._build()
        self._connect()
        control.setParent(self)
        self.resize(QSize(1240, 760).boundedTo(parent.window().size()))
        self.state.loading()
        self.middle.setCurrentWidget(self.state)
        control.look_for_offers()

    def _add_actions(self) -> None:
        for name, icon, run in (
            ("previous", "previous", partial(self.control.step, -1)),
            ("today", "", partial(self.control.step, 0)),
            ("next", "next", partial(self.control.step, 1)),
            ("month", "columns", self._toggle_month),
            ("override", "person", self._override_here),
            ("swap", "swap", self._swap),
            ("remove", "trash", self._remove_override),
            ("undo", "undo", self.control.undo),
            ("rotation", "add", partial(self._edit_rotation, None)),
            ("edit", "note", self._choose_rotation),
            ("export", "save", self._export),
            ("import", "open", self._import),
            ("keys", "info", partial(show_keys, "oncall", self)),
        ):
            action = QAction(tr(f"oncall_view.do.{name}"), self)
            action.setShortcut(QKeySequence(KEYS[name]))
            native = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{action.text()}  ({native})")
            if icon:
                self._appearance.dress(action, icon, "text")
            action.triggered.connect(lambda *_, run=run: run())
            self.addAction(action)
            self.actions_[name] = action
        self.actions_["month"].setCheckable(True)

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._bar())
        whole.addWidget(self.told)
        self.middle.addWidget(self.state)
        self.middle.addWidget(self._body())
        whole.addWidget(self.middle, 1)

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("role", "toolbar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 7, 10, 7)
        row.setSpacing(4)
        row.addWidget(self.chooser)
        for name in ("previous", "today", "next"):
            row.addWidget(action_button(self.actions_[name], words=name == "today"))
        row.addWidget(self.period)
        row.addStretch(1)
        for name in ("month", "override", "swap", "remove", "rotation", "edit"):
            row.addWidget(action_button(self.actions_[name]))
        row.addWidget(self._calendars())
        return bar

    def _calendars(self) -> QToolButton:
        """What goes out to other calendars, and comes in from them."""
        button, menu = menu_button(tr("oncall_view.calendars"), "more", self._appearance)
        menu.addActions([self.actions_[each] for each in ("undo", "export", "import")])
        return button

    def _body(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.headline)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.picture)
        column.addWidget(self.area, 3)
        column.addWidget(self.pointed)
        below = QSplitter(Qt.Orientation.Horizontal)
        self.list.setHeaderLabels([tr(f"oncall_view.column.{each}") for each in ("since", "until", "who", "why")])
        self.list.setRootIsDecorated(False)
        self.list.setAccessibleName(tr("oncall_view.list"))
        self.list.setProperty("role", "boxed")
        self.balance.setTextFormat(Qt.TextFormat.PlainText)
        self.balance.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.balance.setWordWrap(True)
        self.balance.setContentsMargins(12, 4, 0, 0)
        below.addWidget(self.list)
        below.addWidget(self.balance)
        below.setSizes([720, 340])
        below.setChildrenCollapsible(False)
        column.addWidget(below, 4)
        return body

    def _connect(self) -> None:
        control = self.control
        control.offered.connect(self._offer)
        control.shown.connect(self._show)
        control.stored.connect(
            lambda done: self.told.tell("success", tr(f"oncall_view.done.{done}"), milliseconds=_TOLD)
        )
        control.failed.connect(lambda error: self.told.tell("error", tr_error(error)))
        control.unreadable.connect(lambda error: self._tell_state(tr_error(error)))
        self.chooser.activated.connect(lambda _row: self._choose_team())
        self.picture.pointed.connect(self.pointed.setText)
        self.picture.pointed.connect(lambda _words: self._allow())
        self.picture.chosen.connect(self._override)

    def choose(self, team_id: UUID) -> None:
        """Show this team."""
        self.control.team_id = team_id
        self._offer(self.control.teams, self.control.people)

    def _offer(self, teams: list[Team], _people: list[Agent]) -> None:
        self.chooser.clear()
        for each in teams:
            self.chooser.addItem(each.name, each.id)
        if not teams:
            self.state.empty("team", tr("oncall_view.no_team"))
            return
        known = [each.id for each in teams]  # Qt does not find an identity among its data
        self.chooser.setCurrentIndex(known.index(self.control.team_id) if self.control.team_id in known else 0)
        self._choose_team()

    def _choose_team(self) -> None:
        self.control.team_id = self.chooser.currentData()
        self.control.look()

    def _toggle_month(self) -> None:
        self.control.month = self.actions_["month"].isChecked()
        self.control.look()

    def _show(self, board: Board) -> None:
        self.board = board
        first, last = board.local(board.since), board.local(board.instant(board.hours - 1))
        self.period.setText(tr("oncall_view.period", first=day_words(first), last=day_words(last), year=last.year))
        if len(board.rows) == 1 and not any(bar.override for bar in board.final.bars):
            words = tr("oncall_view.none_words" if self.control.may_arrange else "oncall_view.none_asked")
            self.state.empty("clock", tr("oncall_view.none"), words)
            self.middle.setCurrentWidget(self.state)
        else:
            self.headline.setText(headline(board))
            self.picture.show_board(board)
            self.area.setMaximumHeight(self.picture.sizeHint().height() + 4)
            self._list(board)
            self.balance.setText("\n".join(balance_lines(board)))
            self.middle.setCurrentIndex(1)
        self._allow()

    def _list(self, board: Board) -> None:
        self.list.clear()
        for bar in board.final.bars:
            shift = bar.shift
            cells = [moment(board, shift.since), moment(board, shift.until), who(bar), detail(board, shift)]
            item = QTreeWidgetItem(cells)
            item.setData(0, int(Qt.ItemDataRole.AccessibleTextRole), spoken(board, bar))
            self.list.addTopLevelItem(item)
        for column in range(4):
            self.list.resizeColumnToContents(column)

    def _allow(self) -> None:
        bar, shown = self.picture.bar(), self.middle.currentIndex() == 1
        self.actions_["override"].setEnabled(self.board is not None)
        self.actions_["remove"].setEnabled(shown and bar is not None and bar.override is not None)
        is_ahead = bar is not None and self.board is not None and bar.shift.until > self.board.now
        self.actions_["swap"].setEnabled(shown and is_ahead and bar is not None and not bar.shift.is_gap)
        self.actions_["undo"].setEnabled(self.control.may_undo)
        self.actions_["rotation"].setEnabled(self.control.may_arrange and self.board is not None)
        rotations = self.board is not None and len(self.board.rows) > 1
        self.actions_["edit"].setEnabled(self.control.may_arrange and rotations)

    def _tell_state(self, words: str) -> None:
        self.state.error(words, self.control.look)
        self.middle.setCurrentWidget(self.state)

    def _override_here(self) -> None:
        chosen, board = self.picture.selection(), self.board
        if board is not None:
            self._override(*(chosen or (board.now, board.until)))

    def _override(self, since: object, until: object) -> None:
        board = self.board
        assert board is not None
        of_team = [each for each in self.control.people if board.team_id in each.teams]
        others = [each for each in self.control.people if board.team_id not in each.teams]
        form = OverrideForm(board.zone, since, until, [*of_team, *others], self)  # type: ignore[arg-type]
        form.accepted.connect(lambda: self.control.override(form.wanted(board.team_id)))
        self._open(form)

    def _remove_override(self) -> None:
        bar = self.picture.bar()
        if bar is not None and bar.override is not None:
            self.control.remove_override(bar.override)

    def _swap(self) -> None:
        """The shift at the cursor for one of somebody else."""
        bar, board = self.picture.bar(), self.board
        if bar is None or board is None or bar.shift.is_gap:
            return

        def offered(found: tuple[Shift, list[Shift]]) -> None:
            given, offers = found
            if not offers:
                self.told.tell("info", tr("oncall_view.no_swaps"), milliseconds=_TOLD)
                return
            form = SwapForm(board, given, offers, self)
            form.accepted.connect(lambda: self.control.swap(*form.wanted()))
            self._open(form)

        self.control.look_for_swaps(bar.shift, offered)

    def _choose_rotation(self) -> None:
        rotations = [each.rotation for each in self.board.rows if each.rotation] if self.board is not None else []
        if len(rotations) == 1:
            self._edit_rotation(rotations[0])
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for each in rotations:
            menu.addAction(each.name.replace("&", "&&"), partial(self._edit_rotation, each))
        menu.popup(QCursor.pos())

    def _edit_rotation(self, rotation: Rotation | None) -> None:
        board = self.board
        if board is None:
            return
        people = sorted(self.control.people, key=lambda each: (board.team_id not in each.teams, each.name))
        today = board.local(board.now).date()
        form = RotationForm(board.team_id, people, board.zone.key, today, rotation, self)
        form.accepted.connect(lambda: self.control.save_rotation(form.wanted()))
        form.removed.connect(self.control.remove_rotation)
        self._open(form)

    def _export(self) -> None:
        name = f"{self.chooser.currentText()}.ics"
        file, _ = QFileDialog.getSaveFileName(self, tr("oncall_view.do.export"), name, _CALENDARS)
        if file:
            self.control.export(Path(file))

    def _import(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, tr("oncall_view.do.import"), "", _CALENDARS)
        if file:
            self.control.take_absences(Path(file))

    def _open(self, form: QDialog) -> None:
        self.form = form
        form.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        form.open()
