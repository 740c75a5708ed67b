"""Who is on duty, by rotations in layers, overrides, swaps and absences.

Hand-overs are at wall times of the rotation's zone, those of hourly ones after real hours. Of two rotations the higher
layer wins as long as it has somebody. Who is away, or works here no more, is stood in for by the next of the same
rotation who is there, and only where nobody is by a lower layer.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, pairwise
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from app.models.records.calendars import DAY, Calendar, Span, Week
from app.models.records.on_call import Absence, Balance, OnDuty, Override, Rotation, Shift, ShiftUnit
from app.models.rules.business_time import BusinessTime
from app.models.rules.opening_hours import is_zone

YEARS = (1970, 2200)
"""The first and the last in which turns and opening hours are reckoned."""
_HORIZONS = (timedelta(days=8), timedelta(days=40), timedelta(days=400))
"""How far ahead the end of a shift is looked for."""

_MOST_EVERY = {ShiftUnit.HOUR: 366 * 24, ShiftUnit.DAY: 366, ShiftUnit.WEEK: 53, ShiftUnit.MONTH: 12}
_HOUR = timedelta(hours=1)
_NIGHT, _WHOLE_DAY = (Span(22 * 3600, 30 * 3600),), (Span(0, DAY),)
_NO_ID = UUID(int=0)


def can_turn(rotation: Rotation) -> bool:
    """Whether its turns can be reckoned: in a zone that there is, at least yearly, in our times."""
    fits = 1 <= rotation.every <= _MOST_EVERY[rotation.unit] and YEARS[0] <= rotation.starts_on.year <= YEARS[1]
    return fits and 0 <= rotation.hand_over < DAY and is_zone(rotation.zone)


class Turns:
    """The turns of one rotation: the k-th belongs to member k, over and over."""

    def __init__(self, rotation: Rotation) -> None:
        self.rotation = rotation
        self._zone = ZoneInfo(rotation.zone)
        self._every = max(rotation.every, 1)
        week = cast(Week, tuple(rotation.week[place] if place < len(rotation.week) else () for place in range(7)))
        restricted = any(rotation.week)
        self._hours = BusinessTime(Calendar(_NO_ID, "", rotation.zone, week)) if restricted else None

    def begins(self, turn: int) -> datetime:
        """When the turn begins, in UTC; on the last day of months that are too short."""
        rotation, steps = self.rotation, turn * self._every
        first = rotation.starts_on
        if rotation.unit is ShiftUnit.HOUR:
            return self._wall(first) + steps * _HOUR
        if rotation.unit is ShiftUnit.MONTH:
            return self._wall(_months_on(first, steps))
        return self._wall(first + timedelta(days=steps * (7 if rotation.unit is ShiftUnit.WEEK else 1)))

    def at(self, at: datetime) -> int:
        """The turn at an instant; below zero before the rotation began."""
        local, first = at.astimezone(self._zone).date(), self.rotation.starts_on
        match self.rotation.unit:
            case ShiftUnit.HOUR:
                return (at - self.begins(0)) // (_HOUR * self._every)
            case ShiftUnit.MONTH:
                turn = ((local.year - first.year) * 12 + local.month - first.month) // self._every
            case ShiftUnit.WEEK:
                turn = (local - first).days // (7 * self._every)
            case ShiftUnit.DAY:
                turn = (local - first).days // self._every
        while self.begins(turn) > at:
            turn -= 1
        while self.begins(turn + 1) <= at:
            turn += 1
        return turn

    def is_on(self, at: datetime) -> bool:
        """Whether the rotation has begun, and is meant for that hour."""
        return at >= self.begins(0) and (self._hours is None or self._hours.is_open(at))

    def changes(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """Whenever something may change in it between the two."""
        for turn in count(max(self.at(since), 0)):
            begins = self.begins(turn)
            if begins >= until:
                break
            yield begins
        for span in self._hours.spans(since, until) if self._hours is not None else ():
            yield from span

    def _wall(self, day: date) -> datetime:
        wall = datetime.combine(day, time(), self._zone) + timedelta(seconds=self.rotation.hand_over)
        return wall.astimezone(UTC)


class Roster:
    """Who is on duty for one team. `active` are the people who work here.

    Overrides apply in the order in which they were made, each to what those before it left: a shift that was given
    away can be given away once more by whoever has it then.
    """

    def __init__(
        self,
        rotations: Iterable[Rotation],
        overrides: Iterable[Override] = (),
        absences: Iterable[Absence] = (),
        active: Set[UUID] = frozenset(),
    ) -> None:
        self.rotations = tuple(sorted(rotations, key=lambda each: (-each.layer, each.name)))
        self.turns = [Turns(each) for each in self.rotations if each.members and can_turn(each)]
        self._overrides = tuple(overrides)
        self._absences = tuple(absences)
        self._active = active

    def on_duty(self, at: datetime) -> OnDuty:
        """Who is on duty, until when, and who is the next that is somebody else, maybe after a gap."""
        now = self._resolve(at)
        until, following = None, None
        for horizon in _HORIZONS:
            shifts = _by_person(self.shifts(at, at + horizon))
            until = shifts[0].until if len(shifts) > 1 else None
            others = (each.agent_id for each in shifts[1:] if each.agent_id not in (None, now.agent_id))
            following = next(others, None)
            if following is not None:
                break
        return OnDuty(now.agent_id, until, following, now.instead_of, now.rotation_id)

    def shifts(self, since: datetime, until: datetime) -> tuple[Shift, ...]:
        """Who is on duty when, without a hole: where nobody is, the shift has nobody."""
        points = sorted({since, until, *(each for each in self._changes(since, until) if since < each < until)})
        found: list[Shift] = []
        for begins, ends in pairwise(points):
            shift = replace(self._resolve(begins), since=begins, until=ends)
            if found and replace(found[-1], since=begins, until=ends) == shift:
                shift = replace(shift, since=found.pop().since)
            found.append(shift)
        return tuple(found)

    def rotation_shifts(self, rotation_id: UUID, since: datetime, until: datetime) -> tuple[Shift, ...]:
        """Whose turn it is in one rotation, whoever else is on duty."""
        alone = [each for each in self.rotations if each.id == rotation_id]
        return Roster(alone, (), self._absences, self._active).shifts(since, until)

    def gaps(self, since: datetime, until: datetime) -> tuple[Shift, ...]:
        return tuple(each for each in self.shifts(since, until) if each.is_gap)

    def balance(self, since: datetime, until: datetime) -> Balance:
        """How the duty between the two is shared among those who take turns.

        Nights are 22 to 6 o'clock, weekends Saturday and Sunday in the zone of the highest rotation. The score is the
        covered share of the time, times how even hours (half), nights and weekends (a quarter each) are: 1 less the
        normalised Hoover index, so that one person who does everything makes 0.
        """
        zone = next((each.rotation.zone for each in self.turns), "UTC")
        night = BusinessTime(Calendar(_NO_ID, "", zone, (_NIGHT,) * 7))
        weekend = BusinessTime(Calendar(_NO_ID, "", zone, ((), (), (), (), (), _WHOLE_DAY, _WHOLE_DAY)))
        people = {each for turns in self.turns for each in turns.rotation.members if self._works(each)}
        shifts = self.shifts(since, until)
        people |= {each.agent_id for each in shifts if each.agent_id is not None}
        hours, nights, weekends = (dict.fromkeys(people, 0.0) for _ in range(3))
        gap = timedelta(0)
        for each in shifts:
            if each.agent_id is None:
                gap += each.until - each.since
                continue
            hours[each.agent_id] += (each.until - each.since) / _HOUR
            nights[each.agent_id] += night.elapsed(each.since, each.until) / _HOUR
            weekends[each.agent_id] += weekend.elapsed(each.since, each.until) / _HOUR
        covered = 1 - gap / (until - since) if until > since else 0.0
        even = 0.5 * _evenness(hours.values()) + 0.25 * (_evenness(nights.values()) + _evenness(weekends.values()))
        return Balance(hours, nights, weekends, gap / _HOUR, round(100 * covered * even))

    def _resolve(self, at: datetime) -> Shift:
        """Who is on duty at an instant, by the rotations or by an override; the span is not told."""
        shift = self._by_rotation(at)
        for each in self._overrides:
            if not each.since <= at < each.until or not self._is_there(each.agent_id, at):
                continue
            if each.instead_of is None:
                shift = Shift(at, at, each.agent_id)
            elif each.instead_of in (shift.agent_id, shift.instead_of):
                theirs = shift.instead_of or shift.agent_id
                shift = Shift(at, at, each.agent_id, None, None if theirs == each.agent_id else theirs)
        return shift

    def _by_rotation(self, at: datetime) -> Shift:
        for turns in self.turns:
            if not turns.is_on(at):
                continue
            members = turns.rotation.members
            first = turns.at(at) % len(members)
            order = (*members[first:], *members[:first])
            there = next((each for each in order if self._is_there(each, at)), None)
            if there is not None:
                return Shift(at, at, there, turns.rotation.id, None if there == order[0] else order[0])
        return Shift(at, at, None)

    def _changes(self, since: datetime, until: datetime) -> Iterator[datetime]:
        for turns in self.turns:
            yield from turns.changes(since, until)
        for override in self._overrides:
            yield override.since
            yield override.until
        for absence in self._absences:
            yield absence.since
            if absence.until is not None:
                yield absence.until

    def _works(self, agent_id: UUID) -> bool:
        return agent_id in self._active

    def _is_there(self, agent_id: UUID, at: datetime) -> bool:
        if not self._works(agent_id):
            return False
        theirs = (each for each in self._absences if each.agent_id == agent_id)
        return not any(each.since <= at and (each.until is None or at < each.until) for each in theirs)


def _by_person(shifts: Sequence[Shift]) -> list[Shift]:
    """Shifts that follow each other as one where the same person has them."""
    found: list[Shift] = []
    for each in shifts:
        if found and found[-1].agent_id == each.agent_id:
            found[-1] = replace(found[-1], until=each.until)
        else:
            found.append(each)
    return found


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def _evenness(shares: Iterable[float]) -> float:
    """1 where all have the same, 0 where one has everything: 1 less the Hoover index, whose most is 1 - 1/n."""
    told = list(shares)
    whole = sum(told)
    if len(told) < 2 or not whole:
        return 1.0
    mean = whole / len(told)
    return 1 - sum(abs(each - mean) for each in told) / (2 * whole) / (1 - 1 / len(told))
