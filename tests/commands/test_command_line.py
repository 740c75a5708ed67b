"""The command line: what it prints, what it exits with, and that bad input is told in one line."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.main import main
from tests.fixtures.rounds import eml

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def firstline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on a profile of its own; gives status, output and what went to standard error."""
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "1.eml").write_bytes(eml(mail_id="a@acme.example"))
    (folder / "2.eml").write_bytes(eml("Re: VPN", "Still slow.", mail_id="b@acme.example", answers="a@acme.example"))
    for each in folder.iterdir():
        os.utime(each, (1_700_000_000, 1_700_000_000))
    return folder


def add_folder(firstline: Run, mails: Path) -> None:
    settings = ["--set", f"path={mails}", "--set", "address=support@desk.example"]
    assert firstline("channel", "add", "folder", "--name", "in", *settings)[0] == 0


def test_mails_of_a_folder_become_a_ticket_that_can_be_shown(firstline: Run, mails: Path) -> None:
    assert firstline("init")[0] == 0
    add_folder(firstline, mails)
    assert firstline("channel", "test", "in")[0] == 0
    status, out, _ = firstline("intake", "--once", "--json")
    (told,) = json.loads(out)["channels"]
    counts = {"fetched": 2, "new": 1, "replies": 1, "duplicates": 0, "ignored": 0, "quarantined": 0, "failed": 0}
    assert (status, {name: told[name] for name in counts}) == (0, counts)
    again = json.loads(firstline("intake", "--once", "--json")[1])["channels"][0]
    assert again["fetched"] == 0
    assert [each["number"] for each in json.loads(firstline("queue", "--json")[1])] == [1]
    assert len(json.loads(firstline("show", "1", "--json")[1])["messages"]) == 2
    assert "Still slow." in firstline("show", "1")[1]


def test_a_channel_moves_to_another_kind_with_what_it_had(firstline: Run, mails: Path) -> None:
    firstline("init")
    add_folder(firstline, mails)
    firstline("intake", "--once")
    status, out, _ = firstline("channel", "move", "in", "--to", "graph", "--set", "client_id=1234")
    assert (status, "firstline channel test in" in out) == (0, True)
    (told,) = json.loads(firstline("channel", "list", "--json")[1])
    assert (told["channel"]["kind"], told["channel"]["config"]["address"]) == ("graph", "support@desk.example")
    assert len(json.loads(firstline("queue", "--json")[1])) == 1
    status, _, err = firstline("channel", "move", "in", "--to", "graph", "--set", "client_id=1234")
    assert (status, "of the kind graph already" in err) == (1, True)


def test_explain_tells_a_mail_and_its_rule_and_stores_nothing(firstline: Run, mails: Path) -> None:
    add_folder(firstline, mails)
    firstline("intake", "--once")
    reply = mails / "later.eml"
    reply.write_bytes(eml("Re: VPN", "Now it works.\n\nOn Monday Anna wrote:\n> slow", answers="b@acme.example"))
    told = json.loads(firstline("explain", str(reply), "--json")[1])
    assert (told["decision"], told["ticket"], told["rule"]) == ("reply", 1, "in_reply_to")
    assert told["from"] == "anna@acme.example"
    assert told["to"] == ["support@desk.example"]
    assert told["reply"].strip() == "Now it works."
    assert told["kind"] == "mail"
    assert len(json.loads(firstline("show", "1", "--json")[1])["messages"]) == 2
    assert "Now it works." in firstline("explain", str(reply))[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "99"), "no ticket 99"),
        (("explain", "missing.eml"), "cannot be read"),
        (("channel", "test", "nowhere"), "no channel called"),
        (("channel", "add", "folder", "--name", "x"), "path"),
        (("channel", "add", "folder", "--name", "x", "--set", "nonsense"), "KEY=VALUE"),
        (("--database", "mysql://host/x", "queue"), "PostgreSQL and SQLite"),
        (("--database", "postgresql://nobody@127.0.0.1:1/x", "queue"), "cannot be reached"),
        (("--database", "//server/share/desk.db", "queue"), "network share"),
        (("intake", "--once", "--channel", "nowhere"), "no channel called"),
    ],
)
def test_bad_input_is_told_in_one_line_with_status_one(firstline: Run, arguments: tuple[str, ...], words: str) -> None:
    status, _, told = firstline(*arguments)
    assert status == 1
    assert words in told
    assert "Traceback" not in told
    assert len(told.strip().splitlines()) == 1


def test_broken_settings_name_the_file(firstline: Run, tmp_path: Path) -> None:
    (tmp_path / "profile").mkdir()
    (tmp_path / "profile" / "firstline.toml").write_text("database = [", encoding="utf-8")
    status, _, told = firstline("queue")
    assert status == 1
    assert "firstline.toml" in told


def test_a_mail_that_is_too_large_is_told_before_it_is_read(firstline: Run, tmp_path: Path) -> None:
    big = tmp_path / "big.eml"
    with big.open("wb") as stream:
        stream.truncate(60_000_000)
    status, _, told = firstline("explain", str(big))
    assert status == 1
    assert "60" in told


def test_wrong_usage_is_status_two(firstline: Run) -> None:
    with pytest.raises(SystemExit) as ended:
        firstline("nonsense")
    assert ended.value.code == 2


def test_the_doctor_finds_a_broken_channel(firstline: Run, mails: Path) -> None:
    firstline("init")
    add_folder(firstline, mails)
    assert firstline("doctor")[0] == 0
    for each in mails.iterdir():
        each.unlink()
    mails.rmdir()
    assert firstline("intake", "--once")[0] == 1
    status, out, _ = firstline("doctor", "--json")
    assert status == 1
    assert [each["check"] for each in json.loads(out)["checks"] if not each["ok"]] == ["channels"]


def test_the_doctor_can_be_asked_before_its_database_is_made(firstline: Run) -> None:
    status, out, err = firstline("doctor", "--json")
    told = {each["check"]: each.get("code") for each in json.loads(out)["checks"] if not each["ok"]}
    assert (status, told, err) == (1, {"database": "database.empty", "channels": "database.empty"}, "")


def test_it_runs_as_a_module() -> None:
    told = subprocess.run([sys.executable, "-m", "app", "--version"], capture_output=True, text=True, check=True)
    assert told.stdout.startswith("Firstline ")
