"""What is typed about calendars and targets, and what comes of it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.models.identifiers import new_id
from app.models.records.applications import ApplicationCard, ApplicationKind
from app.models.records.calendars import Calendar, Closure, Span, Week
from app.models.records.clocks import ClockKind, Target
from app.models.records.desk import Audience, SupportModel
from app.models.records.tickets import Priority
from app.views.catalogue.calendar_model import (
    DAYS,
    NAME,
    ZONE,
    CalendarText,
    new_text,
    read_calendar,
    text_of,
    weekday_field,
)
from app.views.catalogue.card_model import template_words
from app.views.catalogue.coming_days import coming
from app.views.catalogue.targets_model import Scope, calendars, cells, inherited, length_words, read_targets

OFFICE: Week = ((Span(32_400, 43_200), Span(46_800, 63_000)),) * 5 + ((), ())
FIRST, RESOLUTION = ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION


def _calendar(zone: str = "Europe/Berlin", **known: object) -> Calendar:
    return Calendar(new_id(), "Office", zone, OFFICE, **known)  # type: ignore[arg-type]


def test_a_calendar_is_read_as_it_was_written() -> None:
    closed = (Closure(date(2026, 12, 27), date(2026, 12, 31), "Stocktaking"),)
    office = _calendar(country="DE", region="BE", closures=closed, special={date(2026, 12, 24): (Span(0, 3600),)})
    assert read_calendar(text_of(office), office.id, office) == (office, {})


def test_all_that_is_wrong_is_told_at_once_and_where() -> None:
    text = CalendarText(" ", "Europe/Atlantis", ("09:00-12:00, 11:00-13:00", "nine", "", "", "", "", ""), days="soon")
    read, wrong = read_calendar(text, new_id())
    assert read is None
    assert {name: error.code for name, error in wrong.items()} == {
        NAME: "calendar.no_name",
        ZONE: "calendar.no_zone",
        weekday_field(0): "hours.overlap",
        weekday_field(1): "hours.unreadable",
        DAYS: "days.unreadable",
    }


@pytest.mark.parametrize(
    ("week", "field", "code"),
    [
        (("",) * 7, weekday_field(0), "calendar.never_open"),
        (("22:00-06:00", "05:00-12:00", "", "", "", "", ""), weekday_field(1), "calendar.overlap"),
    ],
)
def test_a_week_that_cannot_be_is_refused(week: tuple[str, ...], field: str, code: str) -> None:
    read, wrong = read_calendar(CalendarText("Office", "UTC", week), new_id())
    assert read is None
    assert wrong[field].code == code


def test_a_new_calendar_can_be_saved_once_it_has_a_name() -> None:
    text = new_text("Asia/Kolkata")
    assert set(read_calendar(text, new_id())[1]) == {NAME}


def test_the_coming_week_begins_today_where_the_calendar_is() -> None:
    now = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert coming(_calendar("Pacific/Auckland"), now).days[0].day == date(2026, 11, 25)
    assert coming(_calendar("America/New_York"), now).days[0].day == date(2026, 11, 24)


def test_a_day_is_drawn_by_its_wall_clock() -> None:
    monday = coming(_calendar(), datetime(2026, 11, 23, 7, tzinfo=UTC)).days[0]
    assert monday.spans == ((9 / 24, 12 / 24), (13 / 24, 17.5 / 24))
    assert (monday.hours, monday.open_for) == ("09:00-12:00, 13:00-17:30", timedelta(hours=7.5))


def test_holidays_and_closures_say_why_it_is_closed() -> None:
    closed = (Closure(date(2026, 12, 28), date(2026, 12, 31), "Stocktaking"),)
    seen = coming(_calendar(country="DE", closures=closed), datetime(2026, 12, 24, 7, tzinfo=UTC))
    told = {each.day.day: (each.hours, each.reason) for each in seen.days}
    assert told[25] == ("", "Christmas Day")
    assert told[28] == ("", "Stocktaking")
    assert told[24][1] == ""
    assert [day for day, _name in seen.holidays][:3] == [date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("zone", "now", "day", "shift"),
    [
        ("Europe/Berlin", datetime(2026, 3, 24, tzinfo=UTC), date(2026, 3, 29), timedelta(hours=1)),
        ("Europe/Berlin", datetime(2026, 10, 20, tzinfo=UTC), date(2026, 10, 25), timedelta(hours=-1)),
        ("Australia/Lord_Howe", datetime(2026, 9, 30, tzinfo=UTC), date(2026, 10, 4), timedelta(minutes=30)),
    ],
)
def test_the_day_on_which_the_clocks_are_changed_says_so(zone: str, now: datetime, day: date, shift: timedelta) -> None:
    seen = coming(_calendar(zone), now)
    assert seen.change == (day, shift)
    assert {each.day: each.shift for each in seen.days if each.shift} == {day: shift}


def test_where_the_clocks_are_never_changed_nothing_is_said() -> None:
    assert coming(_calendar("Asia/Kolkata"), datetime(2026, 3, 24, tzinfo=UTC)).change is None


def test_a_night_shift_reaches_into_the_next_day() -> None:
    night = Calendar(new_id(), "Night", "UTC", ((Span(79_200, 108_000),), (), (), (), (), (), ()))
    days = coming(night, datetime(2026, 11, 23, 12, tzinfo=UTC)).days
    assert [each.spans for each in days[:3]] == [((22 / 24, 1.0),), ((0.0, 6 / 24),), ()]


def _target(kind: ClockKind, priority: Priority, hours: float, scope: Scope = Scope(), **own: object) -> Target:  # noqa: B008
    ids = (scope.application_id, scope.organisation_id)
    return Target(new_id(), kind, priority, timedelta(hours=hours), *ids, **own)  # type: ignore[arg-type]


def test_lengths_are_told_in_hours_however_long_they_are() -> None:
    told = [
        length_words(timedelta(**{unit: count})) for unit, count in (("minutes", 90), ("hours", 120), ("seconds", 45))
    ]
    assert told == ["1h 30m", "120h", "45s"]


def test_an_empty_cell_shows_what_holds_for_all() -> None:
    shop = Scope(new_id())
    known = [
        _target(FIRST, Priority.P1, 1),
        _target(RESOLUTION, Priority.P1, 4),
        _target(FIRST, Priority.P1, 0.5, shop),
    ]
    assert cells(known, shop) == {(FIRST, Priority.P1): "30m"}
    assert inherited(known, shop) == {(FIRST, Priority.P1): "1h", (RESOLUTION, Priority.P1): "4h"}


def test_what_was_not_touched_keeps_its_seconds_and_its_calendar() -> None:
    night, day = new_id(), new_id()
    odd = Target(new_id(), FIRST, Priority.P1, timedelta(seconds=90.5), calendar_id=night)
    other = _target(RESOLUTION, Priority.P1, 4, calendar_id=day)
    typed = cells([odd, other], Scope())
    found, wrong = read_targets(typed, calendars([odd, other], Scope()), Scope(), [odd, other])
    assert (set(found), wrong) == ({odd, other}, {})
    found, _wrong = read_targets(typed, {Priority.P1: day}, Scope(), [odd, other])
    assert {each.calendar_id for each in found} == {day}


def test_a_cell_that_was_emptied_promises_nothing_and_one_that_is_no_time_is_told() -> None:
    known = [_target(FIRST, Priority.P1, 1), _target(RESOLUTION, Priority.P1, 4)]
    typed = {(FIRST, Priority.P1): " ", (RESOLUTION, Priority.P1): "soon"}
    found, wrong = read_targets(typed, {}, Scope(), known)
    assert found == []
    assert {cell: error.code for cell, error in wrong.items()} == {(RESOLUTION, Priority.P1): "target.unreadable"}


def test_what_the_levels_were_promised_elsewhere_is_not_lost() -> None:
    accept = _target(ClockKind.ACCEPT, Priority.P1, 1)
    assert read_targets({}, {}, Scope(), [accept])[0] == [accept]


@pytest.mark.parametrize(
    ("audience", "model", "told"),
    [
        (Audience.CUSTOMER, SupportModel.TIERED, "“Spark ETL” and begins at L1"),
        (Audience.INTERNAL, SupportModel.TIERED, "“Spark ETL” and begins at L2"),
        (Audience.INTERNAL, SupportModel.SWARM, "template for swarms"),
    ],
)
def test_kind_audience_and_model_say_which_template_it_follows(
    audience: Audience, model: SupportModel, told: str
) -> None:
    card = ApplicationCard(new_id(), "Loads", audience, model, ApplicationKind.SPARK_ETL)
    assert told in template_words(card, own_tree=False)
    assert "of its own" in template_words(card, own_tree=True)
