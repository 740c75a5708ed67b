"""Oldest first: a sync tells changes in whatever order the server likes (Exchange: newest first)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime

from app.services.channels.interface import Incoming

LONGEST_HEAD = 256 * 1024
_UNKNOWN = datetime.min.replace(tzinfo=UTC)


def oldest_first(messages: Sequence[Incoming]) -> list[Incoming]:
    """By the time the last mail server took them, or else by their own date; stable where nothing tells.

    A message that tells no time stays behind the one that the server told before it.
    """
    last = _UNKNOWN
    timed: list[tuple[datetime, Incoming]] = []
    for each in messages:
        last = _taken_at(each.raw) or last
        timed.append((last, each))
    return [each for _, each in sorted(timed, key=lambda pair: pair[0])]


def _taken_at(raw: bytes | None) -> datetime | None:
    if raw is None:
        return None
    head = BytesHeaderParser(policy=compat32).parsebytes(raw[:LONGEST_HEAD].split(b"\r\n\r\n", 1)[0])
    for stamp in (str(head.get("Received", "")).rpartition(";")[2], str(head.get("Date", ""))):
        try:
            told = parsedate_to_datetime(stamp.strip())
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        try:
            return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
        except OverflowError:
            continue
    return None
