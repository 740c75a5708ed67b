"""Which zones there are is asked for each time that hours are counted."""

import zoneinfo

import pytest

from app.models.rules import opening_hours
from app.models.rules.opening_hours import is_zone


def test_the_names_of_zones_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def names() -> set[str]:
        asked.append("names")
        return zoneinfo.available_timezones()

    monkeypatch.setattr(opening_hours, "available_timezones", names)
    opening_hours._zones.cache_clear()
    told = [is_zone(each) for each in ("Europe/Berlin", "Asia/Kolkata", "Mars/Olympus", "")]
    assert (told, asked) == ([True, True, False, False], ["names"])
