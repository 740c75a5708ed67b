"""A calendar as it is typed: its days as text, and what is wrong with it, field by field. Pure: it needs no widget."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.models.errors import KnownError
from app.models.records.calendars import CLOSED_WEEK, Calendar, Closure, Day, Week
from app.models.rules.closure_days import read_days, write_days
from app.models.rules.opening_hours import is_zone, problems, read_day, write_day

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
