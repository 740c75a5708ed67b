"""What is typed into the forms of steps and edges: spans, promises by priority, lists of words. Pure."""

import re
from collections.abc import Mapping
from datetime import timedelta

from app.models.records.tickets import Priority

_UNITS = {"": 1, "m": 1, "min": 1, "h": 60, "d": 1440, "t": 1440}
_LENGTH = re.compile(r"\s*(\d{1,5})\s*(min|[mhdt]?)\s*", re.IGNORECASE)
_MOST = timedelta(days=366)


def read_length(typed: str) -> timedelta:
    """`15`, `15 min`, `1h30`, `2d` (in German `2t`); a number alone is minutes. ValueError brings what is not one."""
    minutes, place = 0, 0
    while place < len(typed):
        found = _LENGTH.match(typed, place)
        if found is None:
            raise ValueError(typed.strip())
        minutes += int(found[1]) * _UNITS[found[2].lower()]
        place = found.end()
    length = timedelta(minutes=minutes)
    if not minutes or length > _MOST:
        raise ValueError(typed.strip())
    return length


def length_text(length: timedelta) -> str:
    """As `read_length` takes it."""
    minutes = round(length.total_seconds() / 60)
    days, rest = divmod(minutes, 1440)
    hours, rest = divmod(rest, 60)
    parts = [f"{count}{unit}" for count, unit in ((days, "d"), (hours, "h"), (rest, "m")) if count]
    return " ".join(parts)


def read_promises(typed: str) -> dict[Priority | None, timedelta]:
    """`P1 15m, P2 30m, 4h`: the one without a priority is for all others. ValueError brings the part that is wrong."""
    promises: dict[Priority | None, timedelta] = {}
    for part in (each.strip() for each in re.split(r"[,;]", typed)):
        if part:
            head = part[:2].upper()
            priority = Priority[head] if head in Priority.__members__ else None
            if priority in promises:
                raise ValueError(part)
            try:
                promises[priority] = read_length(part[2:].lstrip(" :=") if priority else part)
            except ValueError:
                raise ValueError(part) from None
    return promises


def promises_text(promises: Mapping[Priority | None, timedelta]) -> str:
    """As `read_promises` takes it."""
    own = [f"{each.name} {length_text(promises[each])}" for each in Priority if each in promises]
    return ", ".join([*own, length_text(promises[None])] if None in promises else own)


def read_words(typed: str) -> tuple[str, ...]:
    """Words with commas between, each once."""
    return tuple(dict.fromkeys(each.strip() for each in typed.split(",") if each.strip()))


def read_lines(typed: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in typed.splitlines() if each.strip())
