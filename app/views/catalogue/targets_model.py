"""What is promised, as a table of clocks and priorities. Pure: it needs no widget."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.clocks import ClockKind, Target
from app.models.records.tickets import Priority
from app.models.rules.clocks import promised
from app.views.tree.entries import read_length

KINDS = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_UPDATE, ClockKind.RESOLUTION)
"""What is promised to customers; what the levels owe each other stands in the tree."""

Cell = tuple[ClockKind, Priority]


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a promise is: an application's, an organisation's, both, or (both None) all."""

    application_id: UUID | None = None
    organisation_id: UUID | None = None


def within(targets: Iterable[Target], scope: Scope) -> list[Target]:
    """Those that are for exactly this scope."""
    return [each for each in targets if Scope(each.application_id, each.organisation_id) == scope]


def length_words(length: timedelta) -> str:
    """`4h 30m`, never in days: how long a day is open, each calendar has its own mind about."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{count}{unit}" for count, unit in ((hours, "h"), (minutes, "m"), (seconds, "s")) if count]
    return " ".join(parts)


def cells(targets: Iterable[Target], scope: Scope) -> dict[Cell, str]:
    """What stands in the table."""
    return {(each.kind, each.priority): length_words(each.within) for each in within(targets, scope)}


def inherited(targets: Iterable[Target], scope: Scope) -> dict[Cell, str]:
    """What holds for a cell that is left empty."""
    others = [each for each in targets if Scope(each.application_id, each.organisation_id) != scope]
    found: dict[Cell, str] = {}
    for kind in KINDS:
        for priority in Priority:
            promise = promised(
                others,
                kind,
                priority,
                application_id=scope.application_id,
                organisation_id=scope.organisation_id,
                hours_id=None,
            )
            if promise is not None:
                found[kind, priority] = length_words(promise.within)
    return found


def calendars(targets: Iterable[Target], scope: Scope) -> dict[Priority, UUID | None]:
    """By which calendar each priority is counted; None by the application's hours."""
    found: dict[Priority, UUID | None] = {}
    for each in within(targets, scope):
        found.setdefault(each.priority, each.calendar_id)
    return found


def read_targets(
    typed: Mapping[Cell, str], counted_by: Mapping[Priority, UUID | None], scope: Scope, known: Iterable[Target]
) -> tuple[list[Target], dict[Cell, KnownError]]:
    """The promises of the table, and what is wrong by cell. A cell that was not touched keeps what it had: seconds, and
    a calendar of its own unless its priority was given another."""
    before = {(each.kind, each.priority): each for each in within(known, scope)}
    first = calendars(before.values(), scope)
    found = [each for each in before.values() if each.kind not in KINDS]
    wrong: dict[Cell, KnownError] = {}
    for (kind, priority), text in typed.items():
        old = before.get((kind, priority))
        if not text.strip():
            continue
        try:
            length = old.within if old and text.strip() == length_words(old.within) else read_length(text)
        except ValueError:
            wrong[kind, priority] = KnownError("target.unreadable", text=text.strip())
            continue
        calendar = counted_by.get(priority)
        if old is not None and calendar == first.get(priority):
            calendar = old.calendar_id
        ids = (scope.application_id, scope.organisation_id)
        found.append(Target(old.id if old else new_id(), kind, priority, length, *ids, calendar))
    return found, wrong
