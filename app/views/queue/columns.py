"""What a line of the queue says. Pure: it needs no widget."""

from dataclasses import dataclass
from datetime import datetime

from app.models.records.queue import QueueColumn
from app.models.records.tickets import Priority, Status, TicketRow
from app.services.wording import tr
from app.views.kit.times import age_words, time_words

COMPACT = 0
"""The model's column that holds a whole ticket."""

CELLS = {each: place for place, each in enumerate(QueueColumn, start=1)}
"""The model's columns that hold one thing of it each."""

STATUS_TINTS = {
    Status.NEW: "info",
    Status.OPEN: "success",
    Status.WAITING_CUSTOMER: "warning",
    Status.WAITING_VENDOR: "warning",
    Status.SCHEDULED: "muted",
    Status.SOLVED: "muted",
    Status.CLOSED: "muted",
}
PRIORITY_TINTS = {Priority.P1: "danger", Priority.P2: "warning", Priority.P3: "muted", Priority.P4: "muted"}


def free_words(row: TicketRow) -> str:
    """What stands in the place of the assignee's name: that there is none, or who is about to be."""
    return tr("queue.claimed_by", name=row.claimed_by) if row.claimed_by else tr("queue.nobody")


@dataclass(frozen=True, slots=True)
class QueueLine:
    """Two lines of a ticket, and the colours of its two marks. An arrow leads from who asks to who works on it."""

    subject: str
    detail: str
    age: str
    priority: str
    priority_tint: str
    status: str
    status_tint: str
    unread: bool


def queue_line(row: TicketRow, now: datetime) -> QueueLine:
    people = " → ".join(filter(None, [row.requester or tr("queue.no_requester"), row.assignee]))
    return QueueLine(
        subject=row.subject or tr("ticket.no_subject"),
        detail="  ·  ".join(filter(None, [f"#{row.number}", people, row.application])),
        age=age_words(row.updated_at, now),
        priority=row.priority.name,
        priority_tint=PRIORITY_TINTS[row.priority],
        status=tr(f"status.{row.status.value}"),
        status_tint=STATUS_TINTS[row.status],
        unread=row.unread > 0,
    )


def spoken(row: TicketRow) -> str:
    """A line for those who listen."""
    parts = [f"#{row.number}", row.subject or tr("ticket.no_subject"), row.priority.name]
    parts += [tr(f"status.{row.status.value}"), row.requester, row.assignee or free_words(row)]
    if row.unread:
        parts.append(tr("queue.unread", count=row.unread))
    return ", ".join(filter(None, [*parts, row.application]))


def full(row: TicketRow, now: datetime) -> str:
    """All that a queue knows of a ticket, one thing a line."""
    told = {
        "requester": row.requester or tr("queue.no_requester"),
        "application": row.application,
        "team": f"{row.team}  ({tr(f'level.{row.level.name}')})" if row.team else tr(f"level.{row.level.name}"),
        "assignee": row.assignee or free_words(row),
        "priority": tr(f"priority.{row.priority.name}"),
        "status": tr(f"status.{row.status.value}"),
        "channel": tr(f"channel_kind.{row.channel}"),
        "updated": time_words(row.updated_at, now),
    }
    heading = f"#{row.number}  {row.subject or tr('ticket.no_subject')}"
    return "\n".join([heading, *(f"{tr(f'column.{name}')}: {words}" for name, words in told.items() if words)])
