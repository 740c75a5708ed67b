"""Pauses, closed hours and changed calendars: when a budget is used up, as somebody with a watch sees it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from hypothesis import given, settings, strategies as some

from app.models.records.calendars import Calendar
from app.models.records.clocks import ClockReason, ClockState, Segment
from app.models.rules.business_time import BusinessTime, Hours, RoundTheClock
from app.models.rules.clocks import spent, used_up
from app.models.rules.opening_hours import read_day

MINUTE = timedelta(minutes=1)
START = datetime(2026, 3, 27, 12, tzinfo=UTC)  # the Friday before clocks are put on in Europe
OFFICE, NIGHTS = UUID(int=1), UUID(int=2)
WEEKS = {OFFICE: "08:00-12:00, 13:00-17:30", NIGHTS: "18:00-24:00, 00:00-06:00"}
BY = {
    each: BusinessTime(Calendar(each, "tested", "Europe/Berlin", cast(Any, (read_day(day),) * 7)))
    for each, day in WEEKS.items()
}


def hours(calendar_id: UUID | None) -> Hours:
    return BY[calendar_id] if calendar_id is not None else RoundTheClock()


@some.composite
def histories(draw: some.DrawFn) -> Sequence[Segment]:
    """Running and resting by turns, each by a calendar of its own; the last goes on."""
    lengths = draw(some.lists(some.integers(1, 900), min_size=0, max_size=5))
    found, since = [], START
    for place, length in enumerate([*lengths, 0]):
        state = ClockState.RUNNING if draw(some.booleans()) else ClockState.PAUSED
        calendar_id = draw(some.sampled_from([None, OFFICE, NIGHTS]))
        until = since + length * MINUTE if place < len(lengths) else None
        counted = timedelta(0)
        if until is not None and state is ClockState.RUNNING:
            counted = hours(calendar_id).elapsed(since, until)
        found.append(Segment(since, until, state, ClockReason.WORK, calendar_id, counted))
        since = until or since
    return found


@settings(deadline=None, max_examples=60)
@given(histories(), some.integers(1, 2000))
def test_a_budget_is_used_up_when_a_watch_says_so(history: Sequence[Segment], budget: int) -> None:
    counted, due, end = 0, None, START + timedelta(days=5)
    for minute in range((end - START) // MINUTE):
        now = START + minute * MINUTE
        one = next(
            segment for segment in history if segment.since <= now and (not segment.until or now < segment.until)
        )
        if one.state is ClockState.RUNNING and hours(one.calendar_id).is_open(now):
            counted += 1
            if counted == budget:
                due = now + MINUTE
    assert spent(history, end, hours) == counted * MINUTE
    found = used_up(history, budget * MINUTE, hours)
    assert found == due if due is not None else found is None or found > end
