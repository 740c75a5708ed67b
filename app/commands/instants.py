"""Instants as they are typed and shown at the terminal: in the machine's own zone where no other is named."""

from datetime import UTC, datetime

from app.models.errors import KnownError
from app.models.rules.on_call import YEARS


def instant(told: str) -> datetime:
    """An aware instant of ISO 8601. `KnownError` `cli.bad_time`, `cli.far_time`."""
    try:
        at = datetime.fromisoformat(told).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise KnownError("cli.bad_time", told=told) from error
    first, last = YEARS
    if not first <= at.year <= last:
        raise KnownError("cli.far_time", told=told, first=first, last=last)
    return at


def shown(at: datetime | None) -> str:
    """The day and the minute; empty where there is none."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}" if at is not None else ""


def zone_of(at: datetime) -> str:
    """The machine's zone at that time."""
    return f"{at.astimezone():%Z}"
