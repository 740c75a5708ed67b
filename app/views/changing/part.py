"""Changing the ticket that is shown, or all that are selected, by a few typed letters."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject

from app.models.records.load import Load
from app.models.records.packed_ids import PackedIds
from app.models.records.tickets import Status
from app.models.rules.permissions import Action, may
from app.services.staff.load import load
from app.services.tickets import bulk, editing, tagging
from app.services.tickets.bulk import BulkResult, Step
from app.services.tickets.editing import Edit
from app.services.wording import tr, tr_error
from app.views.changing import choices
from app.views.kit.picker import Picker, PickItem
from app.views.ticket.properties_model import Offers
from app.views.window.shell import Shell

Find = Callable[[str], Sequence[PickItem]]


class ChangingPart(QObject):
    """Its commands act on every selected ticket; what was refused is told, and one undo takes all of it back."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._offers = Offers()
        shell.queue.offered.connect(self._offer)
        add = shell.commands.add
        shell.commands.section("changing")
        add("assignee", "Ctrl+Shift+A", "mine", self.assign, needs_ticket=True)
        add("team", "Ctrl+Shift+T", "team", self.hand_over, needs_ticket=True)
        add("status", "Ctrl+Shift+S", "status", self.set_status, needs_ticket=True)
        add("priority", "Ctrl+Shift+P", "priority", self.set_priority, needs_ticket=True)
        add("application", "Ctrl+Shift+L", "application", self.set_application, needs_ticket=True)
        add("tags", "Ctrl+Shift+G", "tag", self.tag, needs_ticket=True)
        add("close", "Ctrl+Shift+E", "archive", self.close, needs_ticket=True)
        add("select_none", "Ctrl+Alt+A", "", shell.layout.tickets.table.select_current)

    @property
    def tickets(self) -> PackedIds:
        """What a change is for: all that are selected, else the one that is shown."""
        selected = self._shell.layout.tickets.table.selected
        shown = self._shell.ticket.ticket_id
        return selected if len(selected) > 1 or shown is None else PackedIds.of([shown])

    def assign(self) -> Picker:
        """To whom? Each with what is on them."""
        return self._ask_with_load(tr("assign.title"), lambda known: self.people(known, self._why_not()))

    def hand_over(self) -> Picker:
        return self._ask_with_load(tr("bulk.team"), lambda known: choices.teams(self._offers, known))

    def set_status(self) -> Picker:
        picker = self._picker(tr("bulk.status"), partial(choices.fitting, items=choices.statuses()))
        picker.picked.connect(lambda item: self.to_status(item.value))
        return picker

    def to_status(self, status: Status) -> None:
        """Set it; of what is put off it is asked until when."""
        if status is Status.SCHEDULED:
            self._shell.commands.run("later")
        else:
            self.change(self.tickets, lambda: editing.to_status(status))

    def set_priority(self) -> Picker:
        find = partial(choices.fitting, items=choices.priorities())
        return self._ask(tr("bulk.priority"), find, editing.to_priority)

    def set_application(self) -> Picker:
        find = partial(choices.fitting, items=choices.applications(self._offers))
        to_application = partial(editing.to_application, self._shell.desk.database)
        return self._ask(tr("bulk.application"), find, to_application)

    def tag(self) -> Picker:
        """Put a tag on, known or new; take one off the ticket that is shown."""
        shell, known = self._shell, list[str]()
        shown = shell.ticket.ticket
        on_it = shown.tags if shown is not None and len(self.tickets) == 1 else ()

        def edit(value: tuple[str, str]) -> Edit:
            verb, name = value
            return editing.with_tags(add=[name]) if verb == "add" else editing.with_tags(drop=[name])

        picker = self._ask(tr("bulk.tags"), lambda typed: choices.tags(typed, known, on_it), edit)

        def arrived(found: list[str]) -> None:
            known.extend(found)
            picker.look_again()

        shell.runner.read(picker, partial(tagging.known_tags, shell.desk.database), arrived, shell.fail)
        return picker

    def people(self, known: Load, why_not: str = "") -> list[PickItem]:
        """Everybody and every team, with what is on them."""
        desk = self._shell.desk
        me = next((each for each in self._offers.agents if desk.actor and each.id == desk.actor.id), None)
        return choices.people(self._offers, known, me, desk.clock.now(), why_not)

    def close(self) -> None:
        self.change(self.tickets, lambda: editing.to_status(Status.CLOSED))

    def give(self, tickets: PackedIds, to: tuple[str, UUID | None]) -> None:
        """Give tickets to a person or a team: `("agent", id)`, `("team", id)`, or to nobody."""
        kind, target = to
        database = self._shell.desk.database
        if kind == "team" and target is not None:
            self.change(tickets, partial(editing.to_team, database, target))
        else:
            self.change(tickets, partial(editing.to_assignee, target))

    def change(self, tickets: PackedIds, edit: Callable[[], Edit]) -> None:
        """Change all `tickets`; `edit` is made on the worker thread, for it may look something up."""
        desk = self._shell.desk
        actor = desk.actor
        if actor is not None and tickets:
            self._run(
                tr("bulk.working"), lambda step: bulk.apply(desk.database, actor, tickets, edit(), step), "bulk.done"
            )

    def merge(self, tickets: PackedIds, into: UUID) -> None:
        """Put all of them on one."""
        desk = self._shell.desk
        actor = desk.actor
        if actor is not None:
            self._run(
                tr("bulk.working"), lambda step: bulk.merge(desk.database, actor, tickets, into, step), "bulk.merged"
            )

    def _run(self, words: str, work: Callable[[Step], BulkResult], done: str) -> None:
        self._shell.run_long(self, words, work, lambda result: self._told(result, done), self._shell.fail)

    def _told(self, result: BulkResult, done: str) -> None:
        shell, count = self._shell, len(result.undos)
        words = tr(done, count=count)
        if result.left:
            words = tr("bulk.stopped", count=count, left=result.left)
        elif result.refused:
            reason = tr_error(result.refused[0])
            key = "bulk.done_some" if count else "bulk.none_done"
            words = tr(key, count=count, refused=len(result.refused), reason=reason)
        if count == 1 and not result.refused:
            shell.undo.push(result.undos[0])
        elif count:
            shell.undo.push_all(words, result.undos)
        else:
            shell.warn(words)
        shell.bus.look()

    def _offer(self, offers: Offers) -> None:
        self._offers = offers

    def _why_not(self) -> str:
        """Why this person may not give this ticket away; empty where they may, and where several are selected."""
        ticket, actor = self._shell.ticket.ticket, self._shell.desk.actor
        if ticket is None or actor is None or len(self.tickets) > 1:
            return ""
        allowed = may(actor, Action.ASSIGN, **ticket.standing)
        return "" if allowed else tr("assign.not_yours", name=ticket.row.assignee or "")

    def _ask_with_load(self, title: str, items: Callable[[Load], list[PickItem]]) -> Picker:
        """Names are there at once; what is on each follows when it was counted."""
        shell, found = self._shell, [items(Load())]
        picker = self._picker(title, lambda typed: choices.fitting(typed, found[0]))
        picker.picked.connect(lambda item: self.give(self.tickets, item.value))

        def arrived(known: Load) -> None:
            found[0] = items(known)
            picker.look_again()

        shell.runner.read(picker, partial(load, shell.desk.database), arrived, shell.fail)
        return picker

    def _ask(self, title: str, find: Find, edit: Callable[[Any], Edit]) -> Picker:
        picker = self._picker(title, find)
        picker.picked.connect(lambda item: self._chosen(edit, item.value))
        return picker

    def _chosen(self, edit: Callable[[Any], Edit], value: Any) -> None:
        self.change(self.tickets, lambda: edit(value))

    def _picker(self, title: str, find: Find) -> Picker:
        shell = self._shell
        count = len(self.tickets)
        hint = tr("bulk.selected", count=count) if count > 1 else ""
        picker = Picker(shell.appearance, title, find, shell.window, hint=hint)
        picker.open()
        return picker
