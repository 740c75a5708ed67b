"""What the on-call picture shows, without a widget."""

import itertools
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from app.models.records.calendars import Span
from app.models.records.on_call import Override, Rotation, ShiftUnit
from app.models.rules.on_call import Roster
from app.services import wording
from app.views.oncall.board import Board, Facts, days_from, make_board, zone_of
from app.views.oncall.words import balance_lines, headline, initials, spoken

TEAM, ANN, BOB = uuid4(), uuid4(), uuid4()
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 25, 12, tzinfo=UTC)
NAMES = {ANN: "Ann Ash", BOB: "Bob"}
DAY_BY_DAY = Rotation(
    uuid4(), TEAM, "Days", "Europe/Berlin", ShiftUnit.DAY, date(2026, 3, 2), 9 * 3600, members=(ANN, BOB)
)


@pytest.fixture(autouse=True)
def _in_english() -> None:
    wording.use_language("en")


def board(first: date, days: int = 7, *overrides: Override, rotation: Rotation = DAY_BY_DAY) -> Board:
    roster = Roster((rotation,), overrides, (), frozenset(NAMES))
    return make_board(Facts(TEAM, roster, overrides, NAMES), BERLIN, first, days, NOW)


def test_the_day_on_which_clocks_go_forward_is_an_hour_narrower() -> None:
    shown = board(date(2026, 3, 23))
    assert shown.hours == 7 * 24 - 1
    widths = [
        round((shown.share(ends) - shown.share(begins)) * shown.hours)
        for begins, ends in zip(shown.midnights, shown.midnights[1:], strict=False)
    ]
    assert widths == [24, 24, 24, 24, 24, 24, 23]
    assert board(date(2026, 10, 19)).hours == 7 * 24 + 1


def test_bars_fill_the_row_from_end_to_end() -> None:
    bars = board(date(2026, 3, 23)).final.bars
    assert (bars[0].left, bars[-1].right) == (0.0, 1.0)
    assert all(before.right == after.left for before, after in itertools.pairwise(bars))
    assert [each.who for each in bars[:3]] == ["Ann Ash", "Bob", "Ann Ash"]


def test_a_person_has_the_same_tint_in_every_week() -> None:
    tints = [{each.who: each.tint for each in board(day).final.bars} for day in (date(2026, 3, 23), date(2026, 6, 1))]
    assert tints[0] == tints[1]
    assert len(set(tints[0].values())) == 2


def test_what_was_arranged_by_hand_is_marked_in_what_comes_of_all() -> None:
    since = datetime(2026, 3, 24, 12, tzinfo=UTC)
    given = Override(uuid4(), TEAM, BOB, since, since + timedelta(hours=2))
    shown = board(date(2026, 3, 23), 7, given)
    (bar,) = (each for each in shown.final.bars if each.override is not None)
    assert (bar.override, bar.shift.since, bar.who) == (given, since, "Bob")
    assert not any(each.override for row in shown.rows[:-1] for each in row.bars)
    assert "put on duty by hand" in spoken(shown, bar)


def test_a_gap_has_no_tint_and_says_nobody() -> None:
    hours = tuple((Span(9 * 3600, 17 * 3600),) for _ in range(7))
    rotation = Rotation(
        uuid4(), TEAM, "Days", "Europe/Berlin", ShiftUnit.WEEK, date(2026, 3, 2), members=(ANN,), week=hours
    )
    shown = board(date(2026, 3, 23), rotation=rotation)
    gap = shown.final.bars[0]
    assert (gap.shift.is_gap, gap.tint, initials(gap)) == (True, -1, "!")
    assert len(shown.gaps) == 8
    assert spoken(shown, gap).startswith("Nobody, Mon 23 Mar, 00:00 to Mon 23 Mar, 09:00")


def test_the_headline_says_who_until_when_and_who_is_next() -> None:
    assert headline(board(date(2026, 3, 23))) == "Now: Bob, until Thu 26 Mar, 09:00, then Ann Ash"


def test_the_balance_is_told_person_by_person() -> None:
    lines = balance_lines(board(date(2026, 3, 23)))
    assert lines[0].startswith("Balance over 12 weeks: ")
    assert {each.split(":")[0] for each in lines[1:]} == {"Ann Ash", "Bob"}


@pytest.mark.parametrize(
    ("step", "month", "expected"),
    [
        (0, False, (date(2026, 3, 23), 7)),
        (-1, False, (date(2026, 3, 16), 7)),
        (0, True, (date(2026, 3, 1), 31)),
        (-1, True, (date(2026, 2, 1), 28)),
        (10, True, (date(2027, 1, 1), 31)),
    ],
)
def test_weeks_begin_on_monday_and_months_on_their_first(step: int, month: bool, expected: tuple[date, int]) -> None:
    assert days_from(date(2026, 3, 25), step, month=month) == expected


def test_the_zone_is_the_highest_rotations_that_is_known() -> None:
    broken = Rotation(uuid4(), TEAM, "Broken", "Mars/Olympus", ShiftUnit.DAY, date(2026, 3, 2), layer=2)
    assert zone_of((DAY_BY_DAY, broken), "UTC").key == "Europe/Berlin"
    assert zone_of((), "Asia/Kolkata").key == "Asia/Kolkata"
