"""Duty goes out as a calendar, absences and closed days come in by one, and broken files are told of in words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar as Feed
from sqlalchemy import select

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.calendars import Closure
from app.models.records.desk import Level, Role
from app.models.records.on_call import Rotation, ShiftUnit
from app.models.tables import DutyAbsence
from app.services import oncall, staff
from app.services.database import Database
from app.services.oncall import ical
from app.services.oncall.noticing import hand_overs
from tests.fixtures.databases import SYSTEM, add_team

SINCE = datetime(2026, 3, 2, 9, tzinfo=UTC)
AWAY = b"""BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:holiday-1
DTSTART;VALUE=DATE:20260305
DTEND;VALUE=DATE:20260307
SUMMARY:Holiday
END:VEVENT
BEGIN:VEVENT
UID:call-1
DTSTART;TZID=Europe/Berlin:20260310T090000
DTEND;TZID=Europe/Berlin:20260310T100000
SUMMARY:Dentist
END:VEVENT
BEGIN:VEVENT
UID:gone
STATUS:CANCELLED
DTSTART:20260311T090000Z
DTEND:20260311T100000Z
END:VEVENT
END:VCALENDAR
"""


def rotate(database: Database) -> tuple[Rotation, list[str]]:
    team = add_team(database, "Application Support", Level.L2)
    people = [
        staff.add_agent(database, SYSTEM, each, f"{each.lower()}@desk.example", Role.AGENT, [team.id])
        for each in ("Ann", "Bob")
    ]
    members = tuple(each.id for each in people)
    new = Rotation(new_id(), team.id, "Daily", "UTC", ShiftUnit.DAY, date(2026, 3, 2), members=members)
    return oncall.save_rotation(database, SYSTEM, new), [each.name for each in people]


def test_shifts_are_events_with_the_same_identity_each_time(database: Database) -> None:
    rotation, _ = rotate(database)
    made = [ical.feed(database, rotation.team_id, SINCE, SINCE + timedelta(days=3)) for _ in range(2)]
    events = [list(Feed.from_ical(one).walk("VEVENT")) for one in made]
    assert [str(each["SUMMARY"]).split(",")[0] for each in events[0]] == ["Ann", "Bob", "Ann"]
    assert [each.start for each in events[0]] == [SINCE + timedelta(days=each) for each in range(3)]
    assert [str(each["UID"]) for each in events[0]] == [str(each["UID"]) for each in events[1]]


def test_absences_of_a_file_keep_their_person_off_duty(database: Database) -> None:
    rotation, _ = rotate(database)
    ann, bob = rotation.members
    assert ical.take_absences(database, SYSTEM, ann, AWAY) == 2
    assert ical.take_absences(database, SYSTEM, ann, AWAY) == 2
    assert oncall.duty_of(database, rotation.team_id, datetime(2026, 3, 6, 10, tzinfo=UTC)).agent_id == bob
    assert oncall.duty_of(database, rotation.team_id, datetime(2026, 3, 10, 8, 30, tzinfo=UTC)).agent_id == bob


def test_whole_days_of_a_file_are_closed_days() -> None:
    assert ical.closures(AWAY, SINCE) == (Closure(date(2026, 3, 5), date(2026, 3, 6), "Holiday"),)


def weekly(*lines: str) -> bytes:
    event = ("UID:school", "DTSTART;TZID=Europe/Berlin:20260303T140000", "DTEND;TZID=Europe/Berlin:20260303T160000")
    inside = "\n".join((*event, *lines))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\n{inside}\nEND:VEVENT\nEND:VCALENDAR\n".encode()


def test_a_repeated_event_counts_each_time_at_its_wall_time_over_a_clock_change() -> None:
    found = ical.happenings(weekly("RRULE:FREQ=WEEKLY;COUNT=6", "EXDATE;TZID=Europe/Berlin:20260310T140000"), SINCE)
    assert [each.since.isoformat()[:16] for each in found] == [
        "2026-03-03T13:00",
        "2026-03-17T13:00",
        "2026-03-24T13:00",
        "2026-03-31T12:00",
        "2026-04-07T12:00",
    ]
    assert len({each.uid for each in found}) == 5
    assert all(each.until - each.since == timedelta(hours=2) for each in found)


def test_one_time_of_a_repeated_event_that_was_moved_counts_where_it_is_now() -> None:
    moved = (
        b"BEGIN:VEVENT\nUID:school\nRECURRENCE-ID;TZID=Europe/Berlin:20260310T140000\n"
        b"DTSTART;TZID=Europe/Berlin:20260311T080000\nDTEND;TZID=Europe/Berlin:20260311T090000\nEND:VEVENT\nEND:VCALENDAR"
    )
    found = ical.happenings(weekly("RRULE:FREQ=WEEKLY;COUNT=2").replace(b"END:VCALENDAR", moved), SINCE)
    assert [each.since.isoformat()[:16] for each in found] == ["2026-03-03T13:00", "2026-03-11T07:00"]


def test_an_event_without_an_end_counts_for_two_years() -> None:
    found = ical.happenings(weekly("RRULE:FREQ=WEEKLY"), SINCE)
    assert len(found) == 105
    assert found[-1].since < SINCE + timedelta(days=732)


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=1,2;BYSECOND=" + ",".join(map(str, range(60)))])
def test_an_event_every_second_is_refused(rule: str) -> None:
    with pytest.raises(KnownError, match=r"ical\.too_often"):
        ical.happenings(weekly(f"RRULE:{rule}"), SINCE)


def test_repeated_absences_read_again_change_the_same_ones(database: Database) -> None:
    rotation, _ = rotate(database)
    ann, bob = rotation.members
    content = weekly("RRULE:FREQ=WEEKLY;COUNT=3")
    assert ical.take_absences(database, SYSTEM, ann, content) == 3
    assert ical.take_absences(database, SYSTEM, ann, content) == 3
    with database.read() as session:
        assert len(session.scalars(select(DutyAbsence.id)).all()) == 3
    assert oncall.duty_of(database, rotation.team_id, datetime(2026, 3, 3, 8, tzinfo=UTC)).agent_id == ann
    assert oncall.duty_of(database, rotation.team_id, datetime(2026, 3, 16, 13, 30, tzinfo=UTC)).agent_id == ann
    assert oncall.duty_of(database, rotation.team_id, datetime(2026, 3, 17, 13, 30, tzinfo=UTC)).agent_id == bob


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"garbage",
        b"\x00\xff\xfe",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:yesterday\nEND:VEVENT\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260301T000000Z\nDTEND:20260299T000000Z\nEND:VEVENT\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n",
    ],
)
def test_a_broken_file_is_told_of_in_words(broken: bytes) -> None:
    with pytest.raises(KnownError, match=r"ical\.unreadable"):
        ical.happenings(broken, SINCE)


def test_a_file_that_is_far_too_large_is_not_read() -> None:
    with pytest.raises(KnownError, match=r"ical\.too_large"):
        ical.happenings(b"x" * (ical.LARGEST + 1), SINCE)


def test_who_goes_on_duty_soon_and_who_goes_off_are_told(database: Database) -> None:
    rotation, (ann_name, bob_name) = rotate(database)
    ann, bob = rotation.members
    at = SINCE + timedelta(days=1)
    around = (at - timedelta(minutes=5), at + timedelta(minutes=10))
    [ends] = hand_overs(database, ann, *around)
    [begins] = hand_overs(database, bob, *around)
    assert (ends.at, ends.begins, ends.other) == (at, False, bob_name)
    assert (begins.at, begins.begins, begins.until, begins.other) == (at, True, at + timedelta(days=1), ann_name)
