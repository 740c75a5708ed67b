"""Swarming in the window: pull somebody into the ticket that is shown, see who is in it, let somebody go."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from app.models.errors import KnownError
from app.models.records.handoffs import SwarmOffer, SwarmView
from app.models.records.tickets import TicketView, Undo
from app.services.escalation import swarm
from app.services.wording import tr
from app.views.changing.choices import fitting
from app.views.escalating.chip_row import ChipRow
from app.views.kit.picker import Picker, PickItem
from app.views.swarm.model import member_chips, member_items, offer_items
from app.views.window.shell import Shell


class SwarmPart(QObject):
    """`members` are those who are in the ticket that is shown."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self.members: tuple[SwarmView, ...] = ()
        self.row, self.chips = QFrame(), ChipRow(shell.appearance)
        shell.commands.section("changing")
        shell.commands.add("swarm_ask", "Ctrl+Alt+H", "person", self.ask, needs_ticket=True)
        shell.commands.add("swarm_leave", "Ctrl+Alt+L", "close", self.let_go, needs_ticket=True)
        self._buttons = [shell.commands.button(each) for each in ("swarm_ask", "swarm_leave")]
        self._build()
        shell.ticket.opened.connect(self._opening)
        shell.ticket.shown.connect(self._shown)

    def ask(self) -> Picker | None:
        """Whom to pull in: people come as soon as they are found."""
        shell, ticket_id = self._shell, self._shell.ticket.ticket_id
        if ticket_id is None:
            return None
        items: list[PickItem] = []
        picker = Picker(
            shell.appearance, tr("swarm.ask"), partial(fitting, items=items), shell.window, hint=tr("swarm.ask_hint")
        )

        def found(offers: tuple[SwarmOffer, ...]) -> None:
            items.extend(offer_items(offers, shell.desk.clock.now()))
            picker.offer(fitting(picker.line.text(), items))

        picker.picked.connect(lambda item: self._pull_in(ticket_id, *item.value))
        picker.open()
        shell.runner.read(picker, partial(swarm.offers, shell.desk.database, ticket_id), found, shell.fail)
        return picker

    def let_go(self) -> Picker | None:
        """Who is in it no longer: oneself, or who was called."""
        shell, ticket_id = self._shell, self._shell.ticket.ticket_id
        if ticket_id is None:
            return None
        if not self.members:
            shell.tell(tr("swarm.nobody"))
            return None
        items = member_items(self.members)
        picker = Picker(shell.appearance, tr("swarm.let_go"), partial(fitting, items=items), shell.window)
        picker.picked.connect(lambda item: self._let_go(ticket_id, item.value))
        picker.open()
        return picker

    def _build(self) -> None:
        self.row.setProperty("role", "toolbar")
        heading = QLabel(tr("swarm.inside"))
        heading.setProperty("role", "caption")
        line = QHBoxLayout(self.row)
        line.setContentsMargins(16, 4, 12, 4)
        line.setSpacing(8)
        line.addWidget(heading)
        line.addWidget(self.chips, 1)
        for each in self._buttons:
            line.addWidget(each)
        self.row.hide()
        self._shell.layout.add_below_heading(self.row)

    def _pull_in(self, ticket_id: UUID, agent_id: UUID, skill: str) -> None:
        desk = self._shell.desk
        if desk.actor is not None:
            self._write(partial(swarm.pull_in, desk.database, desk.actor, ticket_id, agent_id, skill))

    def _let_go(self, ticket_id: UUID, agent_id: UUID) -> None:
        desk = self._shell.desk
        if desk.actor is not None:
            self._write(partial(swarm.leave, desk.database, desk.actor, ticket_id, agent_id))

    def _write(self, work: Callable[[], Undo | None]) -> None:
        def done(undo: Undo | None) -> None:
            if undo is not None:
                self._shell.undo.push(undo)
            self._shell.ticket.reload()
            self._shell.bus.look()

        self._shell.runner.write(self, work, done, self._shell.fail)

    def _opening(self, _ticket_id: UUID) -> None:
        self.members = ()
        self.row.hide()

    def _shown(self, ticket: TicketView) -> None:
        work = partial(swarm.members, self._shell.desk.database, ticket.row.id)
        self._shell.runner.read(self, work, partial(self._show, ticket.row.id), self._unseen, lane="swarm")

    def _show(self, ticket_id: UUID, members: tuple[SwarmView, ...]) -> None:
        if ticket_id == self._shell.ticket.ticket_id:
            self.members = members
            self.chips.show_chips(member_chips(members, self._shell.desk.clock.now()))
            self.row.setVisible(bool(members))

    def _unseen(self, _error: KnownError) -> None:
        """The status bar says that the database is away; what was seen last stays."""
