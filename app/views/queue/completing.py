"""What the search line offers while one types. Pure: it needs no widget."""

from collections.abc import Mapping, Sequence

from app.models.records.tickets import Priority, Status
from app.models.rules.search_query import Operator, unfinished
from app.views.ticket.properties_model import Offers

_MOST = 9
_FIXED: Mapping[Operator, Sequence[str]] = {
    Operator.IS: ("open", "done", "unread", "late", "mine", "unassigned"),
    Operator.LEVEL: ("1", "2", "3", "vendor"),
    Operator.PRIORITY: tuple(each.name.lower() for each in Priority),
    Operator.STATUS: tuple(each.value for each in Status),
    Operator.CHANNEL: ("mail", "phone", "desk"),
    Operator.HAS: ("attachment",),
    Operator.OPENED: ("24h", "7d", "4w"),
    Operator.UPDATED: ("24h", "7d", "4w"),
    Operator.DUE: ("late", "today", "24h"),
}


def completions(typed: str, offers: Offers) -> list[str]:
    """The whole line as it would be with each of the operators, or of the values, that begin as the last word does."""
    before, word = unfinished(typed)
    minus = "-" if word.startswith("-") else ""
    name, colon, value = word.removeprefix("-").partition(":")
    if colon:
        known = _values(name.lower(), offers)
        fitting = [each for each in known if each.lower().startswith(value.strip('"').lower()) and each != value]
        return [f"{before}{minus}{name}:{_quoted(each)} " for each in fitting[:_MOST]]
    if not name:
        return []
    return [f"{before}{minus}{each.value}:" for each in Operator if each.value.startswith(name.lower())][:_MOST]


def _values(name: str, offers: Offers) -> Sequence[str]:
    named: Mapping[str, Sequence[str]] = {
        Operator.APPLICATION.value: [each.name for each in offers.applications],
        Operator.TEAM.value: [each.name for each in offers.teams],
        Operator.ASSIGNEE.value: ["me", "none", *(each.name for each in offers.agents if each.active)],
    }
    return named.get(name) or next((values for each, values in _FIXED.items() if each.value == name), ())


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
