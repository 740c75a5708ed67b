"""Two people take each other's shifts: whose shift is given, and which one is taken for it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.models.identifiers import new_id
from app.models.records.on_call import Override, Shift
from app.services.wording import tr
from app.views.oncall.board import Board
from app.views.oncall.words import span

_SHOWN = 8
"""Lines of the list that are seen at once."""


class SwapForm(QDialog):
    """`offers` are the coming shifts of others, by time."""

    def __init__(self, board: Board, given: Shift, offers: Sequence[Shift], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("oncall_view.swap"))
        self._board, self._given, self._offers = board, given, offers
        told = QLabel(self._words(given))
        told.setProperty("role", "section")
        ask, self.becomes = QLabel(tr("oncall_view.swap_for")), QLabel()
        self.list = QListWidget()
        self.list.setProperty("role", "boxed")
        self.list.setAccessibleName(tr("oncall_view.swap_for"))
        for each in offers:
            QListWidgetItem(self._words(each), self.list)
        ask.setBuddy(self.list)
        rows = self.list.sizeHintForRow(0) if offers else 0
        self.list.setMinimumHeight(min(len(offers), _SHOWN) * rows + 2 * self.list.frameWidth())
        self.becomes.setProperty("role", "caption")
        zone = QLabel(tr("oncall_view.times_of", zone=board.zone.key))
        zone.setProperty("role", "caption")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        save = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setText(tr("oncall_view.do_swap"))
        save.setProperty("role", "primary")
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("oncall_view.cancel"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        for widget in (told, ask, self.list, self.becomes, zone, self.buttons):
            whole.addWidget(widget)
        for label in (told, self.becomes, zone):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.setMinimumWidth(460)
        self.list.currentRowChanged.connect(self._foresee)
        self.list.itemActivated.connect(lambda _item: self.accept())
        self.list.setCurrentRow(0)
        self.list.setFocus()

    def wanted(self) -> tuple[Override, Override]:
        """What makes the swap: the two shifts, each with the other person."""
        taken = self._offers[self.list.currentRow()]
        return self._override(self._given, taken), self._override(taken, self._given)

    def _override(self, shift: Shift, by: Shift) -> Override:
        assert shift.agent_id is not None
        assert by.agent_id is not None
        return Override(new_id(), self._board.team_id, by.agent_id, shift.since, shift.until, instead_of=shift.agent_id)

    def _foresee(self, row: int) -> None:
        taken = self._offers[row]
        names = {"one": self._board.name(self._given.agent_id), "other": self._board.name(taken.agent_id)}
        given, got = (span(self._board, each.since, each.until) for each in (self._given, taken))
        self.becomes.setText(tr("oncall_view.swap_becomes", given=given, taken=got, **names))

    def _words(self, shift: Shift) -> str:
        when = span(self._board, shift.since, shift.until)
        return tr("oncall_view.spoken", who=self._board.name(shift.agent_id), span=when)
