"""Escalating in the window: the strip below a ticket's heading, its clocks, and what was handed to the person here."""

from uuid import UUID

from PySide6.QtCore import QObject, QTimer

from app.models.records.tickets import TicketView
from app.views.escalating.clocks_panel import ClocksPanel
from app.views.escalating.control import EscalatingControl, Standing
from app.views.escalating.strip import WayStrip
from app.views.kit.change_bus import Changes
from app.views.tree.part import TreePart
from app.views.window.shell import Shell

_TOPICS = frozenset({"tree", "rotation", "override", "absence", "oncall", "calendar", "target", "application", "agent"})
_EVERY = 30_000
"""Milliseconds after which it is looked again: clocks run, and who is on duty changes with them."""


class EscalatingPart(QObject):
    """Follows the ticket that is shown, and what waits for the person here."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.setObjectName("escalating")
        self._shell = shell
        self.control = EscalatingControl(shell.desk, shell.runner, self)
        self.strip = WayStrip(shell.appearance)
        self.panel = ClocksPanel(shell.appearance)
        shell.layout.add_below_heading(self.strip)
        shell.layout.properties.add_panel(self.panel)
        self._beat = QTimer(self, interval=_EVERY)
        self._beat.timeout.connect(self.look)
        self.strip.way.activated.connect(self._open_tree)
        self.control.stood.connect(self._show)
        shell.ticket.opened.connect(self._opening)
        shell.ticket.shown.connect(self._shown)
        shell.bus.changed.connect(self._changed)
        shell.started.connect(self._beat.start)
        shell.closing.connect(self._beat.stop)

    def look(self) -> None:
        """Read how the ticket that is shown stands."""
        ticket_id = self._shell.ticket.ticket_id
        if ticket_id is not None:
            self.control.look(ticket_id)

    def _opening(self, _ticket_id: UUID) -> None:
        self.strip.hide()

    def _shown(self, ticket: TicketView) -> None:
        self.control.look(ticket.row.id)

    def _changed(self, changes: Changes) -> None:
        if changes.topics & _TOPICS:
            self.look()

    def _show(self, standing: Standing) -> None:
        if standing.ticket_id == self._shell.ticket.ticket_id:
            now = self._shell.desk.clock.now()
            self.strip.show_way(standing.way, standing.clocks, now)
            self.panel.show_clocks(standing.clocks, now)

    def _open_tree(self) -> None:
        ticket = self._shell.ticket.ticket
        if ticket is not None and ticket.application_id is not None:
            self._shell.part(TreePart).open(ticket.application_id, ticket.row.id)
