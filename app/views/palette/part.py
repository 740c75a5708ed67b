"""The command palette: every command, script, ticket and person by a few letters."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from app.models.errors import KnownError
from app.models.records.people import PersonFound
from app.models.records.queue import QueueFilter, QueueView
from app.services import people
from app.services.remote_help.offering import Offer, Offered
from app.services.tickets import queue
from app.services.wording import tr
from app.views.kit.picker import Picker, PickItem
from app.views.palette.finding import (
    MOST,
    bare,
    commands_for,
    person_item,
    script_items,
    ticket_item,
    wants_people,
    wants_scripts,
    wants_tickets,
)
from app.views.remote_help.part import RemoteHelpPart
from app.views.window.shell import Shell

_RECENT, _KEPT = "palette/recent", 12
_TICKETS, _PEOPLE, _SCRIPTS = 8, 5, 5


class PalettePart(QObject):
    """Ctrl+K opens it. What was done last comes first; `>` asks for commands, `#` for tickets, `@` for people, `!` for
    scripts alone."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._recent = [each for each in shell.place.word(_RECENT, "").split(",") if each]
        self._found: dict[str, list[PickItem]] = {}
        self._picker: Picker | None = None
        self._offer: Offer | None = None
        shell.commands.section("window")
        shell.commands.add("palette", "Ctrl+K", "search", self.open)
        shell.commands.ran.connect(self._ran)

    def open(self) -> Picker:
        """Show it, and hand it out."""
        shell = self._shell
        self._found, self._offer = {}, None
        picker = Picker(shell.appearance, tr("palette.title"), self._commands, shell.window, hint=tr("palette.hint"))
        picker.typed.connect(self._typed)
        picker.picked.connect(self._picked)
        self._picker = picker
        picker.destroyed.connect(self._closed)
        picker.open()
        shell.part(RemoteHelpPart).read_offer(picker, self._offered, partial(self._lost, "scripts"))
        return picker

    def _closed(self) -> None:
        self._picker = None

    def _offered(self, offer: Offer) -> None:
        self._offer = offer
        if self._picker is not None and wants_scripts(self._picker.line.text()):
            self._show(self._picker.line.text())

    def _commands(self, typed: str) -> list[PickItem]:
        commands = self._shell.commands
        enabled = [each.id for each in commands if commands.action(each.id).isEnabled()]
        return commands_for(typed, commands, enabled, self._recent, has_ticket=self._shell.ticket.ticket is not None)

    def _typed(self, typed: str) -> None:
        """Tickets and people follow when the database has found them."""
        self._found = {}
        if self._offer is not None and wants_scripts(typed):
            self._show(typed)
        database, words = self._shell.desk.database, bare(typed)
        if wants_tickets(typed):
            wanted = QueueFilter(open=None, words=words)
            self._read("tickets", typed, partial(queue.page, database, wanted, _TICKETS))
        if wants_people(typed):
            self._read("people", typed, partial(people.find, database, words, _PEOPLE))

    def _read(self, kind: str, typed: str, work: Any) -> None:
        def arrived(found: list[Any]) -> None:
            item = ticket_item if kind == "tickets" else person_item
            self._found[kind] = [item(each, typed) for each in found]
            self._show(typed)

        self._shell.runner.read(self, work, arrived, partial(self._lost, kind), lane=kind)

    def _lost(self, kind: str, _error: KnownError) -> None:
        """Without a database there are the commands still; the window says that it is away."""
        self._found.pop(kind, None)

    def _show(self, typed: str) -> None:
        picker = self._picker
        if picker is not None and picker.line.text() == typed:
            commands = self._commands(typed)
            scripts = script_items(self._offer, typed) if self._offer is not None and wants_scripts(typed) else []
            more = [
                *scripts[: _SCRIPTS if bare(typed) else MOST],
                *self._found.get("tickets", ()),
                *self._found.get("people", ()),
            ]
            chosen = picker.current
            picker.offer([*commands, *more] if len(commands) <= _TICKETS else [*commands[:_TICKETS], *more])
            picker.choose(chosen)

    def _picked(self, item: PickItem) -> None:
        match item.value:
            case str(command):
                self._shell.commands.run(command)
            case Offered() as offered:
                self._shell.part(RemoteHelpPart).open(offered)
            case PersonFound() as person:
                wanted = QueueFilter(open=None, requesters=frozenset({person.id}))
                self._shell.queue.choose(QueueView(f"person-{person.id}", person.name, wanted, builtin=False))
            case ticket_id:
                self._shell.ticket.open(ticket_id)

    def _ran(self, command: str) -> None:
        if command != "palette":
            self._recent = [command, *(each for each in self._recent if each != command)][:_KEPT]
            self._shell.place.keep_word(_RECENT, ",".join(self._recent))
