"""What a ticket says in each column of the queue. Pure: it needs no widget."""

from dataclasses import dataclass
from datetime import datetime

from app.models.records.queue import QueueColumn
from app.models.records.tickets import Priority, TicketRow
from app.models.rules.targets import SOON
from app.services.wording import tr
from app.views.kit.times import age_words, countdown_words
from app.views.queue.columns import PRIORITY_TINTS, STATUS_TINTS

WIDTHS = {
    QueueColumn.NUMBER: 58,
    QueueColumn.SUBJECT: 330,
    QueueColumn.REQUESTER: 118,
    QueueColumn.APPLICATION: 122,
    QueueColumn.LEVEL: 62,
    QueueColumn.TEAM: 118,
    QueueColumn.ASSIGNEE: 104,
    QueueColumn.PRIORITY: 70,
    QueueColumn.STATUS: 112,
    QueueColumn.CHANNEL: 76,
    QueueColumn.OPENED: 60,
    QueueColumn.UPDATED: 74,
    QueueColumn.DUE: 112,
}
"""Pixels at 100 %, before anybody drags a column's edge."""

USUAL = (
    QueueColumn.NUMBER, QueueColumn.SUBJECT, QueueColumn.REQUESTER, QueueColumn.APPLICATION, QueueColumn.LEVEL,
    QueueColumn.TEAM, QueueColumn.ASSIGNEE, QueueColumn.PRIORITY, QueueColumn.STATUS, QueueColumn.CHANNEL,
    QueueColumn.OPENED, QueueColumn.DUE,
)  # fmt: skip
"""Shown where a view does not choose its own."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Words in a colour of the theme; `strong` is what stands out, `badge` a count beside them."""

    words: str
    tint: str = "text"
    strong: bool = False
    badge: str = ""
    dot: str = ""


def cell(row: TicketRow, column: QueueColumn, now: datetime) -> Cell:
    """What `row` says in `column` at that moment."""
    match column:
        case QueueColumn.NUMBER:
            return Cell(str(row.number), "muted")
        case QueueColumn.SUBJECT:
            unread = str(row.unread) if row.unread else ""
            return Cell(row.subject or tr("ticket.no_subject"), strong=bool(row.unread), badge=unread)
        case QueueColumn.REQUESTER:
            return Cell(row.requester)
        case QueueColumn.APPLICATION:
            return Cell(row.application or "")
        case QueueColumn.LEVEL:
            return Cell(tr(f"level.{row.level.name}"), "muted")
        case QueueColumn.TEAM:
            return Cell(row.team or "")
        case QueueColumn.ASSIGNEE:
            return Cell(row.assignee) if row.assignee else Cell(_free(row), "muted")
        case _:
            return _state(row, column, now)


def _free(row: TicketRow) -> str:
    """A narrow column cuts the end off: a name alone would look like somebody's who has it."""
    return tr("queue.claimed", name=row.claimed_by) if row.claimed_by else tr("queue.nobody")


def _state(row: TicketRow, column: QueueColumn, now: datetime) -> Cell:
    match column:
        case QueueColumn.PRIORITY:
            return Cell(row.priority.name, PRIORITY_TINTS[row.priority], strong=row.priority <= Priority.P2)
        case QueueColumn.STATUS:
            return Cell(tr(f"status.{row.status.value}"), dot=STATUS_TINTS[row.status])
        case QueueColumn.CHANNEL:
            return Cell(tr(f"channel_kind.{row.channel}"), "muted")
        case QueueColumn.OPENED:
            return Cell(age_words(row.opened_at, now), "muted")
        case QueueColumn.UPDATED:
            return Cell(age_words(row.updated_at, now), "muted")
        case _:
            return _deadline(row, now)


def _deadline(row: TicketRow, now: datetime) -> Cell:
    if row.due_at is None:
        return Cell("")
    left = row.due_at - now
    tint = "danger" if left.total_seconds() < 0 else "warning" if left <= SOON else "muted"
    return Cell(countdown_words(row.due_at, now), tint, strong=tint != "muted")
