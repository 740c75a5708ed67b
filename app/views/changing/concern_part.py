"""What a ticket is about and how much it weighs: two lines beside the conversation, and what changes them."""

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.models.records.clocks import Weight
from app.models.records.packed_ids import PackedIds
from app.models.records.tickets import TicketView
from app.models.rules.permissions import Action, may
from app.services.tickets import editing
from app.services.wording import tr
from app.views.changing.choices import fitting
from app.views.changing.concern_dialog import ConcernDialog
from app.views.changing.concern_model import concern_words, offered, rated_words, weights
from app.views.changing.part import ChangingPart
from app.views.kit.picker import Picker
from app.views.window.shell import Shell


class ConcernPart(QObject):
    """Impact and urgency give all selected tickets their priority; category, component, skill and language are those of
    the ticket that is shown."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.setObjectName("concern")
        self._shell = shell
        shell.commands.section("changing")
        shell.commands.add("urgency", "Ctrl+Alt+I", "priority", self.rate, needs_ticket=True)
        shell.commands.add("concern", "Ctrl+Alt+G", "text", self.say, needs_ticket=True)
        self.rated, self.said = _line(), _line()
        self.panel = _panel(self.rated, self.said)
        self.rated.clicked.connect(self.rate)
        self.said.clicked.connect(self.say)
        shell.layout.properties.add_panel(self.panel)
        shell.ticket.shown.connect(self._show)

    def rate(self) -> Picker:
        """How much does it touch, and how soon does it hurt?"""
        shell = self._shell
        find = partial(fitting, items=weights())
        picker = Picker(shell.appearance, tr("concern.urgency"), find, shell.window)
        picker.picked.connect(lambda item: self._weigh(item.value))
        picker.open()
        return picker

    def say(self) -> ConcernDialog | None:
        shell, ticket = self._shell, self._shell.ticket.ticket
        if ticket is None:
            return None
        dialog = ConcernDialog(ticket.row.number, ticket.concern, shell.window)
        dialog.told.connect(partial(self._tell, ticket))
        work = partial(offered, shell.desk.database, ticket.application_id)
        shell.runner.read(dialog, work, dialog.offer, shell.fail)
        dialog.open()
        return dialog

    def _weigh(self, pair: tuple[Weight, Weight]) -> None:
        changing = self._shell.part(ChangingPart)
        changing.change(changing.tickets, lambda: editing.to_urgency(*pair))

    def _tell(self, ticket: TicketView, told: dict[str, str]) -> None:
        """Only what differs: somebody else may have said the rest meanwhile."""
        fresh = {field: words for field, words in told.items() if words != getattr(ticket.concern, field)}
        if fresh:
            tickets = PackedIds.of([ticket.row.id])
            self._shell.part(ChangingPart).change(tickets, lambda: editing.to_concern(**fresh))

    def _show(self, ticket: TicketView) -> None:
        actor = self._shell.desk.actor
        allowed = actor is not None and may(actor, Action.CHANGE, **ticket.standing)
        for line, name, words, otherwise in (
            (self.rated, tr("command.urgency"), rated_words(ticket.concern, ticket.row.priority), tr("concern.rate")),
            (self.said, tr("command.concern"), concern_words(ticket.concern), tr("concern.say")),
        ):
            line.setText(words or otherwise)
            line.setToolTip(words or otherwise)
            line.setAccessibleName(f"{name}: {words or otherwise}")
            line.setEnabled(allowed)


def _line() -> QPushButton:
    line = QPushButton()
    line.setProperty("role", "link")
    line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return line


def _panel(rated: QPushButton, said: QPushButton) -> QWidget:
    panel = QWidget()
    column = QVBoxLayout(panel)
    column.setContentsMargins(0, 0, 0, 5)
    column.setSpacing(3)
    for words, line in ((tr("command.urgency"), rated), (tr("command.concern"), said)):
        label = QLabel(words)
        label.setProperty("role", "section")
        column.addWidget(label)
        column.addWidget(line)
    return panel
