"""Opening hours as people write them, and what is wrong with a calendar."""

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from zoneinfo import available_timezones

from app.models.errors import KnownError
from app.models.records.calendars import DAY, Calendar, Day, Span

_TIME = r"(\d{1,2}):(\d{2})(?::(\d{2}))?"
_SPAN = re.compile(rf"{_TIME}\s*(?:-|–|—)\s*{_TIME}")  # noqa: RUF001 - people write dashes


def read_day(text: str) -> Day:
    """`09:00-12:00, 13:00-17:30` as spans, sorted; nothing is closed. Until an earlier time is until the next day.

    `KnownError` `hours.unreadable` with the piece that is none, `hours.overlap` where one begins before another ends.
    """
    spans = sorted(read_span(each) for each in re.split(r"[,;]", text) if each.strip())
    for earlier, later in pairwise(spans):
        if later.opens < earlier.closes:
            raise KnownError("hours.overlap", first=write_span(earlier), second=write_span(later))
    return tuple(spans)


def read_span(text: str) -> Span:
    """One span; `KnownError` `hours.unreadable`."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise KnownError("hours.unreadable", text=text.strip())
    opens, closes = _seconds(found.groups()[:3], text), _seconds(found.groups()[3:], text)
    if opens in (DAY, closes):
        raise KnownError("hours.unreadable", text=text.strip())
    return Span(opens, closes if closes > opens else closes + DAY)


def write_day(day: Iterable[Span]) -> str:
    """What `read_day` reads."""
    return ", ".join(map(write_span, day))


def write_span(span: Span) -> str:
    return f"{_wall(span.opens)}-{_wall(span.closes if span.closes <= DAY else span.closes - DAY)}"


def problems(calendar: Calendar) -> tuple[KnownError, ...]:
    """What keeps a calendar from being used: no zone of that name, no open hour, spans that overlap."""
    found = []
    if not is_zone(calendar.zone):
        found.append(KnownError("calendar.no_zone", zone=calendar.zone))
    if not any(calendar.week):
        found.append(KnownError("calendar.never_open", name=calendar.name))
    for place, day in enumerate(calendar.week):
        ended = max((each.closes for each in calendar.week[place - 1]), default=0) - DAY
        for span in day:
            if span.opens < ended:
                found.append(KnownError("calendar.overlap", weekday=place, span=write_span(span)))
            ended = max(ended, span.closes)
    return tuple(found)


def is_zone(name: str) -> bool:
    """Whether the time zones know it, as in `Europe/Berlin`."""
    return name in _zones()


@cache
def _zones() -> frozenset[str]:
    """Looked up once: it reads the names of some 1,800 files."""
    return frozenset(available_timezones())


def _seconds(parts: Iterable[str | None], text: str) -> int:
    hours, minutes, seconds = (int(each or 0) for each in parts)
    at = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or at > DAY:
        raise KnownError("hours.unreadable", text=text.strip())
    return at


def _wall(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")
