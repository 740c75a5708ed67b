"""Until when something is put off: what people usually mean, and what they type. Wall times of a zone."""

import re
from datetime import UTC, date, datetime, time, timedelta

MORNING, AFTERNOON = time(8), time(15)
_LENGTH = re.compile(r"(\d{1,3})\s*(m|min|h|d|w)")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(.+))?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?(?:\s+(.+))?")
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_UNITS = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def usual(now: datetime) -> list[tuple[str, datetime]]:
    """What is offered at `now`, whose zone is that of the walls: codes and aware instants, in order."""
    today = now.date()
    monday = today + timedelta(days=7 - today.weekday())
    found = [("hour", _after(now, timedelta(hours=1)))]
    if now.time() < time(AFTERNOON.hour - 1):
        found.append(("afternoon", _at(today, AFTERNOON, now)))
    found.append(("tomorrow", _at(today + timedelta(days=1), MORNING, now)))
    found.append(("monday", _at(monday, MORNING, now)))
    found.append(("week", _at(today + timedelta(days=7), MORNING, now)))
    return found


def typed(text: str, now: datetime) -> datetime | None:
    """`30m`, `2h`, `3d`, `14:30` (today, or tomorrow where that is over), `2026-12-01 09:00`, `1.12. 9:00`; a day
    alone means its morning. None where it is nothing of that, or over."""
    wanted = " ".join(text.split()).casefold()
    try:
        found = _length(wanted, now) or _time_of_day(wanted, now) or _on_a_day(wanted, now)
    except (ValueError, OverflowError):
        return None
    return found if found is not None and found > now else None


def _length(text: str, now: datetime) -> datetime | None:
    match = _LENGTH.fullmatch(text)
    if match is None:
        return None
    length = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if match[2] in ("d", "w"):
        return _at(now.date() + length, now.time(), now)
    return _after(now, length)


def _time_of_day(text: str, now: datetime) -> datetime | None:
    if _TIME.fullmatch(text) is None:
        return None
    wanted = _time(text)
    today = _at(now.date(), wanted, now)
    return today if today > now else _at(now.date() + timedelta(days=1), wanted, now)


def _on_a_day(text: str, now: datetime) -> datetime | None:
    if (match := _DAY.fullmatch(text)) is not None:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    elif (match := _DAY_FIRST.fullmatch(text)) is not None:
        day = date(int(match[3] or now.year), int(match[2]), int(match[1]))
        if not match[3] and day < now.date():
            day = day.replace(year=day.year + 1)
    else:
        return None
    return _at(day, _time(match[4]) if match[4] else MORNING, now)


def _time(text: str) -> time:
    """`ValueError` where it is none."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return time(int(match[1]), int(match[2]))


def _after(now: datetime, length: timedelta) -> datetime:
    """So much real time later, to the minute, whatever the clocks do."""
    return (now.astimezone(UTC) + length).astimezone(now.tzinfo).replace(second=0, microsecond=0)


def _at(day: date, wall: time, now: datetime) -> datetime:
    return datetime.combine(day, wall.replace(second=0, microsecond=0), now.tzinfo)
