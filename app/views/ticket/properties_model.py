"""What stands beside a conversation, in words. Pure: it needs no widget."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.models.records.desk import Actor, Agent, Application, Team
from app.models.records.people import IdentityKind, PersonCard
from app.models.records.tickets import MessageKind, Priority, Status, TicketLink, TicketView
from app.models.rules.permissions import Action, may
from app.services.wording import tr

NAMES = ("status", "priority", "assignee", "team", "application")
_ICONS = {IdentityKind.MAIL: "at", IdentityKind.PHONE: "phone", IdentityKind.HANDLE: "person"}


@dataclass(frozen=True, slots=True)
class Choice:
    words: str
    value: Any


@dataclass(frozen=True, slots=True)
class Offers:
    """Who and what a ticket can be given."""

    agents: Sequence[Agent] = ()
    teams: Sequence[Team] = ()
    applications: Sequence[Application] = ()

    def choices(self, name: str, ticket: TicketView) -> list[Choice]:
        """What may be chosen; a person who left, or nothing, stands in the list only while it is so."""
        match name:
            case "status":
                return [Choice(tr(f"status.{each.value}"), each) for each in Status]
            case "priority":
                return [Choice(tr(f"priority.{each.name}"), each) for each in Priority]
            case "assignee":
                present = [each for each in self.agents if each.active or each.id == ticket.assignee_id]
                return [Choice(tr("ticket.nobody"), None), *(Choice(each.name, each.id) for each in present)]
            case "team":
                none = [] if ticket.team_id else [Choice(tr("ticket.no_team"), None)]
                return [*none, *(Choice(f"{each.name}  ({_level(each)})", each.id) for each in self.teams)]
            case _:
                named = (Choice(each.name, each.id) for each in self.applications)
                return [Choice(tr("ticket.no_application"), None), *named]


@dataclass(frozen=True, slots=True)
class PropertiesView:
    """Everything the panel shows. `may_change` and `may_assign` say which of its boxes are open to this person."""

    values: dict[str, Any]
    may_change: bool
    may_assign: bool
    requester: str
    organisation: str
    ways: tuple[tuple[str, str], ...]
    recent: tuple[tuple[int, str], ...]
    notes: str
    tags: str
    links: tuple[tuple[str, int], ...]
    reasons: tuple[str, ...]
    owner: str


def properties(ticket: TicketView, actor: Actor | None, offers: Offers) -> PropertiesView:
    card = ticket.requester
    owners = {each.id: each.name for each in offers.agents}
    links = [(link_words(each), each.number) for each in ticket.links]
    if ticket.merged_into is not None:
        links.insert(0, (tr("ticket.merged_into", number=ticket.merged_into), ticket.merged_into))
    return PropertiesView(
        values={
            "status": ticket.row.status,
            "priority": ticket.row.priority,
            "assignee": ticket.assignee_id,
            "team": ticket.team_id,
            "application": ticket.application_id,
        },
        may_change=_may(actor, Action.CHANGE, ticket),
        may_assign=_may(actor, Action.ASSIGN, ticket),
        requester=card.name if card else "",
        organisation=card.organisation or "" if card else "",
        ways=_ways(card),
        recent=card.recent if card else (),
        notes=card.notes if card else "",
        tags=", ".join(ticket.tags),
        links=tuple(links),
        reasons=_reasons(ticket),
        owner=owners.get(ticket.owner_id, "") if ticket.owner_id else "",
    )


def link_words(link: TicketLink) -> str:
    """How a ticket is tied to another, from where one stands, and whether the other is done."""
    how = tr(f"link_from.{link.kind.value}") if link.from_other else tr(f"link.{link.kind.value}")
    done = f"  ({tr('ticket.is_done')})" if link.done else ""
    return f"{how} #{link.number}  {link.subject}{done}"


def _may(actor: Actor | None, action: Action, ticket: TicketView) -> bool:
    return actor is not None and may(actor, action, **ticket.standing)


def _ways(card: PersonCard | None) -> tuple[tuple[str, str], ...]:
    return tuple((_ICONS[each.kind], each.value) for each in card.identities) if card else ()


def _reasons(ticket: TicketView) -> tuple[str, ...]:
    """Why its newest message from outside is on this ticket, and so where it is."""
    for message in reversed(ticket.messages):
        if message.kind is MessageKind.MAIL_IN:
            return tuple(tr(f"reason.{each.rule}", **each.facts) for each in message.reasons)
    return ()


def _level(team: Team) -> str:
    return tr(f"level.{team.level.name}")
