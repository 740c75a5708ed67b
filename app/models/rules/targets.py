"""When a customer is to be answered where nothing else was arranged: in real time, round the clock."""

from datetime import timedelta

from app.models.records.tickets import Priority

REPLY_WITHIN = {
    Priority.P1: timedelta(hours=1),
    Priority.P2: timedelta(hours=4),
    Priority.P3: timedelta(hours=8),
    Priority.P4: timedelta(hours=24),
}
"""From the oldest message that nobody answered."""

SOON = timedelta(hours=1)
"""A ticket whose answer is due within this time is breaching soon."""
