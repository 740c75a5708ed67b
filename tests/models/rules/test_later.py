"""Until when something is put off, as people say it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.models.rules.later import typed, usual

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = datetime(2026, 3, 24, 10, 20, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("30m", "2026-03-24T10:50"),
        ("2 h", "2026-03-24T12:20"),
        ("14:30", "2026-03-24T14:30"),
        ("9:00", "2026-03-25T09:00"),
        ("2026-12-01", "2026-12-01T08:00"),
        ("2026-12-01 09:15", "2026-12-01T09:15"),
        ("1.12. 9:15", "2026-12-01T09:15"),
        ("1.2.", "2027-02-01T08:00"),
        ("1W", "2026-03-31T10:20"),
        ("3d", "2026-03-27T10:20"),
    ],
)
def test_what_people_type_is_a_time(text: str, at: str) -> None:
    found = typed(text, TUESDAY)
    assert found is not None
    assert (found.isoformat()[:16], found.second, found.tzinfo) == (at, 0, BERLIN)


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-02-30", "25:00", "2020-01-01", "24.3.2026 9:00", "0h", "2026-12-01 morning", "29.2."]
)
def test_what_is_no_time_to_come_is_none(text: str) -> None:
    assert typed(text, TUESDAY) is None


def test_days_keep_the_wall_time_and_hours_the_real_time_over_a_clock_change() -> None:
    before = datetime(2026, 3, 28, 22, 0, tzinfo=BERLIN)
    day, hours = typed("1d", before), typed("24h", before)
    assert day is not None
    assert hours is not None
    assert (day.hour, hours.hour) == (22, 23)


def test_what_is_usual_comes_later_than_now_and_in_order() -> None:
    for hour in range(24):
        now = TUESDAY.replace(hour=hour)
        offered = [at for _, at in usual(now)]
        assert all(now < at <= now + timedelta(days=8) for at in offered)
        assert [code for code, _ in usual(now)].count("afternoon") == (hour < 14)
    assert dict(usual(TUESDAY))["monday"].isoformat()[:16] == "2026-03-30T08:00"
