"""Own closures and days with hours of their own, as people write them: a line each."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from app.models.errors import KnownError
from app.models.records.calendars import Closure, Day
from app.models.rules.opening_hours import read_day, write_day

_DATE = r"\d{4}-\d{2}-\d{2}"
_LINE = re.compile(rf"({_DATE})(?:\s*(?:\.\.|to|bis|–|—|-)\s*({_DATE}))?\s*:?\s*(.*)")  # noqa: RUF001 - people write dashes
_LONGEST = timedelta(days=3660)


def read_days(text: str) -> tuple[tuple[Closure, ...], dict[date, Day]]:
    """Lines of `2026-12-24 09:00-12:00` (open then, whatever else falls on it) and `2026-12-27..2026-12-31 Stocktaking`
    (closed). `KnownError` `days.unreadable` with the line; `hours.overlap`."""
    closures: list[Closure] = []
    special: dict[date, Day] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        first, last, rest = _line(line)
        if rest[:1].isdigit():
            if last != first:
                raise KnownError("days.unreadable", text=line)
            special[first] = read_day(rest)
        else:
            closures.append(Closure(first, last, rest))
    return tuple(closures), special


def _line(line: str) -> tuple[date, date, str]:
    found = _LINE.fullmatch(line)
    try:
        if found is None:
            raise ValueError(line)
        first = date.fromisoformat(found[1])
        last = date.fromisoformat(found[2]) if found[2] else first
    except ValueError as error:
        raise KnownError("days.unreadable", text=line) from error
    if last < first or last - first > _LONGEST:
        raise KnownError("days.unreadable", text=line)
    return first, last, found[3].strip()


def write_days(closures: Iterable[Closure], special: Mapping[date, Day]) -> str:
    """What `read_days` reads, by date."""
    lines = [(day, f"{day} {write_day(spans)}".strip()) for day, spans in special.items() if spans]
    closed = [Closure(day, day) for day, spans in special.items() if not spans]
    for each in (*closures, *closed):
        span = str(each.first) if each.first == each.last else f"{each.first}..{each.last}"
        lines.append((each.first, f"{span} {each.name}".strip()))
    return "\n".join(line for _day, line in sorted(lines))
