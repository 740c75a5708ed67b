"""Own closures and special days, as people write them."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from app.models.errors import KnownError
from app.models.records.calendars import Closure, Span
from app.models.rules.closure_days import read_days, write_days

DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))


def test_a_day_with_hours_is_open_then_and_one_without_is_closed() -> None:
    closures, special = read_days("2026-12-24 09:00-12:00\n\n2026-12-27..2026-12-31 Stocktaking\n2027-05-14")
    assert special == {date(2026, 12, 24): (Span(32_400, 43_200),)}
    assert closures == (
        Closure(date(2026, 12, 27), date(2026, 12, 31), "Stocktaking"),
        Closure(date(2027, 5, 14), date(2027, 5, 14)),
    )


@pytest.mark.parametrize("between", ["..", " .. ", " - ", " to ", " bis ", " – "])
def test_from_and_until_are_told_apart_however_people_write_them(between: str) -> None:
    closures, _special = read_days(f"2026-07-01{between}2026-07-14 Summer")
    assert closures == (Closure(date(2026, 7, 1), date(2026, 7, 14), "Summer"),)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tomorrow", "days.unreadable"),
        ("2026-02-29", "days.unreadable"),
        ("2026-07-14..2026-07-01 Summer", "days.unreadable"),
        ("2026-07-01..2046-07-01 For ever", "days.unreadable"),
        ("2026-07-01..2026-07-02 09:00-12:00", "days.unreadable"),
        ("2026-07-01 09:00-12:00, 11:00-13:00", "hours.overlap"),
        ("2026-07-01 9 to 5", "hours.unreadable"),
    ],
)
def test_what_is_no_day_is_refused(text: str, code: str) -> None:
    with pytest.raises(KnownError) as refused:
        read_days(text)
    assert refused.value.code == code


@given(st.lists(st.tuples(DAYS, st.integers(0, 300), st.sampled_from(["", "Summer", "Fête de l'été"])), max_size=6))
def test_what_is_written_is_read_the_same(told: list[tuple[date, int, str]]) -> None:
    closures = {Closure(day, date.fromordinal(day.toordinal() + length), name) for day, length, name in told}
    assert set(read_days(write_days(closures, {}))[0]) == closures
