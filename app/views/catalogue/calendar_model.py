"""A calendar as it is typed: its days as text, and what is wrong with it, field by field. Pure: it needs no widget."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from app.models.errors import KnownError
from app.models.records.calendars import CLOSED_WEEK, Calendar, Closure, Day, Week
from app.models.rules.opening_hours import is_zone, problems, read_day, write_day

_DATE = r"\d{4}-\d{2}-\d{2}"
_LINE = re.compile(rf"({_DATE})(?:\s*(?:\.\.|to|bis|–|—|-)\s*({_DATE}))?\s*:?\s*(.*)")  # noqa: RUF001 - people write dashes
_LONGEST = timedelta(days=3660)
NAME, ZONE, HOLIDAYS, DAYS = "name", "zone", "holidays", "days"
"""The fields that something can be wrong with; those of the week are `weekday_field`."""


@dataclass(frozen=True, slots=True)
class CalendarText:
    """What stands in the form. `week` is Monday first; `days` are closures and days with hours of their own."""

    name: str
    zone: str
    week: tuple[str, ...]
    country: str = ""
    region: str = ""
    days: str = ""


def weekday_field(place: int) -> str:
    return f"weekday {place}"


def text_of(calendar: Calendar) -> CalendarText:
    return CalendarText(
        calendar.name,
        calendar.zone,
        tuple(map(write_day, calendar.week)),
        calendar.country,
        calendar.region,
        write_days(calendar.closures, calendar.special),
    )


def new_text(zone: str) -> CalendarText:
    """What a new calendar begins with: office hours of five days."""
    return CalendarText("", zone, ("09:00-17:00",) * 5 + ("", ""))


def read_calendar(
    text: CalendarText, calendar_id: UUID, known: Calendar | None = None
) -> tuple[Calendar | None, dict[str, KnownError]]:
    """The calendar, or None and what is wrong by field."""
    wrong: dict[str, KnownError] = {}
    if not text.name.strip():
        wrong[NAME] = KnownError("calendar.no_name")
    if not is_zone(text.zone.strip()):
        wrong[ZONE] = KnownError("calendar.no_zone", zone=text.zone.strip())
    week = list(CLOSED_WEEK)
    for place, typed in enumerate(text.week):
        try:
            week[place] = read_day(typed)
        except KnownError as error:
            wrong[weekday_field(place)] = error
    closures: tuple[Closure, ...] = ()
    special: Mapping[date, Day] = {}
    try:
        closures, special = read_days(text.days)
    except KnownError as error:
        wrong[DAYS] = error
    if wrong:
        return None, wrong
    read = Calendar(calendar_id, text.name.strip(), text.zone.strip(), _week(week), text.country, text.region)
    read = replace(read, closures=closures, special=special, version=known.version if known is not None else 1)
    wrong = {_field_of(each): each for each in reversed(problems(read))}
    return (None, wrong) if wrong else (read, {})


def _field_of(problem: KnownError) -> str:
    match problem.code:
        case "calendar.no_zone":
            return ZONE
        case "calendar.overlap":
            return weekday_field(int(str(problem.facts["weekday"])))
        case _:
            return weekday_field(0)


def _week(days: list[Day]) -> Week:
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = days
    return monday, tuesday, wednesday, thursday, friday, saturday, sunday


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


def write_days(closures: tuple[Closure, ...], special: Mapping[date, Day]) -> str:
    """What `read_days` reads, by date."""
    lines = [(day, f"{day} {write_day(spans)}".strip()) for day, spans in special.items() if spans]
    closed = [Closure(day, day) for day, spans in special.items() if not spans]
    for each in (*closures, *closed):
        span = str(each.first) if each.first == each.last else f"{each.first}..{each.last}"
        lines.append((each.first, f"{span} {each.name}".strip()))
    return "\n".join(line for _day, line in sorted(lines))
