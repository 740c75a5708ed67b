"""Duty as an iCalendar (RFC 5545), and absences and closed days out of one.

Each shift has the same UID whenever the feed is made, so that a calendar that subscribes to it changes its entries
instead of doubling them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, islice
from math import prod
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.models.errors import KnownError
from app.models.records.calendars import Closure
from app.models.records.desk import Actor
from app.models.tables import Agent, Team
from app.services.database import Database
from app.services.oncall.arranging import add_absence
from app.services.oncall.reading import roster_of
from app.services.wording import tr

if TYPE_CHECKING:
    from icalendar import Component, Event

LARGEST = 5_000_000
"""Bytes of a file that is read."""

_MOST = 5_000
_BEFORE, _AFTER = timedelta(days=366), timedelta(days=2 * 366)
_MOST_A_DAY, _TOO_OFTEN = 24, ("SECONDLY", "MINUTELY", "HOURLY")
_REPEATS = {"RRULE", "RDATE", "RECURRENCE-ID"}
_BROKEN = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError)
"""What icalendar and recurring_ical_events raise of a file that is none."""

_SHIFTS = UUID("6f1d3c0e-6f5b-4c0e-9d1a-6b8f6a0f2d11")


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a file, or one time of a repeated one, whose `uid` tells which.

    `since` and `until` are aware; of whole days `all_day` has the first and the last.
    """

    uid: str
    summary: str
    since: datetime
    until: datetime
    all_day: Closure | None = None


def feed(database: Database, team_id: UUID, since: datetime, until: datetime, agent_id: UUID | None = None) -> bytes:
    """The shifts of a team between two aware instants, or of one of its people. `KnownError` `team.gone`."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - slow, and often not needed

    with database.read() as session:
        team = session.get(Team, team_id)
        if team is None:
            raise KnownError("team.gone")
        shifts = roster_of(session, team_id).shifts(since, until)
        names = dict(session.execute(select(Agent.id, Agent.name)).all())
        told = Calendar()
        told.add("prodid", "-//Firstline//on-call//EN")
        told.add("version", "2.0")
        told.add("x-wr-calname", tr("oncall.feed", team=team.name))
        for each in shifts:
            if each.agent_id is None or agent_id not in (None, each.agent_id):
                continue
            event = Event()
            event.add("uid", f"{uuid5(_SHIFTS, f'{team_id} {each.since.isoformat()}')}@firstline")
            event.add("dtstamp", database.clock.now())
            event.add("dtstart", each.since)
            event.add("dtend", each.until)
            event.add("summary", tr("oncall.event", name=names.get(each.agent_id, ""), team=team.name))
            told.add_component(event)
    content: bytes = told.to_ical()
    return content


def happenings(content: bytes, now: datetime, zone: str = "UTC") -> list[Happening]:
    """The events of a file, in order; what tells no zone is in `zone`.

    Of repeated ones (RRULE, RDATE, EXDATE, single times that were moved) those within a year before `now` and the
    two after it. `KnownError` `ical.too_large`, `ical.unreadable`, `ical.too_many`, `ical.too_often` (by
    the hour or less).
    """
    from icalendar import Calendar  # noqa: PLC0415 - as above

    if len(content) > LARGEST:
        raise KnownError("ical.too_large", most=LARGEST // 1_000_000)
    try:
        told = Calendar.from_ical(content)
        found = list(islice(_happenings(told, now, ZoneInfo(zone)), _MOST + 1))
    except _BROKEN as error:
        raise KnownError("ical.unreadable", reason=str(error)[:200]) from error
    if len(found) > _MOST:
        raise KnownError("ical.too_many", most=_MOST)
    return sorted(found, key=lambda each: each.since)


def closures(content: bytes, now: datetime, zone: str = "UTC") -> tuple[Closure, ...]:
    """The whole days of a file, for a business calendar. `now` and errors as `happenings`."""
    return tuple(each.all_day for each in happenings(content, now, zone) if each.all_day is not None)


def take_absences(database: Database, actor: Actor, agent_id: UUID, content: bytes, zone: str = "UTC") -> int:
    """Somebody is away during the events of a file that are not over; how many. Read again, they change the same ones.

    Errors as `happenings` and `add_absence`.
    """
    now = database.clock.now()
    coming = [each for each in happenings(content, now, zone) if each.until > now]
    for each in coming:
        add_absence(database, actor, agent_id, each.since, each.until, each.summary[:200], each.uid)
    return len(coming)


def _happenings(told: "Component", now: datetime, zone: ZoneInfo) -> Iterator[Happening]:
    from icalendar import Event  # noqa: PLC0415 - as above
    from recurring_ical_events import of  # type: ignore[import-untyped]  # noqa: PLC0415

    events = [each for each in told.walk("VEVENT") if isinstance(each, Event) and "DTSTART" in each]
    repeated = {str(each.get("UID", "")) for each in events if _REPEATS & set(each)}
    for event in events:
        if not _is_off(event) and str(event.get("UID", "")) not in repeated:
            yield from _happening(event, zone)
    if repeated:
        _require_calm(events)
        for event in of(told, keep_recurrence_attributes=True).between(now - _BEFORE, now + _AFTER):
            uid = str(event.get("UID", ""))
            if uid in repeated and not _is_off(event):
                yield from _happening(event, zone, f" {_instant(event.start, zone).isoformat()}")


def _require_calm(events: Iterable["Event"]) -> None:
    """Nobody is away every second: a rule that says so would fill the memory."""
    told: list[Any] = [each["RRULE"] for each in events if "RRULE" in each]
    for rule in chain.from_iterable(each if isinstance(each, list) else [each] for each in told):
        times = prod(len(rule.get(part, ())) or 1 for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))
        if times > _MOST_A_DAY or str(rule.get("FREQ", [""])[0]).upper() in _TOO_OFTEN:
            raise KnownError("ical.too_often")


def _is_off(event: "Event") -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"


def _happening(event: "Event", zone: ZoneInfo, time_of_it: str = "") -> Iterator[Happening]:
    """None where it takes no time. `time_of_it` tells one of a repeated event from the others."""
    begins, ends = event.start, event.end
    whole = None
    if not isinstance(begins, datetime):
        last = max(begins, ends - timedelta(days=1))
        whole = Closure(begins, last, str(event.get("SUMMARY", "")))
        ends = last + timedelta(days=1)
    since, until = _instant(begins, zone), _instant(ends, zone)
    if until > since:
        uid = str(event.get("UID", "")) or f"{since.isoformat()} {event.get('SUMMARY', '')}"
        yield Happening(uid + time_of_it, str(event.get("SUMMARY", "")), since, until, whole)


def _instant(told: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(told, datetime):
        told = datetime.combine(told, time())
    return (told if told.tzinfo is not None else told.replace(tzinfo=zone)).astimezone(UTC)
