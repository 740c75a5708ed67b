"""`firstline staff`: people are added, given a role and a login, disabled, and listed."""

import io
import json
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from app.main import main
from tests.fixtures.people import SharedDesk

PASSWORD = "another-good-password"


@pytest.fixture(autouse=True)
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")


def staff(database: str, *arguments: str) -> int:
    return main(["--database", database, "staff", *arguments])


def listed(database: str, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    assert staff(database, "list", "--json") == 0
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def test_an_embedded_desk_needs_no_logins(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    assert main(["--database", url, "init", "--administrator", "tom@desk.example"]) == 0
    assert staff(url, "add", "ann@desk.example", "--name", "Ann") == 0
    assert staff(url, "role", "ann@desk.example", "supervisor") == 0
    assert staff(url, "disable", "ann@desk.example") == 0
    people = {each["mail"]: each for each in listed(url, capsys)["people"]}  # type: ignore[attr-defined]
    assert (people["ann@desk.example"]["role"], people["ann@desk.example"]["active"]) == ("supervisor", False)
    assert staff(url, "disable", "tom@desk.example") == 1
    assert "only administrator" in capsys.readouterr().err
    assert staff(url, "add", "ann@desk.example") == 1
    assert staff(url, "add", "worker", "--role", "worker", "--no-password") == 1


def test_an_administrator_without_rights_on_the_server_admits_people(
    shared_desk: SharedDesk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = make_url(shared_desk.url)
    url = own.set(username=shared_desk.login("tom")).render_as_string(hide_password=False)
    login = shared_desk.login("new")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    arguments = ("--name", "New", "--team", "Payroll", "--login", login, "--password-stdin")
    assert staff(url, "add", "new@desk.example", *arguments) == 0
    with psycopg.connect(own.set(username=login).render_as_string(hide_password=False)) as connection:
        assert connection.execute("SELECT count(*) FROM ticket").fetchone() == (5,)
    assert staff(url, "role", "new@desk.example", "supervisor") == 0
    assert staff(url, "teams", "new@desk.example") == 0
    with psycopg.connect(own.set(username=login).render_as_string(hide_password=False)) as connection:
        assert connection.execute("SELECT desk_role(), count(*) FROM ticket").fetchone() == ("supervisor", 4)
    assert staff(url, "disable", "new@desk.example") == 0
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(own.set(username=login).render_as_string(hide_password=False))
    told = listed(url, capsys)
    assert told["workers"] == [shared_desk.login("worker")]


def test_a_password_never_reaches_the_server_as_it_is(shared_desk: SharedDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert staff(shared_desk.url, "add", shared_desk.login("w2"), "--role", "worker", "--password-stdin") == 0
    with shared_desk.owner.engine.begin() as connection:
        kept = connection.exec_driver_sql(
            "SELECT rolpassword FROM pg_authid WHERE rolname = %s", (shared_desk.login("w2"),)
        ).scalar_one()
    assert kept.startswith("SCRAM-SHA-256$")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "ann@desk.example", "--login", "{bob}", "--no-password"), "bob@desk.example's already"),
        (("add", "ann@desk.example", "--login", " ", "--no-password"), "cannot be a login"),
        (("add", "x@desk.example", "--team", "Nowhere", "--no-password"), "Nowhere"),
        (("role", "nobody@desk.example", "agent"), "nobody@desk.example"),
        (("disable", "tom@desk.example"), "only administrator"),
        (("disable", "nobody"), "nobody"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    shared_desk: SharedDesk, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    told = [each.format(bob=shared_desk.login("bob")) for each in arguments]
    assert staff(shared_desk.url, *told) == 1
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_only_administrators_do_it(shared_desk: SharedDesk, capsys: pytest.CaptureFixture[str]) -> None:
    url = make_url(shared_desk.url).set(username=shared_desk.login("sue")).render_as_string(hide_password=False)
    assert staff(url, "role", "sue@desk.example", "administrator") == 1
    assert "Only an administrator" in capsys.readouterr().err
