"""The clocks of a ticket, as callers see them. Instants are aware UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from uuid import UUID

from app.models.records.tickets import Priority


class ClockKind(StrEnum):
    """What is promised: to the customer a first response, the next update and a resolution; and by each level of the
    way up that it accepts, and that it resolves or hands on."""

    FIRST_RESPONSE = "first_response"
    NEXT_UPDATE = "next_update"
    RESOLUTION = "resolution"
    ACCEPT = "accept"
    RESOLVE = "resolve"


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class ClockReason(StrEnum):
    """Why a clock does what it does."""

    WORK = "work"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_VENDOR = "waiting_vendor"
    SCHEDULED = "scheduled"
    ANSWERED = "answered"
    DONE = "done"
    ACCEPTED = "accepted"
    HANDED_ON = "handed_on"
    NO_TARGET = "no_target"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a clock, with whom the ticket lay meanwhile. `until` is None for the one that goes on.

    `spent` is what of it counted, by the calendar `calendar_id` (None is round the clock); zero unless it ran.
    """

    since: datetime
    until: datetime | None
    state: ClockState
    reason: ClockReason
    calendar_id: UUID | None
    spent: timedelta = timedelta(0)
    team_id: UUID | None = None
    agent_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock. `due_at` is None while it rests before its end; `calendar`, `teams` and `people` are for people.

    `handoff_id` is the step of the way whose clock this is. `warned_at` and `broken_at` are the instants at which the
    share of the budget and the budget were used up, not when that was noticed. `names` are those of the teams and the
    people in its segments.
    """

    id: UUID
    kind: ClockKind
    state: ClockState
    reason: ClockReason
    target: timedelta
    spent: timedelta
    started_at: datetime
    due_at: datetime | None
    stopped_at: datetime | None
    warned_at: datetime | None
    broken_at: datetime | None
    calendar: str
    segments: tuple[Segment, ...]
    teams: tuple[tuple[str, timedelta], ...] = ()
    people: tuple[tuple[str, timedelta], ...] = ()
    handoff_id: UUID | None = None
    names: tuple[tuple[UUID, str], ...] = ()

    @property
    def is_broken(self) -> bool:
        return self.broken_at is not None

    @property
    def left(self) -> timedelta:
        """What is left of the budget; negative once it is broken."""
        return self.target - self.spent


@dataclass(frozen=True, slots=True)
class Target:
    """What is promised for `kind` and `priority`: within `within`, by the calendar (None: the application's hours).

    With an application or an organisation it is for theirs alone, and comes before what is for all.
    """

    id: UUID
    kind: ClockKind
    priority: Priority
    within: timedelta
    application_id: UUID | None = None
    organisation_id: UUID | None = None
    calendar_id: UUID | None = None


class Weight(IntEnum):
    """How much of the company an incident touches, and how soon it hurts; ITIL's impact and urgency."""

    HIGH = 1
    MEDIUM = 2
    LOW = 3
