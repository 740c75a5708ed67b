"""Escalating in the window: the strip below a ticket's heading, its clocks, handing on, and answering."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, QTimer

from app.models.errors import KnownError
from app.models.records.handoffs import HandoffState, Waiting
from app.models.records.tickets import TicketView, Undo
from app.services.escalation.drafts import PacketDraft
from app.services.wording import tr
from app.views.changing.choices import fitting
from app.views.escalating.clocks_panel import ClocksPanel
from app.views.escalating.control import EscalatingControl, Standing
from app.views.escalating.dialog import EscalateDialog
from app.views.escalating.handed import handed_item
from app.views.escalating.handoff_bar import HandoffBar
from app.views.escalating.reason import ReasonDialog
from app.views.escalating.strip import WayStrip
from app.views.kit.change_bus import Changes
from app.views.kit.picker import Picker
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
        self.waiting: tuple[Waiting, ...] = ()
        self.dialog: EscalateDialog | None = None
        self.control = EscalatingControl(shell.desk, shell.runner, self)
        self.strip, self.bar = WayStrip(shell.appearance), HandoffBar(shell.appearance)
        self.panel = ClocksPanel(shell.appearance)
        self._add_commands()
        self.strip.offer(shell.commands.button("escalate"))
        shell.layout.add_below_heading(self.bar)
        shell.layout.add_below_heading(self.strip)
        shell.layout.properties.add_panel(self.panel)
        self._counted = shell.commands.button("handed")
        shell.layout.bar.addPermanentWidget(self._counted)
        self._beat = QTimer(self, interval=_EVERY)
        self._beat.timeout.connect(self.look)
        self._connect()

    def look(self) -> None:
        """Read how the ticket that is shown stands, and what waits for the person here."""
        self.control.look_for_handed()
        ticket_id = self._shell.ticket.ticket_id
        if ticket_id is not None:
            self.control.look(ticket_id)

    def escalate(self) -> EscalateDialog | None:
        """Hand on the ticket that is shown: the dialog comes at once, what is known follows."""
        shell, ticket = self._shell, self._shell.ticket.ticket
        if ticket is None:
            return None
        dialog = EscalateDialog(ticket.row.id, ticket.row.number, shell.appearance, shell.window)
        self.dialog = dialog
        dialog.destroyed.connect(self._closed)
        dialog.wanted.connect(partial(self._hand_over, dialog))
        dialog.typed.connect(partial(self.control.keep, dialog.ticket_id))
        dialog.given_up.connect(partial(self.control.forget, dialog.ticket_id))
        dialog.open()
        self.control.propose(dialog, dialog.ticket_id, dialog.show_offer, dialog.show_failure)
        return dialog

    def show_handed(self) -> Picker:
        """All that waits for the person here; choosing goes there."""
        shell = self._shell
        now = shell.desk.clock.now()
        items = [handed_item(each, now) for each in self.waiting]
        hint = tr("handed.none_hint") if not items else ""
        picker = Picker(shell.appearance, tr("handed.title"), partial(fitting, items=items), shell.window, hint=hint)
        picker.picked.connect(lambda item: shell.ticket.open(item.value))
        picker.open()
        return picker

    @property
    def here(self) -> Waiting | None:
        """What waits at the ticket that is shown."""
        shown = self._shell.ticket.ticket_id
        return next((each for each in self.waiting if each.ticket_id == shown), None)

    def accept(self) -> None:
        if self.here is not None:
            self.control.accept(self.here)

    def decline(self) -> ReasonDialog | None:
        return self._ask_why("decline", self.control.decline)

    def give_back(self) -> ReasonDialog | None:
        return self._ask_why("give_back", self.control.give_back)

    def _add_commands(self) -> None:
        add = self._shell.commands.add
        self._shell.commands.section("changing")
        add("escalate", "F8", "level", self.escalate, needs_ticket=True)
        add("handed", "Ctrl+F8", "inbox", self.show_handed)
        add("handoff_accept", "Ctrl+Shift+Y", "check", self.accept)
        add("handoff_decline", "Ctrl+Alt+Y", "close", self.decline)
        add("handoff_return", "Ctrl+Shift+F8", "undo", self.give_back)

    def _connect(self) -> None:
        shell, control = self._shell, self.control
        self.strip.way.activated.connect(self._open_tree)
        self.bar.accepted.connect(self.accept)
        self.bar.declined.connect(self.decline)
        self.bar.given_back.connect(self.give_back)
        control.stood.connect(self._show)
        control.handed.connect(self._handed)
        control.did.connect(self._did)
        control.failed.connect(self._refused)
        shell.ticket.opened.connect(self._opening)
        shell.ticket.shown.connect(self._shown)
        shell.bus.changed.connect(self._changed)
        shell.started.connect(self._beat.start)
        shell.started.connect(control.look_for_handed)
        shell.closing.connect(self._beat.stop)
        self._show_bar()

    def _opening(self, _ticket_id: UUID) -> None:
        self.strip.hide()
        self._show_bar()

    def _shown(self, ticket: TicketView) -> None:
        self.control.look(ticket.row.id)
        self._show_bar()

    def _changed(self, changes: Changes) -> None:
        if changes.topics & _TOPICS:
            self.look()
        elif changes.tickets:
            self.control.look_for_handed()

    def _show(self, standing: Standing) -> None:
        if standing.ticket_id == self._shell.ticket.ticket_id:
            now = self._shell.desk.clock.now()
            self.strip.show_way(standing.way, standing.clocks, now)
            self.panel.show_clocks(standing.clocks, now)

    def _handed(self, waiting: tuple[Waiting, ...]) -> None:
        self.waiting = waiting
        self._show_bar()

    def _show_bar(self) -> None:
        """What waits here, what can be answered, and how much waits in all."""
        commands, here = self._shell.commands, self.here
        self.bar.show_waiting(here, self._shell.desk.clock.now())
        accepted = here is not None and here.state is HandoffState.ACCEPTED
        for each in ("handoff_accept", "handoff_decline"):
            commands.enable(each, here is not None and not accepted)
        commands.enable("handoff_return", accepted)
        count = sum(1 for each in self.waiting if each.state is not HandoffState.ACCEPTED)
        self._counted.setText(tr("handed.count", count=count))
        self._counted.setVisible(bool(count))

    def _ask_why(self, what: str, then: Callable[[Waiting, str], None]) -> ReasonDialog | None:
        here = self.here
        if here is None:
            return None
        hint = tr(f"handed.why_hint.{what}", number=here.number, node=here.node_name)
        do = tr(f"handed.{what}").rstrip(" …")
        dialog = ReasonDialog(tr(f"handed.why.{what}"), hint, do, tr("handed.reason_missing"), self._shell.window)
        dialog.told.connect(partial(then, here))
        dialog.open()
        return dialog

    def _hand_over(self, dialog: EscalateDialog, wanted: PacketDraft) -> None:
        def done(undo: Undo) -> None:
            dialog.handed_over()
            self._shell.undo.push(undo)

        self.control.escalate(dialog.ticket_id, wanted, done, dialog.refuse)

    def _did(self, words: str, number: int) -> None:
        self._shell.tell(tr(words, number=number))
        self._again()

    def _refused(self, error: KnownError) -> None:
        """Somebody else was quicker, say: what is shown is read again."""
        self._shell.fail(error)
        self._again()

    def _again(self) -> None:
        self._shell.ticket.reload()
        self._shell.bus.look()
        self.control.look_for_handed()

    def _open_tree(self) -> None:
        ticket = self._shell.ticket.ticket
        if ticket is not None and ticket.application_id is not None:
            self._shell.part(TreePart).open(ticket.application_id, ticket.row.id)

    def _closed(self) -> None:
        self.dialog = None
