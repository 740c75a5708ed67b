"""`firstline escalate`: a ticket goes up from the terminal as from the window."""

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app.main import main
from app.models.records.tickets import Priority
from app.models.tables import Ticket
from app.services.catalogue import apply_catalogue
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk
from tests.services.escalation.desk import CHECKED, Ladder, ladder
from tests.services.escalation.test_missing_cover import calendar, change


@pytest.fixture
def rungs(mail_desk: MailDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ladder:
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")
    made = ladder(mail_desk)
    made.ask()
    return made


def escalate(url: str, folder: Path, packet: str, *more: str, to: str = "l2", number: str = "1") -> int:
    file = folder / "packet.toml"
    file.write_text(packet, encoding="utf-8")
    return main(["--database", url, "escalate", number, "--to", to, "--packet", str(file), *more])


PACKET = f'happening = "Payments fail."\ndone = ["{CHECKED}"]\n'


def test_it_says_who_is_asked_and_until_when(
    rungs: Ladder, engine_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert escalate(engine_url, tmp_path, PACKET) == 0
    out = capsys.readouterr().out
    assert "Application Support" in out
    assert "Ann" in out
    assert (rungs.step.node, rungs.step.packet.happening) == ("l2", "Payments fail.")
    assert rungs.asked() == [("Ann", "pending")]


def test_it_says_from_when_a_closed_step_is_asked(
    rungs: Ladder, engine_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    today = datetime.now(UTC).date()
    closed = {"first": str(today - timedelta(days=1)), "last": str(today + timedelta(days=1)), "name": "Move"}
    change(rungs, "l2", calendar_id=calendar(rungs, closures=[closed]))
    assert escalate(engine_url, tmp_path, PACKET) == 0
    opens = datetime.combine(today + timedelta(days=2), time(), UTC)
    words = f"“Application Support” is closed: nobody there is asked before {opens.astimezone():%Y-%m-%d %H:%M}."
    assert words in capsys.readouterr().out
    assert rungs.asked() == []


def test_a_step_can_be_named_as_people_call_it(rungs: Ladder, engine_url: str, tmp_path: Path) -> None:
    assert escalate(engine_url, tmp_path, PACKET, to="application support") == 0
    assert rungs.step.node == "l2"


def test_programs_read_the_step_with_its_attempts(
    rungs: Ladder, engine_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert escalate(engine_url, tmp_path, PACKET, "--json") == 0
    step = json.loads(capsys.readouterr().out)
    assert (step["node"], step["state"], [each["who"] for each in step["attempts"]]) == ("l2", "offered", ["Ann"])


@pytest.mark.parametrize(
    ("packet", "to", "words"),
    [
        ('happening = "Down."', "l2", "Log attached"),
        (PACKET, "nowhere", "nowhere"),
        ('tried = "All."', "l2", "happening"),
        ('happening = "Down."\nwhat = 1', "l2", "what"),
        ("happening = ", "l2", ""),
    ],
)
def test_what_does_not_go_is_said_in_one_line(
    rungs: Ladder,
    engine_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    packet: str,
    to: str,
    words: str,
) -> None:
    assert escalate(engine_url, tmp_path, packet, to=to) == 1
    told = capsys.readouterr().err.strip()
    assert len(told.splitlines()) == 1
    assert words in told
    assert rungs.steps == ()


def test_a_p1_passes_the_checklist_with_a_reason(
    rungs: Ladder, engine_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with rungs.desk.database.write(SYSTEM) as work:
        work.session.execute(update(Ticket).values(priority=int(Priority.P1)))
    assert escalate(engine_url, tmp_path, 'happening = "Down."\nbypass = "All tills stand still."') == 0
    assert rungs.step.bypass == "All tills stand still."


def test_a_number_that_is_no_tickets_and_a_file_that_is_not_there_are_said(
    rungs: Ladder, engine_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert escalate(engine_url, tmp_path, PACKET, number="99") == 1
    missing = str(tmp_path / "missing.toml")
    assert main(["--database", engine_url, "escalate", "1", "--to", "l2", "--packet", missing]) == 1
    assert "missing.toml" in capsys.readouterr().err


def test_a_packet_file_may_have_been_written_by_any_editor(rungs: Ladder, engine_url: str, tmp_path: Path) -> None:
    """A byte order mark is no text of the packet, and U+0000 nothing that PostgreSQL could keep."""
    assert escalate(engine_url, tmp_path, f'\ufeffhappening = "Payments\\u0000 fail."\ndone = ["{CHECKED}"]') == 0
    assert rungs.step.packet.happening == "Payments fail."


def test_a_tree_does_not_claim_the_ticket_of_another_application(
    rungs: Ladder, engine_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    apply_catalogue(rungs.desk.database, SYSTEM, '[[application]]\nname = "Wages"\naudience = "internal"')
    assert main(["--database", engine_url, "tree", "Payments", "--ticket", "1"]) == 0
    assert main(["--database", engine_url, "tree", "Wages", "--ticket", "1"]) == 1
    assert "Ticket 1 does not belong to “Wages”" in capsys.readouterr().err
