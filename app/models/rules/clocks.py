"""How a clock of a ticket counts: what pauses it, when it runs out, and by which promise.

What a segment counted is kept with it when it ends, by the hours that held then; what is left is counted by the hours
that hold now. So nothing that was spent is lost when a priority, a calendar or a level changes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.models.records.clocks import ClockKind, ClockReason, ClockState, Segment, Target, Weight
from app.models.records.tickets import Priority, Status
from app.models.rules.business_time import Hours

WARN_SHARE = 0.75
"""Of a budget: what is used up when people are warned."""

_PAUSES = {
    Status.WAITING_CUSTOMER: (ClockReason.WAITING_CUSTOMER, frozenset(ClockKind)),
    Status.SCHEDULED: (ClockReason.SCHEDULED, frozenset(ClockKind)),
    Status.WAITING_VENDOR: (ClockReason.WAITING_VENDOR, frozenset({ClockKind.RESOLUTION, ClockKind.RESOLVE})),
}
"""A customer who hears nothing does not mind that we wait for a vendor: what is owed to them in words runs on."""


def state_in(status: Status, kind: ClockKind) -> tuple[ClockState, ClockReason]:
    """What a clock that was not stopped does while its ticket is in `status`."""
    if status.is_done:
        return ClockState.STOPPED, ClockReason.DONE
    reason, kinds = _PAUSES.get(status, (ClockReason.WORK, frozenset()))
    if kind in kinds:
        return ClockState.PAUSED, reason
    return ClockState.RUNNING, ClockReason.WORK


def used_up(segments: Sequence[Segment], budget: timedelta, hours: Callable[[UUID | None], Hours]) -> datetime | None:
    """When `budget` is, or was, used up; None while it rests before, or will never be. Only the last may go on."""
    spent = timedelta(0)
    for each in segments:
        if each.state is not ClockState.RUNNING:
            continue
        if each.until is None:
            return hours(each.calendar_id).due(each.since, budget - spent)
        if each.spent > timedelta(0) and spent + each.spent >= budget:
            at = hours(each.calendar_id).due(each.since, budget - spent)
            return each.until if at is None else min(at, each.until)
        spent += each.spent
    return None


def spent(segments: Iterable[Segment], now: datetime, hours: Callable[[UUID | None], Hours]) -> timedelta:
    """What all of it counted until `now`."""
    return sum((spent_in(each, now, hours) for each in segments), timedelta(0))


def spent_in(segment: Segment, now: datetime, hours: Callable[[UUID | None], Hours]) -> timedelta:
    """What a segment counted, or counts until `now`."""
    if segment.until is not None:
        return segment.spent
    if segment.state is not ClockState.RUNNING:
        return timedelta(0)
    return hours(segment.calendar_id).elapsed(segment.since, now)


@dataclass(frozen=True, slots=True)
class Promise:
    """Within which open time of which calendar (None: round the clock)."""

    within: timedelta
    calendar_id: UUID | None


def promised(
    targets: Iterable[Target],
    kind: ClockKind,
    priority: Priority,
    *,
    application_id: UUID | None,
    organisation_id: UUID | None,
    hours_id: UUID | None,
) -> Promise | None:
    """The promise for a ticket, None where there is none.

    What names both the application and the organisation comes first, then the organisation (a contract), then the
    application, then what is for all. `hours_id` is the calendar of the application.
    """
    best: tuple[int, Target] | None = None
    for each in targets:
        if each.kind is not kind or each.priority is not priority:
            continue
        if each.application_id not in (None, application_id) or each.organisation_id not in (None, organisation_id):
            continue
        rank = 2 * (each.organisation_id is not None) + (each.application_id is not None)
        if best is None or rank > best[0]:
            best = (rank, each)
    if best is None:
        return None
    return Promise(best[1].within, best[1].calendar_id or hours_id)


_MATRIX = {
    (Weight.HIGH, Weight.HIGH): Priority.P1,
    (Weight.HIGH, Weight.MEDIUM): Priority.P2,
    (Weight.MEDIUM, Weight.HIGH): Priority.P2,
    (Weight.HIGH, Weight.LOW): Priority.P3,
    (Weight.MEDIUM, Weight.MEDIUM): Priority.P3,
    (Weight.LOW, Weight.HIGH): Priority.P3,
}


def priority_of(impact: Weight, urgency: Weight) -> Priority:
    """ITIL's matrix of impact and urgency, on four priorities."""
    return _MATRIX.get((impact, urgency), Priority.P4)
