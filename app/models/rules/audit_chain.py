"""The chain over the audit: a digest of each entry, and seals that hash many of them onto the seal before.

Entries are written by many desks at once, none of which waits for another; they are sealed a moment later, in the order
in which they were committed. Who alters, removes or slips in an entry that is sealed must make all later seals anew,
and the hash that somebody noted elsewhere tells.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

SAID = ("id", "at", "actor", "actor_id", "desk", "action", "subject_id", "ticket_id", "before", "after")
"""What an entry says, in the order in which its digest reads it."""

FIRST = "0" * 64
"""What the first seal has for a hash before it."""


def digest(entry: Mapping[str, Any]) -> str:
    """SHA-256, in hex, of what an entry says: as compact JSON with sorted keys, instants in UTC."""
    told = json.dumps(
        [_canonical(entry[name]) for name in SAID], ensure_ascii=True, separators=(",", ":"), sort_keys=True
    )
    return sha256(told.encode()).hexdigest()


def seal_hash(number: int, at: datetime, previous: str, entries: Iterable[tuple[int, str]]) -> str:
    """SHA-256, in hex, of a seal: its number, instant, the hash before it, and each entry's sequence and digest."""
    made = sha256(f"firstline-audit 1\n{number}\n{_canonical(at)}\n{previous}\n".encode())
    for sequence, each in entries:
        made.update(f"{sequence} {each}\n".encode())
    return made.hexdigest()


def _canonical(value: object) -> object:
    """The same for a value before it was stored and after it was read, on either engine."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {str(name): _canonical(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_canonical(each) for each in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)
