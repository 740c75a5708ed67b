"""Counting business time in the form that the corpus scorer asks for."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from app.models.records.calendars import Calendar, Closure, Day
from app.models.rules.business_time import BusinessTime
from app.models.rules.opening_hours import read_day

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def count(case: Mapping[str, Any]) -> datetime | float | None:
    """When the case's minutes are used up, or how many minutes lie between its instants."""
    hours, since = BusinessTime(calendar_of(case["calendar"])), datetime.fromisoformat(case["start_utc"])
    if "expected_due_utc" in case:
        return hours.due(since, timedelta(minutes=case["minutes"]))
    return hours.elapsed(since, datetime.fromisoformat(case["end_utc"])) / timedelta(minutes=1)


def calendar_of(told: Mapping[str, Any]) -> Calendar:
    closed = (date.fromisoformat(each) for each in told["holidays"])
    return Calendar(
        UUID(int=1),
        "recorded",
        told["tz"],
        cast(Any, tuple(_day(told["hours"].get(each, ())) for each in _WEEK)),
        closures=tuple(Closure(each, each) for each in closed),
        special={date.fromisoformat(each): _day(spans) for each, spans in told.get("special", {}).items()},
    )


def _day(spans: Any) -> Day:
    return read_day(",".join("-".join(each) for each in spans))
