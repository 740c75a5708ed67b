"""Duty as an iCalendar (RFC 5545), and absences and closed days out of one.

Each shift has the same UID whenever the feed is made, so that a calendar that subscribes to it changes its entries
instead of doubling them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from icalendar import Calendar as Feed, Event
from sqlalchemy import select

from app.models.errors import KnownError
from app.models.records.calendars import Closure
from app.models.records.desk import Actor
from app.models.tables import Agent, Team
from app.services.database import Database
from app.services.oncall.arranging import add_absence
from app.services.oncall.reading import roster_of
from app.services.wording import tr

LARGEST = 5_000_000
"""Bytes of a file that is read."""

_MOST = 5_000
_SHIFTS = UUID("6f1d3c0e-6f5b-4c0e-9d1a-6b8f6a0f2d11")


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a file. `since` and `until` are aware; of whole days `all_day` has the first and the last."""

    uid: str
    summary: str
    since: datetime
    until: datetime
    all_day: Closure | None = None


def feed(database: Database, team_id: UUID, since: datetime, until: datetime, agent_id: UUID | None = None) -> bytes:
    """The shifts of a team between two aware instants, or of one of its people. `KnownError` `team.gone`."""
    with database.read() as session:
        team = session.get(Team, team_id)
        if team is None:
            raise KnownError("team.gone")
        shifts = roster_of(session, team_id).shifts(since, until)
        names = dict(session.execute(select(Agent.id, Agent.name)).all())
        told = Feed()
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


def happenings(content: bytes, zone: str = "UTC") -> list[Happening]:
    """The events of a file, in order; what tells no zone is in `zone`. Repeated ones count once, as they are written.

    `KnownError` `ical.too_large`, `ical.unreadable`, `ical.too_many`.
    """
    if len(content) > LARGEST:
        raise KnownError("ical.too_large", most=LARGEST // 1_000_000)
    try:
        told = Feed.from_ical(content)
        found = list(_events(told, ZoneInfo(zone)))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise KnownError("ical.unreadable", reason=str(error)[:200]) from error
    if len(found) > _MOST:
        raise KnownError("ical.too_many", most=_MOST)
    return sorted(found, key=lambda each: each.since)


def closures(content: bytes, zone: str = "UTC") -> tuple[Closure, ...]:
    """The whole days of a file, for a business calendar. Errors as `happenings`."""
    return tuple(each.all_day for each in happenings(content, zone) if each.all_day is not None)


def take_absences(database: Database, actor: Actor, agent_id: UUID, content: bytes, zone: str = "UTC") -> int:
    """Somebody is away during the events of a file that are not over; how many. Read again, they change the same ones.

    Errors as `happenings` and `add_absence`.
    """
    now = database.clock.now()
    coming = [each for each in happenings(content, zone) if each.until > now]
    for each in coming:
        add_absence(database, actor, agent_id, each.since, each.until, each.summary[:200], each.uid)
    return len(coming)


def _events(told: Feed, zone: ZoneInfo) -> Iterator[Happening]:
    for event in told.walk("VEVENT"):
        if (
            not isinstance(event, Event)
            or str(event.get("STATUS", "")).upper() == "CANCELLED"
            or "DTSTART" not in event
        ):
            continue
        begins, ends = event.start, event.end
        whole = None
        if not isinstance(begins, datetime):
            last = max(begins, ends - timedelta(days=1))
            whole = Closure(begins, last, str(event.get("SUMMARY", "")))
            ends = last + timedelta(days=1)
        since, until = _instant(begins, zone), _instant(ends, zone)
        if until > since:
            uid = str(event.get("UID", "")) or f"{since.isoformat()} {event.get('SUMMARY', '')}"
            yield Happening(uid, str(event.get("SUMMARY", "")), since, until, whole)


def _instant(told: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(told, datetime):
        told = datetime.combine(told, time())
    return (told if told.tzinfo is not None else told.replace(tzinfo=zone)).astimezone(UTC)
