"""What the call form decides. Pure: it needs no widget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.models.records.call_form import CallForm
from app.models.records.people import IdentityKind, PersonFound
from app.models.records.tickets import TicketRow
from app.services.phone.numbers import in_words, looks_like_number
from app.services.wording import tr
from app.views.kit.times import duration_words

_REGIONS = {"de": "DE", "en": "GB"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line that can be chosen: a person or a ticket; `value` is None for a new ticket."""

    words: str
    detail: str
    icon: str
    value: PersonFound | TicketRow | None


def region_of(setting: str, language: str) -> str:
    """Where numbers without a country are dialled from."""
    return setting or _REGIONS.get(language, "")


def people_lines(found: Sequence[PersonFound]) -> list[Line]:
    return [Line(each.name, _about(each), "person", each) for each in found]


def ticket_lines(found: Sequence[TicketRow]) -> list[Line]:
    """A new ticket stands behind the open ones and before those that are done."""
    lines = [
        Line(
            tr("call.closed_ticket" if each.status.is_done else "call.open_ticket", number=each.number,
               subject=each.subject or tr("ticket.no_subject")),
            "  ·  ".join(filter(None, [tr(f"status.{each.status.value}"), each.application, each.assignee])),
            "done" if each.status.is_done else "inbox",
            each,
        )
        for each in found
    ]  # fmt: skip
    done = next((place for place, each in enumerate(found) if each.status.is_done), len(lines))
    return [*lines[:done], Line(tr("call.new_ticket"), "", "open", None), *lines[done:]]


def hint_for(typed: str, people: Sequence[PersonFound], chosen: UUID | None) -> str:
    """What the form says below the line for the caller, where there is something to say."""
    if chosen is not None or not typed.strip() or people:
        return ""
    return tr("call.unknown_number") if looks_like_number(typed) else tr("call.nobody")


def can_tie(typed: str, person: PersonFound | None) -> bool:
    """Whether a number was typed that is not known to be this person's."""
    if person is None or not looks_like_number(typed):
        return False
    digits = "".join(each for each in typed if each.isdigit()).lstrip("0")
    known = [each.value for each in person.identities if each.kind is IdentityKind.PHONE]
    return not any(each.endswith(digits) for each in known)


def parked_words(form: CallForm, now: datetime) -> str:
    """A parked call on its button: who, and for how long it has been going."""
    name = form.person_name or form.who or tr("call.parked_nobody")
    lasted = duration_words(max(0, int((now - form.started_at).total_seconds())))
    return tr("call.parked_one", name=name, time=lasted)


def seconds_of(words: str) -> int | None:
    """Seconds of a time as people type it: 95, 1:35, 1:02:07; None where it is none."""
    parts = words.strip().split(":")
    if len(parts) > 3 or not all(each.isdecimal() and len(each) < 6 for each in parts):
        return None
    total = 0
    for each in parts:
        total = total * 60 + int(each)
    return total


def _about(person: PersonFound) -> str:
    first = next((each for each in person.identities if each.kind is IdentityKind.MAIL), None)
    known = first or (person.identities[0] if person.identities else None)
    value = "" if known is None else in_words(known.value) if known.kind is IdentityKind.PHONE else known.value
    return "  ·  ".join(filter(None, [person.organisation, value]))
