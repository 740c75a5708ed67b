"""`firstline oncall`: who is on duty at the terminal, as data, and as a calendar."""

import json
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from icalendar import Calendar

from app.main import main
from app.models.identifiers import new_id
from app.models.records.desk import Level, Role
from app.models.records.on_call import Rotation, ShiftUnit
from app.services import oncall, staff
from app.services.database import Database
from tests.fixtures.databases import SYSTEM, add_team

NOON = "2026-03-04T12:00+00:00"


@pytest.fixture
def team_id(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UUID:
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")
    return add_team(database, "Application Support", Level.L2).id


@pytest.fixture
def rotated(database: Database, team_id: UUID) -> None:
    members = tuple(
        staff.add_agent(database, SYSTEM, each, f"{each.lower()}@desk.example", Role.AGENT, [team_id]).id
        for each in ("Ann", "Bob")
    )
    new = Rotation(new_id(), team_id, "Primary", "UTC", ShiftUnit.WEEK, date(2026, 3, 2), members=members)
    oncall.save_rotation(database, SYSTEM, new)


def run(url: str, *arguments: str) -> int:
    return main(["--database", url, "oncall", *arguments])


@pytest.mark.usefixtures("rotated")
def test_a_team_is_found_whatever_the_case_and_its_duty_is_told(
    engine_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(engine_url, "application SUPPORT", "--at", NOON) == 0
    out = capsys.readouterr().out
    assert out.startswith("Ann is on duty for Application Support until ")
    assert "then Bob." in out


@pytest.mark.usefixtures("rotated")
def test_programs_read_until_when_and_who_is_next(engine_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(engine_url, "Application Support", "--at", NOON, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["on_duty"], told["until"], told["next"]) == ("Ann", "2026-03-09T09:00:00+00:00", "Bob")
    assert (told["gaps"], told["instead_of"]) == ([], None)


@pytest.mark.usefixtures("team_id")
def test_a_team_without_a_rotation_is_one_long_gap(engine_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(engine_url, "Application Support", "--at", NOON) == 0
    assert capsys.readouterr().out.startswith("Nobody is on duty for Application Support.\nNobody from ")
    assert run(engine_url, "Application Support", "--at", NOON, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    gap = {"since": "2026-03-04T12:00:00+00:00", "until": "2026-03-11T12:00:00+00:00"}
    assert (told["on_duty"], told["gaps"], told["score"]) == (None, [gap], 0)


@pytest.mark.usefixtures("rotated")
def test_shifts_are_written_as_a_calendar(engine_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(engine_url, "Application Support", "--at", NOON, "--ics") == 0
    names = [str(each["SUMMARY"]).split(",")[0] for each in Calendar.from_ical(capsys.readouterr().out).walk("VEVENT")]
    assert names[:3] == ["Ann", "Bob", "Ann"]


@pytest.mark.usefixtures("team_id")
def test_a_team_that_is_not_there_is_said_so(engine_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(engine_url, "Nowhere") != 0
    assert "There is no team “Nowhere”." in capsys.readouterr().err


@pytest.mark.usefixtures("rotated")
@pytest.mark.parametrize("more", [(), ("--json",), ("--ics",)])
@pytest.mark.parametrize("at", ["0001-01-03T00:00+00:00", "9999-12-31T12:00+00:00"])
def test_a_time_that_nobody_can_reckon_with_is_said_so(
    engine_url: str, capsys: pytest.CaptureFixture[str], at: str, more: tuple[str, ...]
) -> None:
    assert run(engine_url, "Application Support", "--at", at, *more) == 1
    assert "too far away. Choose a time from 1970 to 2200." in capsys.readouterr().err


def test_a_sample_desk_has_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")
    address = f"sqlite:///{tmp_path / 'sample.db'}"
    for _ in range(2):  # once more does not arrange it anew
        assert main(["--database", address, "init", "--sample"]) == 0
    capsys.readouterr()
    assert run(address, "Application Support", "--at", "2026-11-28T03:00+00:00") == 0
    assert "is on duty for Application Support until" in capsys.readouterr().out
