"""The stored clocks and their segments: begun, run, paused and stopped, and due anew whenever something differs."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.identifiers import new_id
from app.models.records.clocks import ClockReason, ClockState, Segment
from app.models.rules.business_time import Hours
from app.models.rules.clocks import WARN_SHARE, spent_in, used_up
from app.models.tables import ClockSegment, TicketClock

TICK = timedelta(microseconds=1)
"""In which budgets and what was spent are stored."""


@dataclass
class Counting:
    """Some clocks within a write at `now`."""

    session: Session
    hours: Callable[[UUID | None], Hours]
    now: datetime
    _segments: dict[UUID, list[ClockSegment]] = field(default_factory=lambda: defaultdict(list))
    _differing: dict[UUID, TicketClock] = field(default_factory=dict)
    _new_clocks: list[TicketClock] = field(default_factory=list)
    _new_segments: list[ClockSegment] = field(default_factory=list)

    @classmethod
    def of(
        cls, session: Session, clocks: Collection[UUID], hours: Callable[[UUID | None], Hours], now: datetime
    ) -> "Counting":
        """With the segments of the clocks named."""
        found = cls(session, hours, now)
        if clocks:
            query = select(ClockSegment).where(ClockSegment.clock_id.in_(clocks)).order_by(ClockSegment.ordinal)
            for each in session.scalars(query):
                found._segments[each.clock_id].append(each)
        return found

    def begin(self, clock: TicketClock, team_id: UUID | None, agent_id: UUID | None) -> None:
        """A new clock, running since it started."""
        self._new_clocks.append(clock)
        self._add(clock, clock.started_at, team_id, agent_id)

    def stop(self, clock: TicketClock, at: datetime, reason: ClockReason) -> None:
        """It stopped at `at`. One that was stopped before stays as it is."""
        if clock.state == ClockState.STOPPED.value:
            return
        self._end_segment(clock, at)
        clock.state, clock.reason, clock.stopped_at = ClockState.STOPPED.value, reason.value, max(at, clock.started_at)
        self._differing[clock.id] = clock

    def resume_as_if_never_stopped(self, clock: TicketClock) -> None:
        """What stopped it was taken back: the time since then counts as well."""
        last = self._segments[clock.id][-1]
        clock.spent -= last.spent
        last.until, last.spent = None, 0
        clock.state, clock.reason, clock.stopped_at = last.state, last.reason, None
        self._differing[clock.id] = clock

    def promise(self, clock: TicketClock, within: timedelta) -> None:
        """Its budget is `within` from now on; what was spent stays spent."""
        if clock.target != within // TICK:
            clock.target = within // TICK
            self._differing[clock.id] = clock

    def run(
        self,
        clock: TicketClock,
        state: ClockState,
        reason: ClockReason,
        calendar_id: UUID | None,
        lies_with: tuple[UUID | None, UUID | None],
    ) -> None:
        """It runs or rests, by this calendar, while the ticket lies with this team and person."""
        segments = self._segments[clock.id]
        last = segments[-1] if segments else None
        wanted = (state.value, reason.value, calendar_id, *lies_with)
        if last is not None and last.until is None:
            if (last.state, last.reason, last.calendar_id, last.team_id, last.agent_id) == wanted:
                return
            self._end_segment(clock, self.now)
        clock.state, clock.reason, clock.calendar_id, clock.stopped_at = state.value, reason.value, calendar_id, None
        if last is not None and last.since == last.until == self.now:  # it was made in this write: that was no time
            last.until = None
            last.state, last.reason, last.calendar_id, last.team_id, last.agent_id = wanted
        else:
            self._add(clock, self.now, *lies_with)
        self._differing[clock.id] = clock

    def recount(self, clock: TicketClock) -> None:
        """Its calendar was edited: due anew."""
        self._differing[clock.id] = clock

    def write(self) -> None:
        """Reckon anew when those that differ are due."""
        for clock in self._differing.values():
            self._reckon(clock)
        self.session.add_all(self._new_clocks)
        self.session.flush()  # a segment points to its clock
        self.session.add_all(self._new_segments)
        self.session.flush()

    def segments(self, clock_id: UUID) -> tuple[Segment, ...]:
        return tuple(segment_record(each) for each in self._segments[clock_id])

    def _reckon(self, clock: TicketClock) -> None:
        target, segments = clock.target * TICK, self.segments(clock.id)
        if clock.state == ClockState.STOPPED.value and segments:  # when it would have been due stays worth knowing
            segments = (*segments[:-1], replace(segments[-1], until=None))
        clock.warn_at = used_up(segments, target * WARN_SHARE, self.hours)
        clock.due_at = used_up(segments, target, self.hours)
        if clock.warned_at is not None:
            clock.warned_at = _passed(clock.warn_at, self.now)
        if clock.broken_at is not None:
            clock.broken_at = _passed(clock.due_at, self.now)
        clock.next_at = next_at(clock)

    def _add(self, clock: TicketClock, since: datetime, team_id: UUID | None, agent_id: UUID | None) -> None:
        segments = self._segments[clock.id]
        segment = ClockSegment(
            id=new_id(),
            clock_id=clock.id,
            ordinal=len(segments),
            since=since,
            state=clock.state,
            reason=clock.reason,
            calendar_id=clock.calendar_id,
            spent=0,
            team_id=team_id,
            agent_id=agent_id,
        )
        self._new_segments.append(segment)
        segments.append(segment)
        self._differing[clock.id] = clock

    def _end_segment(self, clock: TicketClock, at: datetime) -> None:
        last = self._segments[clock.id][-1]
        if last.until is not None:
            return
        until = max(at, last.since)  # a clock on the wall may have been set back
        last.spent = spent_in(segment_record(last), until, self.hours) // TICK
        last.until = until
        clock.spent += last.spent


def _passed(at: datetime | None, now: datetime) -> datetime | None:
    """What was told of before and holds still, as it is reckoned now."""
    return at if at is not None and at <= now else None


def next_at(clock: TicketClock) -> datetime | None:
    """What the sweep has to see next of a clock; nothing that a stopped one never reached."""
    coming = (clock.warn_at if clock.warned_at is None else None, clock.due_at if clock.broken_at is None else None)
    first = min(filter(None, coming), default=None)
    if first is None or (clock.stopped_at is not None and first > clock.stopped_at):
        return None
    return first


def segment_record(row: ClockSegment) -> Segment:
    return Segment(
        row.since,
        row.until,
        ClockState(row.state),
        ClockReason(row.reason),
        row.calendar_id,
        row.spent * TICK,
        row.team_id,
        row.agent_id,
    )
