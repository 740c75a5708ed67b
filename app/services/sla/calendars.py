"""Business calendars: kept, read, and counted by."""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models.errors import Conflict, KnownError, NotAllowed
from app.models.records.calendars import CLOSED_WEEK, Calendar, Closure, Day, Span, Week
from app.models.records.desk import Actor
from app.models.rules.business_time import BusinessTime, Hours, RoundTheClock
from app.models.rules.opening_hours import is_zone, problems
from app.models.rules.permissions import Action, may
from app.models.tables import Application, BusinessCalendar, ClockSegment, ServiceTarget, TicketClock, Vendor
from app.services.database import Database, Work

_ALWAYS = RoundTheClock()
_KEPT = 128
"""Calendars that are laid out and kept: each with its spans of a year or two."""


def listed(database: Database) -> list[Calendar]:
    """All calendars, by name."""
    with database.read() as session:
        return list(by_id(session).values())


def by_id(session: Session) -> dict[UUID, Calendar]:
    rows = session.scalars(select(BusinessCalendar).order_by(BusinessCalendar.name))
    return {each.id: _record(each) for each in rows}


def hours_of(session: Session) -> Callable[[UUID | None], Hours]:
    """The hours by the id of a calendar, as they are now; None is round the clock, and so is what is gone or broken."""
    known = by_id(session)

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


def holiday_names(country: str, region: str, year: int) -> dict[date, str]:
    """The public holidays of a year with their names in the country's own language. Errors as `public_holidays`."""
    public_holidays(country, region)
    import holidays  # noqa: PLC0415

    found = holidays.country_holidays(country, subdiv=region or None, years=year) if country else {}
    return dict(sorted(found.items()))


def countries() -> Mapping[str, Sequence[str]]:
    """The countries whose holidays are known, each with its regions."""
    import holidays  # noqa: PLC0415

    return holidays.list_supported_countries()


def save(database: Database, actor: Actor, calendar: Calendar) -> Calendar:
    """Add a calendar, or change it: running clocks that count by it are due anew.

    What passed under the old hours stays counted as it was. `KnownError` where it cannot be used or its name is taken,
    `Conflict` `calendar.overtaken`, `NotAllowed`.
    """
    if not may(actor, Action.ARRANGE):
        raise NotAllowed("not_allowed.arrange")
    for problem in problems(calendar):
        raise problem
    public_holidays(calendar.country, calendar.region)
    try:
        with database.write(actor) as work:
            version = _store(work, calendar)
            work.session.flush()
            work.changed("calendar", calendar.id)
            work.audit("calendar.saved", calendar.id, after={"name": calendar.name})
            return _record(work.session.get_one(BusinessCalendar, calendar.id)) if version else calendar
    except IntegrityError as error:
        raise KnownError("calendar.name_taken", name=calendar.name) from error


def remove(database: Database, actor: Actor, calendar_id: UUID) -> None:
    """`KnownError` `calendar.in_use` where an application, a target, a vendor or a clock goes by it."""
    if not may(actor, Action.ARRANGE):
        raise NotAllowed("not_allowed.arrange")
    with database.write(actor) as work:
        row = work.session.get(BusinessCalendar, calendar_id)
        if row is None:
            return
        for table in (Application, ServiceTarget, Vendor, TicketClock, ClockSegment):
            used = select(func.count()).select_from(table).where(table.calendar_id == calendar_id)
            if work.session.scalar(used):
                raise KnownError("calendar.in_use", name=row.name)
        work.session.execute(delete(BusinessCalendar).where(BusinessCalendar.id == calendar_id))
        work.changed("calendar", calendar_id)
        work.audit("calendar.removed", calendar_id, before={"name": row.name})


def _store(work: Work, calendar: Calendar) -> int:
    row = work.session.get(BusinessCalendar, calendar.id)
    values = stored(calendar)
    if row is None:
        work.session.add(BusinessCalendar(id=calendar.id, version=1, **values))
        return 1
    same = (BusinessCalendar.id == calendar.id, BusinessCalendar.version == calendar.version)
    changed = update(BusinessCalendar).where(*same).values(version=calendar.version + 1, **values)
    if not work.session.connection().execute(changed).rowcount:
        raise Conflict("calendar.overtaken", name=row.name)
    work.session.expire(row)
    return calendar.version + 1


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


def _record(row: BusinessCalendar) -> Calendar:
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
