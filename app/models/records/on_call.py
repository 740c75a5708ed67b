"""Who is on duty when. Instants are aware UTC; wall times are local to a rotation's zone."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.models.records.calendars import Day


class ShiftUnit(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Rotation:
    """People who take turns. The first of `members` begins on the day `starts_on` at the wall time `hand_over`.

    A turn is `every` units long. With `week` (Monday first) there is somebody on duty only in its spans. Of several
    rotations of a team the one with the highest `layer` that has somebody wins.
    """

    id: UUID
    team_id: UUID
    name: str
    zone: str
    unit: ShiftUnit
    starts_on: date
    hand_over: int = 9 * 3600
    """Seconds since local midnight."""
    every: int = 1
    layer: int = 0
    members: tuple[UUID, ...] = ()
    week: tuple[Day, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class Override:
    """`agent_id` is on duty from `since` until `until`, whatever the rotations say.

    With `instead_of` only where that person would be: so two overrides make a swap.
    """

    id: UUID
    team_id: UUID
    agent_id: UUID
    since: datetime
    until: datetime
    instead_of: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """`until` None: until they say that they are back."""

    agent_id: UUID
    since: datetime
    until: datetime | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """From `since` until `until` the same person is on duty; nobody where `agent_id` is None: a gap.

    `instead_of` is whose turn it would have been. `rotation_id` is None for an override.
    """

    since: datetime
    until: datetime
    agent_id: UUID | None
    rotation_id: UUID | None = None
    instead_of: UUID | None = None

    @property
    def is_gap(self) -> bool:
        return self.agent_id is None


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who is on duty at an instant, `until` when, and who is `next`. `until` is None where it never changes."""

    agent_id: UUID | None
    until: datetime | None
    next_id: UUID | None
    instead_of: UUID | None = None
    rotation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """Duty changes hands `at` an instant. `begins`: it is theirs from then on, `until` when; else it was theirs.

    `other` is the name of who had it before, or has it then; empty where nobody does.
    """

    team_id: UUID
    team: str
    at: datetime
    begins: bool
    until: datetime | None
    other: str


@dataclass(frozen=True, slots=True)
class Balance:
    """How the duty of a span is shared. Hours, of which nights and weekends; `score` is 100 where it is fair."""

    hours: dict[UUID, float] = field(default_factory=dict)
    nights: dict[UUID, float] = field(default_factory=dict)
    weekends: dict[UUID, float] = field(default_factory=dict)
    gap_hours: float = 0.0
    score: int = 100
