"""What stands in braces in a canned reply or a signature, and what it becomes in an answer."""

import re
from collections.abc import Mapping
from html import escape

from app.models.records.desk import Actor
from app.models.records.tickets import TicketView

NAMES = (
    "requester.name",
    "requester.first_name",
    "requester.organisation",
    "ticket.number",
    "ticket.subject",
    "application",
    "team.name",
    "agent.name",
    "agent.first_name",
)
"""All that there are."""
_PLACEHOLDER = re.compile(r"\{(" + "|".join(re.escape(each) for each in NAMES) + r")\}")


def facts(ticket: TicketView | None, actor: Actor | None) -> dict[str, str]:
    """The value of each placeholder; empty where there is none."""
    requester = ticket.requester if ticket else None
    row = ticket.row if ticket else None
    return {
        "requester.name": requester.name if requester else "",
        "requester.first_name": first_name(requester.name) if requester else "",
        "requester.organisation": (requester.organisation or "") if requester else "",
        "ticket.number": str(row.number) if row else "",
        "ticket.subject": row.subject if row else "",
        "application": (row.application or "") if row else "",
        "team.name": (row.team or "") if row else "",
        "agent.name": actor.name if actor else "",
        "agent.first_name": first_name(actor.name) if actor else "",
    }


def signed(text: str, team: str, values: Mapping[str, str]) -> str:
    """A signature filled in: its team is the one that signs, wherever the ticket lies."""
    return fill_text(text.strip(), {**values, "team.name": team})


def fill_html(html: str, values: Mapping[str, str]) -> str:
    """Put in what has a value; what has none stays in its braces, to be seen and filled by hand."""
    return _PLACEHOLDER.sub(lambda found: escape(values.get(found[1], ""), quote=False) or found[0], html)


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """The same for plain text."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], "") or found[0], text)


def unfilled(text: str) -> tuple[str, ...]:
    """The placeholders that still stand in a text, each once, with their braces."""
    return tuple(dict.fromkeys(found[0] for found in _PLACEHOLDER.finditer(text)))


def first_name(name: str) -> str:
    """`Priya` of `Priya Nair` and of `Nair, Priya`; empty for what is an address or a single letter."""
    last, comma, first = name.partition(",")
    word = (first if comma and first.strip() else last).strip().split(" ")[0]
    return "" if "@" in word or len(word.rstrip(".")) < 2 else word


def placeholders_in(text: str) -> list[tuple[int, int]]:
    """Where they stand, as (start, stop)."""
    return [found.span() for found in _PLACEHOLDER.finditer(text)]
