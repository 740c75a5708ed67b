"""What another product knows of its tickets, before its words are ours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.models.records.tickets import MessageKind


@dataclass(frozen=True, slots=True)
class ForeignMessage:
    """`key` is what it is called there, `html` as it came. `at` is an aware instant."""

    key: str
    kind: MessageKind
    at: datetime
    author: str
    address: str
    subject: str
    text: str
    html: str | None = None


@dataclass(slots=True)
class ForeignTicket:
    """`key` is what it is called there; `status`, `priority`, `team` and `agent` are words of its own."""

    key: str
    number: str
    subject: str
    status: str
    priority: str
    team: str
    agent: str
    requester: str
    address: str
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    tags: Sequence[str] = ()
    messages: list[ForeignMessage] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that could not be read: where it stands, and the code of why."""

    where: str
    reason: str


@dataclass(slots=True)
class Read:
    """All that was read of an export, and what was not."""

    tickets: list[ForeignTicket] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def instant(told: str, zone: ZoneInfo) -> datetime:
    """A time as exports write it; `zone` is meant where it names none. `ValueError` where it is no time."""
    at = datetime.fromisoformat(told.strip())
    return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(UTC)
