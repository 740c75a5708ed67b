"""How long to wait before asking Graph again."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST_BACKOFF = 8.0
_LONGEST_TOLD = 3600.0
"""Graph counts over ten minutes; a wait of years is somebody's mistake, and must not silence a mailbox for good."""


def told_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that `Retry-After` asks for, as a number or as a date (RFC 9110, 10.2.3); None where it says nothing,
    or asks for no wait: then ours is the better guess. Never more than an hour.

    A date is counted from the answer's own `Date`, so that a computer whose clock is wrong waits as long as others.
    """
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdecimal():
        return min(float(told[:9]), _LONGEST_TOLD) or None
    then, now = _instant(told), _instant(headers.get("Date", ""))
    return min(max(0.0, (then - now).total_seconds()), _LONGEST_TOLD) or None if then and now else None


def _instant(told: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(told)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def backoff(attempt: int) -> float:
    """Seconds, twice as many after each attempt, and not the same for all desks at once."""
    spread: float = random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
    return min(float(2**attempt), _LONGEST_BACKOFF) * spread
