"""The days that come, as a calendar has them: when it is open, why not, and where the clocks are changed.

Pure: it needs no widget. What it draws is wall time; a day of 23 or 25 hours says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.models.records.calendars import Calendar
from app.models.rules.business_time import BusinessTime
from app.services.sla.calendars import holiday_names
from app.services.wording import language

_DAY = 86_400
_HOLIDAYS = 5


@dataclass(frozen=True, slots=True)
class ComingDay:
    """`spans` are shares of the day, from its first to its last wall clock minute. `reason` is why it is closed: the
    name of a holiday or a closure. `shift` is by how much the clocks go forward (or back, negative) on it."""

    day: date
    spans: tuple[tuple[float, float], ...]
    hours: str
    open_for: timedelta
    reason: str = ""
    shift: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Coming:
    """The next seven days, the next public holidays and when the clocks are changed next (None: not within a year)."""

    days: tuple[ComingDay, ...]
    holidays: tuple[tuple[date, str], ...]
    change: tuple[date, timedelta] | None
    is_open: bool


def coming(calendar: Calendar, now: datetime) -> Coming:
    """What comes from `now` (aware) on. `KnownError` `calendar.no_country`, `calendar.no_region`."""
    zone = ZoneInfo(calendar.zone)
    today = now.astimezone(zone).date()
    names = _holidays(calendar, today)
    hours = BusinessTime(calendar, names)
    days = tuple(_day(hours, calendar, names, zone, today + timedelta(days=each)) for each in range(7))
    later = tuple((day, name) for day, name in names.items() if day >= today)[:_HOLIDAYS]
    return Coming(days, later, _next_change(zone, today), hours.is_open(now))


def _holidays(calendar: Calendar, today: date) -> Mapping[date, str]:
    if not calendar.country:
        return {}
    found: dict[date, str] = {}
    for year in (today.year, today.year + 1):
        found |= holiday_names(calendar.country, calendar.region, year, language())
    return found


def _day(hours: BusinessTime, calendar: Calendar, names: Mapping[date, str], zone: ZoneInfo, day: date) -> ComingDay:
    since, until = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    found = hours.spans(since, until)
    spans = tuple((_share(opens, day, zone), _share(closes, day, zone)) for opens, closes in found)
    told = ", ".join(f"{_wall(opens, zone)}-{_wall(closes, zone)}" for opens, closes in found)
    total = sum((closes - opens for opens, closes in found), timedelta(0))
    return ComingDay(day, spans, told, total, _reason(calendar, names, day), _shift(day, zone))


def _reason(calendar: Calendar, names: Mapping[date, str], day: date) -> str:
    if day in calendar.special:
        return ""
    closed = next((each.name for each in calendar.closures if each.first <= day <= each.last), "")
    return closed or names.get(day, "")


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The day's first instant."""
    return datetime.combine(day, time(), zone)


def _share(at: datetime, day: date, zone: ZoneInfo) -> float:
    local = at.astimezone(zone)
    if local.date() != day:
        return 1.0 if local.date() > day else 0.0
    return (local.hour * 3600 + local.minute * 60 + local.second) / _DAY


def _wall(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def _shift(day: date, zone: ZoneInfo) -> timedelta:
    before, behind = _midnight(day, zone).utcoffset(), _midnight(day + timedelta(days=1), zone).utcoffset()
    return (behind or timedelta(0)) - (before or timedelta(0))


def _next_change(zone: ZoneInfo, today: date) -> tuple[date, timedelta] | None:
    for ahead in range(366):
        day = today + timedelta(days=ahead)
        if shift := _shift(day, zone):
            return day, shift
    return None
