"""How the clocks of a ticket stand."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.records.clocks import ClockKind, ClockReason, ClockState, ClockView, Segment
from app.models.rules.clocks import spent_in
from app.models.tables import Agent, ClockSegment, Team, TicketClock
from app.services.database import Database
from app.services.sla import calendars
from app.services.sla.counting import TICK, segment_record


def clocks(database: Database, ticket_id: UUID) -> tuple[ClockView, ...]:
    """The clocks of a ticket as they stand now, oldest first."""
    with database.read() as session:
        return clocks_at(session, ticket_id, database.clock.now())


def clocks_at(session: Session, ticket_id: UUID, now: datetime) -> tuple[ClockView, ...]:
    query = select(TicketClock).where(TicketClock.ticket_id == ticket_id)
    rows = session.scalars(query.order_by(TicketClock.started_at, TicketClock.id)).all()
    segments: dict[UUID, list[Segment]] = defaultdict(list)
    of_these = ClockSegment.clock_id.in_([each.id for each in rows])
    for each in session.scalars(select(ClockSegment).where(of_these).order_by(ClockSegment.ordinal)):
        segments[each.clock_id].append(segment_record(each))
    names = _Names(session, [each for theirs in segments.values() for each in theirs])
    hours = calendars.hours_of(session)
    known = calendars.by_id(session)
    found = []
    for row in rows:
        parts = tuple(segments[row.id])
        spent = [(each, spent_in(each, now, hours)) for each in parts]
        calendar = known.get(row.calendar_id) if row.calendar_id is not None else None
        found.append(
            ClockView(
                row.id,
                ClockKind(row.kind),
                ClockState(row.state),
                ClockReason(row.reason),
                row.target * TICK,
                sum((each for _, each in spent), timedelta(0)),
                row.started_at,
                row.due_at,
                row.stopped_at,
                row.warned_at,
                row.broken_at if row.broken_at is not None else _broken_unseen(row, now),
                calendar.name if calendar is not None else "",
                parts,
                names.teams(spent),
                names.people(spent),
                row.handoff_id,
                names.within(parts),
            )
        )
    return tuple(found)


def _broken_unseen(row: TicketClock, now: datetime) -> datetime | None:
    """A clock that ran out since the last sweep is broken all the same."""
    until = row.stopped_at or now
    return row.due_at if row.due_at is not None and row.due_at <= until else None


class _Names:
    """Whom the time of some segments was spent with."""

    def __init__(self, session: Session, segments: Iterable[Segment]) -> None:
        listed = list(segments)
        teams = {each.team_id for each in listed if each.team_id is not None}
        people = {each.agent_id for each in listed if each.agent_id is not None}
        self._teams = dict(session.execute(select(Team.id, Team.name).where(Team.id.in_(teams))).all())
        self._people = dict(session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(people))).all())

    def within(self, parts: Iterable[Segment]) -> tuple[tuple[UUID, str], ...]:
        """The names of the teams and people of these, each once."""
        known = self._teams | self._people
        ids = dict.fromkeys(each for part in parts for each in (part.team_id, part.agent_id))
        return tuple((each, known[each]) for each in ids if each in known)

    def teams(self, spent: Iterable[tuple[Segment, timedelta]]) -> tuple[tuple[str, timedelta], ...]:
        return _summed((self._teams.get(each.team_id or _NOBODY, ""), time) for each, time in spent)

    def people(self, spent: Iterable[tuple[Segment, timedelta]]) -> tuple[tuple[str, timedelta], ...]:
        return _summed((self._people.get(each.agent_id or _NOBODY, ""), time) for each, time in spent)


_NOBODY = UUID(int=0)


def _summed(told: Iterable[tuple[str, timedelta]]) -> tuple[tuple[str, timedelta], ...]:
    """By name, the most first; nobody's is under the empty name."""
    found: dict[str, timedelta] = defaultdict(timedelta)
    for name, time in told:
        if time > timedelta(0):
            found[name] += time
    return tuple(sorted(found.items(), key=lambda each: (-each[1], each[0])))
