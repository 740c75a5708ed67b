"""A ticket's history in words. Pure: it needs no widget."""

from collections.abc import Sequence
from typing import Any

from app.models.records.history import HistoryEntry
from app.models.records.tickets import Priority
from app.services.tickets.editing import CHANGED
from app.services.wording import tr, tr_or
from app.views.kit.times import date_words

_COLUMNS = {"assignee_id": "assignee", "team_id": "team", "application_id": "application", "tags": "tags"}
_CONCERN = ("impact", "urgency", "category", "component", "skill", "language")
_TOLD = ("status", "priority", "level", "assignee_id", "team_id", "application_id", "tags", "owner_id", *_CONCERN)


def what_words(entry: HistoryEntry) -> str:
    """What was done, and each field from what to what."""
    changes = [_change(name, entry) for name in _TOLD if entry.before.get(name) != entry.after.get(name)]
    head = tr_or(f"history.{entry.action}", tr("history.other", action=entry.action))
    return "; ".join(changes) if entry.action == CHANGED and changes else head


def line_words(entry: HistoryEntry) -> str:
    """A whole line, to be copied."""
    return "\t".join([date_words(entry.at), entry.actor, what_words(entry), entry.desk])


def matching(entries: Sequence[HistoryEntry], typed: str) -> list[HistoryEntry]:
    """Those that say, anywhere, what was typed."""
    words = typed.lower().split()
    return [each for each in entries if all(word in line_words(each).lower() for word in words)]


def _change(name: str, entry: HistoryEntry) -> str:
    before, after = (value_words(name, fields.get(name)) for fields in (entry.before, entry.after))
    return tr("history.from_to", field=field_words(name), before=before, after=after)


def field_words(name: str) -> str:
    """What people call a field of a ticket."""
    return tr("ticket.owner") if name == "owner_id" else tr(f"column.{_COLUMNS.get(name, name)}")


def value_words(name: str, value: Any) -> str:
    """What people call what is in a field."""
    match name:
        case "status":
            return tr(f"status.{value}")
        case "priority":
            return Priority(value).name
        case "level":
            return {1: "L1", 2: "L2", 3: "L3"}.get(value) or tr("level.VENDOR")
        case "impact" if value:
            return tr(f"impact.{value}")
        case "urgency" if value:
            return tr(f"urgency.{value}")
        case "tags":
            return ", ".join(value) or tr("history.nothing")
        case _:
            return str(value) if value else tr("history.nothing")
