"""Business calendars: read, and counted by."""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.errors import KnownError
from app.models.records.calendars import CLOSED_WEEK, Calendar, Closure, Day, Span, Week
from app.models.rules.business_time import BusinessTime, Hours, RoundTheClock
from app.models.rules.opening_hours import is_zone
from app.models.tables import BusinessCalendar
from app.services.database import Database

_ALWAYS = RoundTheClock()
_KEPT = 128
"""Calendars that are laid out and kept: each with its spans of a year or two."""


def listed(database: Database) -> list[Calendar]:
    """All calendars, by name."""
    with database.read() as session:
        return list(by_id(session).values())


def by_id(session: Session) -> dict[UUID, Calendar]:
    rows = session.scalars(select(BusinessCalendar).order_by(BusinessCalendar.name))
    return {each.id: calendar_record(each) for each in rows}


def hours_of(session: Session) -> Callable[[UUID | None], Hours]:
    """The hours by the id of a calendar, as they are now; None is round the clock, and so is what is gone or broken."""
    known = by_id(session)

    @cache
    def hours(calendar_id: UUID | None) -> Hours:
        calendar = known.get(calendar_id) if calendar_id is not None else None
        return hours_by(calendar) if calendar is not None else _ALWAYS

    return hours


def hours_by(calendar: Calendar) -> Hours:
    """The hours of one calendar with its public holidays. By an unknown zone nobody can count: round the clock."""
    if not is_zone(calendar.zone):
        return _ALWAYS
    return _laid_out(_Key(calendar))


def public_holidays(country: str, region: str = "") -> Container[date]:
    """The public holidays, for any year. `KnownError` `calendar.no_country`, `calendar.no_region`."""
    if not country:
        return ()
    import holidays  # noqa: PLC0415 - takes longer than all other rules of a desk together

    try:
        return holidays.country_holidays(country, subdiv=region or None)
    except NotImplementedError as error:
        known = country in holidays.list_supported_countries()
        code = "calendar.no_region" if known else "calendar.no_country"
        raise KnownError(code, country=country, region=region) from error


def holiday_names(country: str, region: str, year: int, language: str = "") -> dict[date, str]:
    """The public holidays of a year with their names: in `language` (ISO 639-1) where they have any, else in the
    country's own. Errors as `public_holidays`."""
    public_holidays(country, region)
    if not country:
        return {}
    import holidays  # noqa: PLC0415

    known = holidays.list_localized_countries().get(country, ())
    plain = holidays.country_holidays(country, subdiv=region or None)
    spoken = next((each for each in known if each.split("_")[0] == language), plain.default_language)
    found = holidays.country_holidays(country, subdiv=region or None, years=year, language=spoken)
    return dict(sorted(found.items()))


def countries() -> Mapping[str, Sequence[str]]:
    """The countries whose holidays are known, each with its regions."""
    import holidays  # noqa: PLC0415

    return holidays.list_supported_countries(include_aliases=False)


def stored(calendar: Calendar) -> dict[str, Any]:
    """The columns of a calendar but its id and version, in their JSON form."""
    return {
        "name": calendar.name,
        "zone": calendar.zone,
        "week": [_spans(each) for each in calendar.week],
        "country": calendar.country,
        "region": calendar.region,
        "closures": [
            {"first": each.first.isoformat(), "last": each.last.isoformat(), "name": each.name}
            for each in calendar.closures
        ],
        "special": {day.isoformat(): _spans(spans) for day, spans in calendar.special.items()},
    }


def calendar_record(row: BusinessCalendar) -> Calendar:
    week = tuple(_day(each) for each in row.week)
    return Calendar(
        row.id,
        row.name,
        row.zone,
        cast(Week, (*week[:7], *CLOSED_WEEK[len(week) :])),
        row.country,
        row.region,
        tuple(
            Closure(date.fromisoformat(each["first"]), date.fromisoformat(each["last"]), each["name"])
            for each in row.closures
        ),
        {date.fromisoformat(day): _day(spans) for day, spans in row.special.items()},
        row.version,
    )


def _spans(day: Day) -> list[list[int]]:
    return [[each.opens, each.closes] for each in day]


def _day(spans: Sequence[Sequence[int]]) -> Day:
    return tuple(Span(opens, closes) for opens, closes in spans)


class _Key:
    """A calendar as it is laid out once: by what it says, whatever dictionary says it."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._told = repr(calendar)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other._told == self._told

    def __hash__(self) -> int:
        return hash(self._told)


@lru_cache(_KEPT)
def _laid_out(key: _Key) -> BusinessTime:
    calendar = key.calendar
    try:
        closed = public_holidays(calendar.country, calendar.region)
    except KnownError:  # a country that a later version of the library gave another name
        closed = ()
    return BusinessTime(calendar, closed)
