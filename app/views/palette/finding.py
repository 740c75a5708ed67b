"""What the command palette finds in the window itself: its commands. Pure: it needs no widget."""

from collections.abc import Iterable, Sequence

from app.models.records.people import PersonFound
from app.models.records.tickets import TicketRow
from app.services.remote_help.offering import Offer
from app.services.wording import tr
from app.views.kit.commands import Command
from app.views.kit.matching import best, match
from app.views.kit.picker import PickItem
from app.views.remote_help.chooser_model import ALL, lines

_COMMANDS, _TICKETS, _PEOPLE, _SCRIPTS = ">", "#", "@", "!"
_SIGNS = (_COMMANDS, _TICKETS, _PEOPLE, _SCRIPTS)
MOST = 40


def wants(typed: str, kind: str) -> bool:
    """Whether that kind of thing is looked for: a first sign of `>`, `#`, `@` or `!` asks for one kind alone."""
    sign = typed.lstrip()[:1]
    return sign not in _SIGNS or sign == kind


def bare(typed: str) -> str:
    """What was typed without the sign that asks for one kind."""
    stripped = typed.strip()
    return stripped[1:].strip() if stripped[:1] in _SIGNS else stripped


def commands_for(
    typed: str, commands: Iterable[Command], enabled: Sequence[str], recent: Sequence[str], *, has_ticket: bool
) -> list[PickItem]:
    """Commands that fit, those used last first while nothing is typed; one that rests says why."""
    if not wants(typed, _COMMANDS):
        return []
    known = [each for each in commands if each.id not in ("palette",)]
    if not bare(typed):
        order = {command_id: place for place, command_id in enumerate(recent)}
        known.sort(key=lambda each: order.get(each.id, len(order)))
    return [
        PickItem(
            each.words,
            each.id,
            icon=each.icon,
            keys=each.keys,
            places=found.places,
            why_not="" if each.id in enabled else _why_not(each, has_ticket=has_ticket),
        )
        for each, found in best(bare(typed), ((each.words, each) for each in known), MOST)
    ]


def _why_not(command: Command, *, has_ticket: bool) -> str:
    return tr("palette.needs_ticket") if command.needs_ticket and not has_ticket else tr("palette.rests")


def wants_tickets(typed: str) -> bool:
    return bool(bare(typed)) and wants(typed, _TICKETS)


def wants_people(typed: str) -> bool:
    return bool(bare(typed)) and wants(typed, _PEOPLE)


def wants_scripts(typed: str) -> bool:
    """By any word, or all of them by the sign alone."""
    return typed.lstrip()[:1] == _SCRIPTS or (bool(bare(typed)) and wants(typed, _SCRIPTS))


def script_items(offer: Offer, typed: str) -> list[PickItem]:
    """Those that fit; what may not be run says why."""
    return [
        PickItem(each.name, each.offered, f"{each.risk}  ·  {each.detail}", "code", "", each.places, each.why_not)
        for each in lines(offer, ALL, bare(typed))
    ]


def ticket_item(row: TicketRow, typed: str) -> PickItem:
    """A ticket, with the typed letters that its subject has."""
    words = f"#{row.number}  {row.subject or tr('ticket.no_subject')}"
    found = match(bare(typed), words)
    detail = "  ·  ".join(filter(None, [row.requester, tr(f"status.{row.status.value}")]))
    return PickItem(words, row.id, detail, "inbox", places=found.places if found else ())


def person_item(person: PersonFound, typed: str) -> PickItem:
    found = match(bare(typed), person.name)
    first = person.identities[0].value if person.identities else ""
    detail = "  ·  ".join(filter(None, [person.organisation, first]))
    return PickItem(person.name, person, detail, "person", places=found.places if found else ())
