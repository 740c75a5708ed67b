"""Business time on real calendars, and what holds on all of them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings, strategies as some

from app.models.records.calendars import Calendar, Closure, Span
from app.models.rules.business_time import BusinessTime, RoundTheClock
from app.models.rules.opening_hours import read_day

ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Adelaide",
    "Australia/Lord_Howe", "America/St_Johns", "Pacific/Chatham", "America/Santiago", "Africa/Casablanca",
)  # fmt: skip
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
OFFICE = ("09:00-17:00",) * 5 + ("", "")
ALL_DAY = ("00:00-24:00",) * 7


def hours(zone: str, week: Sequence[str] = OFFICE, **more: Any) -> BusinessTime:
    public = more.pop("holidays", ())
    days = cast(Any, tuple(read_day(each) for each in week))
    return BusinessTime(Calendar(UUID(int=1), "tested", zone, days, **more), public)


def at(wall: str, zone: str = "UTC", fold: int = 0) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "day", "long"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("Australia/Sydney", "2026-10-04", 23),  # the south goes forward in its spring
        ("Australia/Sydney", "2026-04-05", 25),
        ("Australia/Adelaide", "2026-10-04", 23),  # half an hour beside the hour
        ("Australia/Lord_Howe", "2026-10-04", 23.5),  # by half an hour only
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("America/St_Johns", "2026-11-01", 25),
        ("America/Santiago", "2026-09-06", 23),  # at midnight itself
        ("Pacific/Chatham", "2026-09-27", 23),
        ("Asia/Kolkata", "2026-03-29", 24),
        ("Asia/Kathmandu", "2028-02-29", 24),  # a quarter of an hour off, on a leap day
    ],
)
def test_a_day_is_as_long_as_it_really_is(zone: str, day: str, long: float) -> None:
    counted = hours(zone, ALL_DAY)
    begins = at(f"{day}T00:00", zone)
    ends = at(str(date.fromisoformat(day) + timedelta(days=1)) + "T00:00", zone)
    assert counted.elapsed(begins, ends) == long * HOUR == ends - begins
    assert counted.due(begins, long * HOUR) == ends


@pytest.mark.parametrize(
    ("zone", "since", "budget", "due"),
    [
        ("Europe/Berlin", "2026-03-27T16:00", 2 * HOUR, "2026-03-30T10:00"),  # over the clock change at a weekend
        ("Australia/Sydney", "2026-10-02T16:30", HOUR, "2026-10-05T09:30"),
        ("Asia/Kolkata", "2026-01-02T16:45:30", 30 * MINUTE, "2026-01-05T09:15:30"),  # seconds are kept
        ("America/St_Johns", "2026-03-06T09:00", 16 * HOUR, "2026-03-09T17:00"),  # used up at closing: due at closing
        ("Europe/Berlin", "2028-02-28T16:00", 9 * HOUR, "2028-02-29T17:00"),  # the leap day is a Tuesday
        ("Europe/Berlin", "2026-02-28T12:00", HOUR, "2026-03-02T10:00"),  # asked on a Saturday
        ("Europe/Berlin", "2026-02-27T17:00", timedelta(0), "2026-03-02T09:00"),  # closing time is closed
        ("Europe/Berlin", "2026-02-27T16:59:59.999999", timedelta(0), "2026-02-27T16:59:59.999999"),
        ("Europe/Berlin", "2026-02-27T20:00", -HOUR, "2026-03-02T09:00"),  # less than nothing is as nothing
    ],
)
def test_a_budget_is_due_by_office_hours(zone: str, since: str, budget: timedelta, due: str) -> None:
    assert hours(zone).due(at(since, zone), budget) == at(due, zone)


@pytest.mark.parametrize(
    ("country", "region", "day", "is_open"),
    [
        ("DE", "", "2026-04-06", False),  # Easter Monday moves
        ("DE", "", "2027-03-29", False),
        ("DE", "", "2027-04-06", True),
        ("DE", "BY", "2026-06-04", False),  # Corpus Christi, in Bavaria
        ("DE", "BE", "2026-06-04", True),  # and not in Berlin
        ("DE", "BE", "2026-05-08", True),  # a Friday like others this year
        ("US", "", "2026-11-26", False),  # the fourth Thursday
        ("GB", "SCT", "2026-11-30", False),  # St Andrew's, in Scotland
        ("GB", "ENG", "2026-11-30", True),
        ("JP", "", "2026-09-22", False),  # a day between two holidays
    ],
)
def test_public_holidays_are_closed_where_they_are_kept(country: str, region: str, day: str, is_open: bool) -> None:
    counted = hours("UTC", holidays=holidays.country_holidays(country, subdiv=region or None))
    assert counted.is_open(at(f"{day}T12:00")) is is_open


def test_own_closures_and_days_with_hours_of_their_own() -> None:
    stocktaking = Closure(date(2026, 12, 28), date(2026, 12, 30), "Stocktaking")
    special = {date(2026, 12, 24): read_day("08:00-12:00"), date(2026, 12, 29): read_day("10:00-11:00, 14:00-15:00")}
    counted = hours("UTC", closures=(stocktaking,), special=special, holidays={date(2026, 12, 24), date(2026, 12, 25)})
    assert counted.due(at("2026-12-23T16:00"), 6 * HOUR) == at("2026-12-29T11:00")
    assert counted.elapsed(at("2026-12-24T00:00"), at("2026-12-31T00:00")) == 6 * HOUR


def test_lunch_is_no_time() -> None:
    counted = hours("Europe/Berlin", ("09:00-12:00, 13:00-17:30",) * 5 + ("", ""))
    assert counted.due(at("2026-01-05T11:30", "Europe/Berlin"), HOUR) == at("2026-01-05T13:30", "Europe/Berlin")
    assert counted.due(at("2026-01-05T11:30", "Europe/Berlin"), HOUR / 2) == at("2026-01-05T12:00", "Europe/Berlin")


def test_hours_by_night_belong_to_the_day_on_which_they_begin() -> None:
    counted = hours("Europe/Berlin", ("22:00-06:00",) * 5 + ("", ""))
    friday = at("2026-03-27T23:00", "Europe/Berlin")
    assert counted.due(friday, 7 * HOUR) == at("2026-03-28T06:00", "Europe/Berlin")
    assert counted.is_open(at("2026-03-28T05:59", "Europe/Berlin"))
    assert not counted.is_open(at("2026-03-30T03:00", "Europe/Berlin"))
    saturdays = hours("Europe/Berlin", ("",) * 5 + ("22:00-06:00", ""))
    night = at("2026-03-28T22:00", "Europe/Berlin"), at("2026-03-29T06:00", "Europe/Berlin")
    assert saturdays.elapsed(*night) == 7 * HOUR  # one of the eight was skipped


def test_what_the_clock_skips_or_repeats() -> None:
    sundays = hours("Europe/Berlin", ("",) * 6 + ("02:15-02:45",))
    assert sundays.elapsed(at("2026-03-29T00:00"), at("2026-03-30T00:00")) == HOUR / 2  # by the offset before
    assert sundays.elapsed(at("2026-10-25T00:00"), at("2026-10-26T00:00")) == HOUR / 2  # the first of the two
    lost = hours("Europe/Berlin", ("",) * 6 + ("02:30-03:15",))
    assert lost.elapsed(at("2026-03-29T00:00"), at("2026-03-30T00:00")) == timedelta(0)


def test_a_day_that_a_zone_left_out_has_no_hours() -> None:
    counted = hours("Pacific/Apia", ALL_DAY)
    assert counted.elapsed(at("2011-12-29T00:00", "Pacific/Apia"), at("2011-12-31T00:00", "Pacific/Apia")) == 24 * HOUR


def test_a_calendar_that_never_opens_ends_no_budget() -> None:
    never = hours("UTC", ("",) * 7)
    assert never.due(at("2026-01-01T00:00"), HOUR) is None
    assert never.next_open(at("2026-01-01T00:00")) is None
    assert never.elapsed(at("2026-01-01T00:00"), at("2036-01-01T00:00")) == timedelta(0)
    closed = hours("UTC", closures=(Closure(date(2026, 1, 1), date(2090, 1, 1)),))
    assert closed.due(at("2026-01-01T00:00"), HOUR) is None


def test_spans_that_overlap_count_once() -> None:
    twice = (Span(9 * 3600, 12 * 3600), Span(11 * 3600, 13 * 3600))
    counted = BusinessTime(Calendar(UUID(int=1), "imported", "UTC", cast(Any, (twice, *((),) * 6))))
    assert counted.elapsed(at("2026-01-05T00:00"), at("2026-01-06T00:00")) == 4 * HOUR
    assert counted.due(at("2026-01-05T09:00"), 4 * HOUR) == at("2026-01-05T13:00")


@some.composite
def calendars(draw: some.DrawFn, zones: Sequence[str] = ZONES, earliest: int = 0) -> BusinessTime:
    """Any week with an open hour, up to three spans a day, some past midnight; closures and special days."""
    week = []
    for _ in range(7):
        count = draw(some.integers(0, 3))
        steps = some.integers(earliest // 10, 180)  # of ten minutes, so that no budget lasts for decades
        edges = [10 * each for each in sorted(draw(some.sets(steps, min_size=2 * count, max_size=2 * count)))]
        week.append(tuple(Span(edges[2 * n] * 60, edges[2 * n + 1] * 60) for n in range(count)))
    if not any(week):
        week[draw(some.integers(0, 6))] = (Span(9 * 3600, 17 * 3600),)
    day = some.dates(date(2025, 12, 1), date(2027, 2, 1))
    firsts = draw(some.lists(day, max_size=3))
    closures = tuple(Closure(each, each + timedelta(days=draw(some.integers(0, 20)))) for each in firsts)
    special = draw(some.dictionaries(day, some.sampled_from([(), (Span(8 * 3600, 9 * 3600),)]), max_size=3))
    zone = draw(some.sampled_from(zones))
    return BusinessTime(Calendar(UUID(int=1), "any", zone, cast(Any, tuple(week)), "", "", closures, special))


INSTANTS = some.timedeltas(timedelta(0), timedelta(days=365)).map(datetime(2026, 1, 1, tzinfo=UTC).__add__)
BUDGETS = some.timedeltas(timedelta(microseconds=1), timedelta(hours=40))


@settings(deadline=None)
@given(calendars(), INSTANTS, BUDGETS)
def test_due_and_elapsed_are_inverse(counted: BusinessTime, since: datetime, budget: timedelta) -> None:
    due = counted.due(since, budget)
    assert due is not None
    assert counted.elapsed(since, due) == budget
    assert counted.elapsed(since, due - timedelta(microseconds=1)) < budget  # and it is the first such instant


@settings(deadline=None)
@given(calendars(), INSTANTS, BUDGETS, BUDGETS, some.timedeltas(timedelta(0), timedelta(days=40)))
def test_due_is_monotone(
    counted: BusinessTime, since: datetime, budget: timedelta, more: timedelta, later: timedelta
) -> None:
    due, longer, begun_later = (
        counted.due(since, budget), counted.due(since, budget + more), counted.due(since + later, budget)
    )  # fmt: skip
    assert due is not None
    assert longer is not None
    assert begun_later is not None
    assert since < due < longer
    assert due <= begun_later


@settings(deadline=None)
@given(calendars(), some.lists(INSTANTS, min_size=3, max_size=3), BUDGETS, BUDGETS)
def test_both_are_additive(counted: BusinessTime, instants: list[datetime], one: timedelta, other: timedelta) -> None:
    first, second, third = sorted(instants)
    whole = counted.elapsed(first, third)
    assert counted.elapsed(first, second) + counted.elapsed(second, third) == whole
    assert timedelta(0) <= whole <= third - first
    assert counted.elapsed(third, first) == timedelta(0)
    due = counted.due(first, one)
    assert due is not None
    assert counted.due(due, other) == counted.due(first, one + other)


@settings(deadline=None)
@given(calendars(), INSTANTS)
def test_the_questions_agree_with_each_other(counted: BusinessTime, now: datetime) -> None:
    opens = counted.next_open(now)
    assert opens is not None
    assert counted.is_open(opens)
    assert counted.is_open(now) is (opens == now)
    assert counted.elapsed(now, opens) == timedelta(0)
    closes = counted.closes(opens)
    if closes is not None:
        assert counted.elapsed(opens, closes) == closes - opens
        assert not counted.is_open(closes)
    month = now + timedelta(days=30)
    spans = counted.spans(now, month)
    assert sum((ends - begins for begins, ends in spans), timedelta(0)) == counted.elapsed(now, month)


@settings(deadline=None)
@given(calendars(("UTC", "Asia/Kolkata", "Asia/Kathmandu")), INSTANTS, some.integers(0, 4 * 24 * 60))
def test_it_is_what_a_watch_counts_minute_by_minute(counted: BusinessTime, now: datetime, minutes: int) -> None:
    since = now.replace(second=0, microsecond=0)
    open_minutes = sum(counted.is_open(since + each * MINUTE) for each in range(minutes))
    assert counted.elapsed(since, since + minutes * MINUTE) == open_minutes * MINUTE


@settings(deadline=None)
@given(calendars(("Europe/Berlin", "Australia/Sydney", "America/New_York"), earliest=4 * 60), INSTANTS)
def test_the_hours_of_a_day_are_those_on_the_wall(counted: BusinessTime, now: datetime) -> None:
    """By the wall clock of each minute, where no span begins in the hours in which clocks change."""
    calendar = counted._calendar  # the strategy drew it, and hands on its hours alone
    zone = ZoneInfo(calendar.zone)
    wall = now.astimezone(zone)
    told = False
    for back in (0, 1):
        day = wall.date() - timedelta(days=back)
        closed = any(each.first <= day <= each.last for each in calendar.closures)
        spans = calendar.special.get(day, () if closed else calendar.week[day.weekday()])
        seconds = back * 86_400 + wall.hour * 3600 + wall.minute * 60 + wall.second + wall.microsecond / 1e6
        told = told or any(each.opens <= seconds < each.closes for each in spans)
    assert counted.is_open(now) is told or wall.hour < 4  # by night the clock may be about to change


CHANGES = (
    ("Europe/Berlin", "2026-03-29"), ("Europe/Berlin", "2026-10-25"), ("Europe/Dublin", "2026-03-29"),
    ("America/New_York", "2026-03-08"), ("America/St_Johns", "2026-11-01"), ("America/Havana", "2026-03-08"),
    ("America/Santiago", "2026-04-05"), ("America/Santiago", "2026-09-06"), ("America/Asuncion", "2023-10-01"),
    ("Australia/Sydney", "2026-04-05"), ("Australia/Sydney", "2026-10-04"), ("Australia/Lord_Howe", "2026-10-04"),
    ("Pacific/Chatham", "2026-04-05"), ("Pacific/Chatham", "2026-09-27"), ("Africa/Casablanca", "2026-02-15"),
    ("Africa/Cairo", "2026-04-24"), ("Asia/Beirut", "2026-03-29"), ("Asia/Tehran", "2022-03-22"),
    ("Atlantic/Azores", "2026-03-29"), ("America/Scoresbysund", "2024-03-31"), ("Antarctica/Troll", "2026-03-29"),
    ("Pacific/Apia", "2011-12-30"), ("Pacific/Apia", "2012-04-01"), ("Pacific/Kiritimati", "1994-12-31"),
    ("Pacific/Kwajalein", "1993-08-21"), ("Australia/Eucla", "2028-02-29"), ("Asia/Kathmandu", "2028-02-29"),
)  # fmt: skip
"""Where and when clocks are put on or back, by as much as a whole day; and two leap days."""


@pytest.mark.parametrize("day", [
    "00:00-24:00", "06:00-09:15, 10:00-13:45, 20:00-24:00", "00:00-06:00, 18:00-24:00", "22:00-06:00",
])  # fmt: skip
@pytest.mark.parametrize(("zone", "changes"), CHANGES)
def test_over_a_change_it_is_what_somebody_counts_who_reads_the_clock_each_minute(
    zone: str, changes: str, day: str
) -> None:
    counted, spans = hours(zone, (day,) * 7), read_day(day)
    noon = datetime.fromisoformat(f"{changes}T12:00").replace(tzinfo=UTC)
    since, minutes = noon - timedelta(hours=40), 80 * 60
    seen = []
    for each in range(minutes):
        wall = (since + each * MINUTE).astimezone(ZoneInfo(zone))
        seconds = wall.hour * 3600 + wall.minute * 60
        seen.append(any(one.opens <= seconds + back < one.closes for one in spans for back in (0, 86_400)))
    assert counted.elapsed(since, since + minutes * MINUTE) == sum(seen) * MINUTE
    last = max(place for place, is_open in enumerate(seen) if is_open)
    assert counted.due(since, sum(seen) * MINUTE) == since + (last + 1) * MINUTE


@settings(deadline=None)
@given(INSTANTS, some.timedeltas(timedelta(days=-1), timedelta(days=400)))
def test_round_the_clock_is_real_time(now: datetime, budget: timedelta) -> None:
    due = RoundTheClock().due(now, budget)
    assert due == now + max(budget, timedelta(0))
    assert RoundTheClock().elapsed(now, now + budget) == max(budget, timedelta(0))
