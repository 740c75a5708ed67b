"""When somebody is told of news, and when they are left alone."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from app.models.identifiers import new_id
from app.models.records.notices import Notice, NoticeKind
from app.models.rules.notices import Quiet, to_tell

NIGHT = Quiet(time(18), time(8))
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("2026-03-02 17:59", False),
        ("2026-03-02 18:00", True),
        ("2026-03-03 03:00", True),
        ("2026-03-03 07:59", True),
        ("2026-03-03 08:00", False),
    ],
)
def test_a_night_goes_over_midnight_and_its_end_is_not_quiet(at: str, quiet: bool) -> None:
    assert NIGHT.holds(datetime.fromisoformat(at)) is quiet


def test_a_noon_and_a_weekend_can_be_quiet_and_nothing_usually_is() -> None:
    noon = Quiet(time(12), time(13), weekend=True)
    assert noon.holds(datetime(2026, 3, 2, 12, 30))  # noqa: DTZ001 - local time is what it is about
    assert not noon.holds(datetime(2026, 3, 2, 13, 0))  # noqa: DTZ001
    assert noon.holds(datetime(2026, 3, 7, 20, 0))  # noqa: DTZ001
    assert not Quiet().holds(datetime(2026, 3, 7, 3, 0))  # noqa: DTZ001
    assert not Quiet(time(8), time(8)).holds(datetime(2026, 3, 2, 8, 0))  # noqa: DTZ001


def test_quiet_hours_go_by_the_wall_when_the_clocks_change() -> None:
    before, after = (datetime(2026, 3, day, 5, 59, tzinfo=UTC).astimezone(BERLIN) for day in (28, 29))
    assert (before.hour, after.hour) == (6, 7)
    assert Quiet(time(18), time(7)).holds(before)
    assert not Quiet(time(18), time(7)).holds(after)


def test_urgent_ones_break_the_quiet_unless_they_must_not() -> None:
    calm, urgent = (Notice(NoticeKind.NEW, new_id(), 1, "x", urgent=urgent) for urgent in (False, True))
    night = datetime(2026, 3, 2, 23, 0)  # noqa: DTZ001
    assert to_tell([calm, urgent], NIGHT, night, None) == [urgent]
    assert to_tell([calm, urgent], Quiet(time(18), time(8), urgent_breaks_it=False), night, None) == []
    assert to_tell([calm, urgent], NIGHT, night.replace(hour=12), None) == [calm, urgent]


def test_what_one_is_looking_at_is_not_told() -> None:
    notice = Notice(NoticeKind.ANSWERED, new_id(), 1, "x")
    assert to_tell([notice], Quiet(), datetime(2026, 3, 2, 12, 0), notice.ticket_id) == []  # noqa: DTZ001
