"""Tying the ticket that is shown to another, and untying it."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject

from app.models.records.tickets import LinkKind, TicketLink, Undo
from app.services.tickets import linking, reading
from app.services.wording import tr
from app.views.kit.picker import Picker, PickItem
from app.views.ticket.properties_model import link_words
from app.views.window.pick_ticket import pick_ticket
from app.views.window.shell import Shell


class LinkingPart(QObject):
    """Related to, part of, made of: each finds the other ticket by its number or its words."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        add = shell.commands.add
        shell.commands.section("changing")
        add("link_related", "Ctrl+Alt+R", "merge", partial(self.ask, "related"), needs_ticket=True)
        add("link_parent", "Ctrl+Alt+U", "level", partial(self.ask, "parent"), needs_ticket=True)
        add("link_child", "Ctrl+Alt+D", "split", partial(self.ask, "child"), needs_ticket=True)
        add("unlink", "Ctrl+Alt+Backspace", "close", self.ask_unlink, needs_ticket=True)

    def ask(self, how: str) -> Picker | None:
        """Which ticket? It is related to this one, or this one's `parent` or `child`."""
        shown = self._shell.ticket.ticket
        if shown is None:
            return None
        hint = tr("ask_link.hint", number=shown.row.number)
        return pick_ticket(self._shell, tr(f"ask_link.{how}"), hint, partial(self._link, how, shown.row.id))

    def ask_unlink(self) -> Picker | None:
        """Which of its ties?"""
        shown = self._shell.ticket.ticket
        if shown is None or not shown.links:
            return None
        items = [PickItem(link_words(each), each, icon="close") for each in shown.links]
        picker = Picker(self._shell.appearance, tr("ask_link.unlink"), lambda _typed: items, self._shell.window)
        picker.picked.connect(lambda item: self._unlink(shown.row.id, item.value))
        picker.open()
        return picker

    def _link(self, how: str, ticket_id: UUID, number: int) -> None:
        kind = LinkKind.RELATED if how == "related" else LinkKind.CHILD
        self._with(number, linking.link, ticket_id, kind, turned=how == "child")

    def _unlink(self, ticket_id: UUID, link: TicketLink) -> None:
        self._with(link.number, linking.unlink, ticket_id, link.kind, turned=link.from_other)

    def _with(self, number: int, verb: Callable[..., Undo], ticket_id: UUID, kind: LinkKind, *, turned: bool) -> None:
        desk = self._shell.desk

        def work() -> Undo:
            other = reading.id_of(desk.database, number)
            one, two = (other, ticket_id) if turned else (ticket_id, other)
            return verb(desk.database, desk.actor, one, two, kind)

        self._shell.runner.write(self, work, self._shell.undo.push, self._shell.fail)
