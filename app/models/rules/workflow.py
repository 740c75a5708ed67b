"""How a ticket's status follows what happens to it."""

from datetime import datetime, timedelta

from app.models.records.tickets import Status

GRACE = timedelta(days=14)
"""A reply within this time after closing reopens the ticket; a later one opens a linked ticket."""


def takes_replies(status: Status, closed_at: datetime | None, now: datetime, grace: timedelta = GRACE) -> bool:
    """Whether a customer's reply at `now` still belongs to this ticket."""
    return not status.is_done or closed_at is None or now - closed_at <= grace


def after_customer_reply(status: Status) -> Status:
    """A customer wrote: nobody waits for them any more, and what was done is open again."""
    return status if status is Status.NEW else Status.OPEN


def after_vendor_reply(status: Status) -> Status:
    """A vendor wrote: nobody waits for them any more. The customer's part of the matter stays as it is."""
    return Status.OPEN if status is Status.WAITING_VENDOR else status


def after_answer(status: Status, chosen: Status | None) -> Status:
    """An agent answered, and may have chosen where the ticket goes from here."""
    if chosen is not None:
        return chosen
    return Status.OPEN if status is Status.NEW else status


def closing_time(status: Status, was_closed_at: datetime | None, now: datetime) -> datetime | None:
    """When a ticket in `status` was done: kept from solved to closed, gone when it is open again."""
    if not status.is_done:
        return None
    return was_closed_at or now
