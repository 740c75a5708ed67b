"""When a customer is to be answered: in real time, round the clock."""

from datetime import datetime, timedelta

from app.models.records.tickets import Priority, Status

REPLY_WITHIN = {
    Priority.P1: timedelta(hours=1),
    Priority.P2: timedelta(hours=4),
    Priority.P3: timedelta(hours=8),
    Priority.P4: timedelta(hours=24),
}
"""From the oldest message that nobody answered."""

SOON = timedelta(hours=1)
"""A ticket whose answer is due within this time is breaching soon."""


def reply_due(status: Status, priority: Priority, unanswered_since: datetime | None) -> datetime | None:
    """Until when to answer; None where nothing is unanswered, or the next word is the customer's."""
    if unanswered_since is None or status.is_done or status is Status.WAITING_CUSTOMER:
        return None
    return unanswered_since + REPLY_WITHIN[priority]
