"""Who is on duty: turns, layers, overrides, swaps, absences, and the clocks that are put forward and back."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings, strategies as st

from app.models.identifiers import new_id
from app.models.records.calendars import CLOSED_WEEK, Span
from app.models.records.on_call import Absence, Override, Rotation, ShiftUnit
from app.models.rules.on_call import Roster, Turns

TEAM = UUID(int=9)
ANN, BOB, CID = (UUID(int=each) for each in (1, 2, 3))
ALL = frozenset({ANN, BOB, CID})
HOUR = timedelta(hours=1)


def rotation(unit: ShiftUnit = ShiftUnit.WEEK, *members: UUID, zone: str = "Europe/Berlin", **told: object) -> Rotation:
    told = {"starts_on": date(2026, 3, 2)} | told
    return Rotation(new_id(), TEAM, "Primary", zone, unit, members=members or (ANN, BOB), **told)  # type: ignore[arg-type]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_members_take_turns_and_it_is_told_until_when_and_who_is_next() -> None:
    roster = Roster([rotation(ShiftUnit.WEEK)], active=ALL)
    duty = roster.on_duty(utc("2026-03-04 12:00"))
    assert (duty.agent_id, duty.until, duty.next_id) == (ANN, utc("2026-03-09 08:00"), BOB)


@pytest.mark.parametrize(
    ("zone", "day", "before", "after"),
    [
        ("Europe/Berlin", date(2026, 3, 28), "2026-03-28 08:00", "2026-03-29 07:00"),  # forward
        ("Europe/Berlin", date(2026, 10, 24), "2026-10-24 07:00", "2026-10-25 08:00"),  # back
        ("Australia/Sydney", date(2026, 10, 3), "2026-10-02 23:00", "2026-10-03 22:00"),  # forward, in their spring
        ("Asia/Kolkata", date(2026, 3, 28), "2026-03-28 03:30", "2026-03-29 03:30"),
        ("Australia/Lord_Howe", date(2026, 4, 4), "2026-04-03 22:00", "2026-04-04 22:30"),  # half an hour back
    ],
)
def test_duty_is_handed_over_at_the_wall_time_of_its_zone(zone: str, day: date, before: str, after: str) -> None:
    turns = Turns(rotation(ShiftUnit.DAY, zone=zone, starts_on=day))
    assert (turns.begins(0), turns.begins(1)) == (utc(before), utc(after))


def test_a_month_that_is_too_short_hands_over_on_its_last_day() -> None:
    turns = Turns(rotation(ShiftUnit.MONTH, zone="UTC", starts_on=date(2028, 1, 31)))
    assert [turns.begins(each).date() for each in range(4)] == [
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 3, 31),
        date(2028, 4, 30),
    ]


def test_the_higher_layer_wins_while_it_has_somebody() -> None:
    office = (*(((Span(9 * 3600, 17 * 3600),),) * 5), (), ())
    low = rotation(ShiftUnit.WEEK, ANN)
    high = rotation(ShiftUnit.WEEK, BOB, layer=1, week=office)
    roster = Roster([low, high], active=ALL)
    assert [roster.on_duty(utc(each)).agent_id for each in ("2026-03-04 10:00", "2026-03-04 20:00")] == [BOB, ANN]


def test_an_override_wins_and_a_swap_only_where_the_other_would_be() -> None:
    since, until = utc("2026-03-04 00:00"), utc("2026-03-18 00:00")
    week = rotation(ShiftUnit.WEEK)
    swap = Override(new_id(), TEAM, CID, since, until, instead_of=ANN)
    roster = Roster([week], [swap], active=ALL)
    assert [roster.on_duty(utc(each)).agent_id for each in ("2026-03-05 12:00", "2026-03-10 12:00")] == [CID, BOB]
    roster = Roster([week], [swap, Override(new_id(), TEAM, BOB, since, until)], active=ALL)
    assert roster.on_duty(utc("2026-03-05 12:00")).agent_id == BOB


def test_a_shift_that_was_taken_on_can_be_given_away_once_more() -> None:
    since, until = utc("2026-03-04 00:00"), utc("2026-03-05 00:00")
    chain = [Override(new_id(), TEAM, to, since, until, instead_of=of) for to, of in ((BOB, ANN), (CID, BOB))]
    duty = Roster([rotation(ShiftUnit.WEEK)], overrides=chain, active=ALL).on_duty(utc("2026-03-04 12:00"))
    assert (duty.agent_id, duty.instead_of) == (CID, ANN)
    back = Override(new_id(), TEAM, ANN, since, until, instead_of=CID)
    duty = Roster([rotation(ShiftUnit.WEEK)], overrides=[*chain, back], active=ALL).on_duty(utc("2026-03-04 12:00"))
    assert (duty.agent_id, duty.instead_of) == (ANN, None)


@given(members=st.permutations((ANN, BOB, CID)), unit=st.sampled_from(ShiftUnit), every=st.integers(1, 12))
def test_duty_goes_round_in_the_order_of_the_members(members: list[UUID], unit: ShiftUnit, every: int) -> None:
    round_robin = rotation(unit, *members, every=every)
    roster, turns = Roster([round_robin], active=ALL), Turns(round_robin)
    assert [roster.on_duty(turns.begins(each)).agent_id for each in range(6)] == [*members, *members]


def test_the_next_who_is_there_stands_in_for_who_is_away() -> None:
    away = Absence(ANN, utc("2026-03-03 00:00"), None)
    duty = Roster([rotation(ShiftUnit.WEEK)], absences=[away], active=ALL).on_duty(utc("2026-03-04 12:00"))
    assert (duty.agent_id, duty.instead_of) == (BOB, ANN)


def test_a_person_who_left_while_on_duty_is_stood_in_for() -> None:
    duty = Roster([rotation(ShiftUnit.WEEK)], active=frozenset({BOB})).on_duty(utc("2026-03-04 12:00"))
    assert (duty.agent_id, duty.instead_of) == (BOB, ANN)


@pytest.mark.parametrize(
    "broken",
    [
        {"members": ()},
        {"zone": "Mars/Olympus"},
        {"unit": ShiftUnit.MONTH, "every": 120_000},
        {"unit": ShiftUnit.HOUR, "every": 10**12},
        {"starts_on": date(1, 1, 1)},
        {"starts_on": date(9999, 12, 31)},
        {"week": (*CLOSED_WEEK[:6], (Span(0, 3600),))},
    ],
)
def test_what_nobody_can_serve_is_a_gap_and_no_error(broken: dict[str, object]) -> None:
    one = rotation(ShiftUnit.WEEK, ANN)
    roster = Roster([Rotation(**({name: getattr(one, name) for name in one.__slots__} | broken))], active=ALL)
    assert roster.on_duty(utc("2026-03-04 12:00")).agent_id is None
    assert roster.gaps(utc("2026-03-04 00:00"), utc("2026-03-05 00:00")) != ()


def test_everybody_away_is_a_gap_of_just_that_time() -> None:
    since, until = utc("2026-03-04 10:00"), utc("2026-03-04 12:00")
    away = [Absence(each, since, until) for each in (ANN, BOB)]
    roster = Roster([rotation(ShiftUnit.WEEK)], absences=away, active=ALL)
    [gap] = roster.gaps(utc("2026-03-04 00:00"), utc("2026-03-05 00:00"))
    assert (gap.since, gap.until) == (since, until)


def test_who_is_next_is_somebody_else_also_after_a_gap() -> None:
    nights = (*(((Span(0, 86_400),),) * 6), (Span(0, 20 * 3600),))
    roster = Roster([rotation(ShiftUnit.WEEK, zone="UTC", week=nights)], active=ALL)
    duty = roster.on_duty(utc("2026-03-04 12:00"))
    assert (duty.agent_id, duty.until, duty.next_id) == (ANN, utc("2026-03-08 20:00"), BOB)


def test_an_even_share_scores_more_than_an_uneven_one_and_a_gap_costs() -> None:
    since, until = utc("2026-03-02 08:00"), utc("2026-03-30 07:00")
    even = Roster([rotation(ShiftUnit.WEEK)], active=ALL).balance(since, until)
    uneven = Roster([rotation(ShiftUnit.WEEK, ANN, ANN, ANN, BOB)], active=ALL).balance(since, until)
    away = [Absence(each, utc("2026-03-10 00:00"), utc("2026-03-14 00:00")) for each in (ANN, BOB)]
    gap = Roster([rotation(ShiftUnit.WEEK)], absences=away, active=ALL).balance(since, until)
    assert even.score > uneven.score
    assert even.score > gap.score
    assert (even.gap_hours, gap.gap_hours) == (0, 96)


UNITS = st.sampled_from(list(ShiftUnit))
ZONES = st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/New_York", "UTC"])
MOMENTS = st.integers(0, 63_072_000).map(lambda each: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=each))


@settings(max_examples=60, deadline=None)
@given(UNITS, ZONES, st.integers(1, 3), MOMENTS, st.integers(1, 200), MOMENTS)
def test_shifts_are_without_a_hole_and_say_what_on_duty_says(
    unit: ShiftUnit, zone: str, every: int, since: datetime, hours: int, away: datetime
) -> None:
    turns = rotation(unit, ANN, BOB, CID, zone=zone, every=every, starts_on=date(2026, 1, 31))
    roster = Roster([turns], absences=[Absence(BOB, away, away + 50 * HOUR)], active=ALL)
    shifts = roster.shifts(since, since + hours * HOUR)
    assert (shifts[0].since, shifts[-1].until) == (since, since + hours * HOUR)
    assert all(earlier.until == later.since for earlier, later in pairwise(shifts))
    for each in shifts:
        for at in (each.since, each.since + (each.until - each.since) / 2, each.until - timedelta(microseconds=1)):
            assert roster.on_duty(at).agent_id == each.agent_id


@settings(max_examples=60, deadline=None)
@given(UNITS, ZONES, st.integers(1, 5), MOMENTS)
def test_each_instant_lies_in_its_turn(unit: ShiftUnit, zone: str, every: int, at: datetime) -> None:
    turns = Turns(rotation(unit, zone=zone, every=every, starts_on=date(2026, 1, 31)))
    turn = turns.at(at)
    assert turns.begins(turn) <= at < turns.begins(turn + 1)
