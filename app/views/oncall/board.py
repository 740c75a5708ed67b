"""What the on-call picture shows: rows of shifts over some days, in the zone of the team's rotations. Pure.

Places are shares of the whole span in real time, so that a day on which the clocks change is as wide as it is long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.models.records.on_call import Balance, OnDuty, Override, Rotation, Shift
from app.models.rules.on_call import Roster

BALANCED_OVER = timedelta(weeks=12)
"""From the first day shown: so long that everybody had their turns."""
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Bar:
    """A shift in a row, from the share `left` of the span to `right`. `tint` counts people; -1 for a gap."""

    shift: Shift
    left: float
    right: float
    who: str
    tint: int
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """`rotation` is None for what comes of all of them together."""

    rotation: Rotation | None
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """`midnights` are the instants at which the days begin, with the end of the last one."""

    team_id: UUID
    zone: ZoneInfo
    midnights: tuple[datetime, ...]
    rows: tuple[Row, ...]
    now: datetime
    duty: OnDuty
    balance: Balance
    names: Mapping[UUID, str]

    @property
    def since(self) -> datetime:
        return self.midnights[0]

    @property
    def until(self) -> datetime:
        return self.midnights[-1]

    @property
    def hours(self) -> int:
        return (self.until - self.since) // _HOUR

    @property
    def final(self) -> Row:
        return self.rows[-1]

    @property
    def gaps(self) -> tuple[Shift, ...]:
        return tuple(each.shift for each in self.final.bars if each.shift.is_gap)

    def share(self, at: datetime) -> float:
        return (at - self.since) / (self.until - self.since)

    def instant(self, hour: int) -> datetime:
        """The instant so many hours into the span, within it."""
        return self.since + min(max(hour, 0), self.hours) * _HOUR

    def bar_at(self, at: datetime) -> Bar | None:
        """What of all together holds then."""
        return next((each for each in self.final.bars if each.shift.since <= at < each.shift.until), None)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def name(self, agent_id: UUID | None) -> str:
        return self.names.get(agent_id, "") if agent_id is not None else ""


def zone_of(rotations: Sequence[Rotation], otherwise: str) -> ZoneInfo:
    """The zone of the highest rotation, in which its hand-overs are; `otherwise` where it has none that is known."""
    for each in sorted(rotations, key=lambda one: -one.layer):
        try:
            return ZoneInfo(each.zone)
        except (LookupError, ValueError):
            continue
    return ZoneInfo(otherwise)


def first_day(day: date, days: int) -> date:
    """Where a span that shows `day` begins: its Monday, or the first of its month for more than a week."""
    return day - timedelta(days=day.weekday()) if days == 7 else day.replace(day=1)


def days_from(day: date, step: int, *, month: bool) -> tuple[date, int]:
    """The first day and the number of days of the week or month that is `step` away from the one that shows `day`."""
    if not month:
        return first_day(day, 7) + timedelta(days=7 * step), 7
    months = day.year * 12 + day.month - 1 + step
    first, following = (date(each // 12, each % 12 + 1, 1) for each in (months, months + 1))
    return first, (following - first).days


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a team's turns; `names` are those of everybody who ever worked here."""

    team_id: UUID
    roster: Roster
    overrides: Sequence[Override]
    names: Mapping[UUID, str]


def make_board(facts: Facts, zone: ZoneInfo, first: date, days: int, now: datetime) -> Board:
    """The board of a team for `days` local days from `first`; instants are aware UTC."""
    roster, overrides, names = facts.roster, facts.overrides, facts.names
    midnights = tuple(
        datetime.combine(first + timedelta(days=each), time(), zone).astimezone(UTC) for each in range(days + 1)
    )
    since, until = midnights[0], midnights[-1]
    tints = _tints(roster, overrides)

    def bars(shifts: Sequence[Shift], *, final: bool) -> tuple[Bar, ...]:
        whole = until - since
        return tuple(
            Bar(
                each,
                max((each.since - since) / whole, 0.0),
                min((each.until - since) / whole, 1.0),
                names.get(each.agent_id, "") if each.agent_id is not None else "",
                tints.get(each.agent_id, -1) if each.agent_id is not None else -1,
                _override(each, overrides) if final else None,
            )
            for each in shifts
        )

    rows = [Row(each, bars(roster.rotation_shifts(each.id, since, until), final=False)) for each in roster.rotations]
    final = Row(None, bars(roster.shifts(since, until), final=True))
    duty, balance = roster.on_duty(now), roster.balance(since, since + BALANCED_OVER)
    return Board(facts.team_id, zone, midnights, (*rows, final), now, duty, balance, names)


def _tints(roster: Roster, overrides: Sequence[Override]) -> dict[UUID, int]:
    """A number for each person, the same in every week."""
    people = [member for each in roster.rotations for member in each.members]
    people += [each.agent_id for each in overrides]
    return {each: place for place, each in enumerate(dict.fromkeys(people))}


def _override(shift: Shift, overrides: Sequence[Override]) -> Override | None:
    """The override that a shift is by; the last one made wins."""
    if shift.rotation_id is not None or shift.agent_id is None:
        return None
    by = [each for each in overrides if each.agent_id == shift.agent_id and each.since <= shift.since < each.until]
    return by[-1] if by else None
