"""`firstline scripts` on a real domain, as docs/remote-help-directory.md has it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

from app.main import main
from app.models.records.desk import Role
from app.services import staff
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml
from tests.peers.samba import Domain
from tests.peers.samba.domain import ELSEWHERE, GROUPS, PASSWORD, STAFF
from tests.peers.samba.way import Way

pytestmark = pytest.mark.needs_debian


@pytest.fixture
def way(domain: Domain) -> Iterator[Way]:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost", domain.address], allow_unix_socket=True)
    with domain.way() as found:
        yield found


@pytest.fixture
def url(
    mail_desk: MailDesk, engine_url: str, domain: Domain, way: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")
    monkeypatch.setenv("FIRSTLINE_SECRET_REMOTE_CORP_PASSWORD", PASSWORD)
    staff.add_agent(mail_desk.database, SYSTEM, "Ada", "ada@desk.example", Role.ADMINISTRATOR)
    mail_desk.receive(eml(mail_id="a@acme.example"))
    connect = ("connect", "corp", "--transport", "directory", "--address", way.name, "--user", "helpdesk@corp.example",
               "--allow", STAFF, "--allow", GROUPS, "--option", f"ca=@{domain.folder / 'ca.pem'}")  # fmt: skip
    assert scripts(engine_url, *connect) == 0
    assert scripts(engine_url, "add", "--built-in") == 0
    for each in ("ad-lock-state", "ad-reset-password"):
        assert scripts(engine_url, "approve", each) == 0
    return engine_url


def scripts(url: str, *arguments: str) -> int:
    return main(["--database", url, "scripts", *arguments])


def test_a_locked_account_is_looked_at_reset_and_its_evidence_stands_on_the_ticket(
    domain: Domain, mail_desk: MailDesk, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    person = domain.person()
    person.lock()
    capsys.readouterr()
    assert scripts(url, "run", "ad-lock-state", "--target", person.account, "--ticket", "1") == 0
    out = capsys.readouterr().out
    assert "is LOCKED since" in out
    assert "Wrong passwords" in out
    assert scripts(url, "run", "ad-reset-password", "--target", person.account, "--ticket", "1") == 0
    out = capsys.readouterr().out
    password = out.partition(f"New password of {person.account}: ")[2].split()[0]
    assert " 773," in person.sign_in(password)
    note = mail_desk.ticket(1).messages[-1].text
    assert f"{person.account} has a new password" in note
    assert password not in note


def test_a_new_password_is_not_lost_where_json_is_asked_for(
    domain: Domain, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    person = domain.person()
    capsys.readouterr()
    assert scripts(url, "run", "ad-reset-password", "--target", person.account, "--json") == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["results"][0]["outcome"] == "succeeded"
    password = said.err.partition(f"New password of {person.account}: ")[2].split()[0]
    assert password not in said.out
    assert " 773," in person.sign_in(password)


def test_what_is_refused_is_told_in_words(domain: Domain, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    outside = domain.person(ELSEWHERE)
    capsys.readouterr()
    assert scripts(url, "run", "ad-reset-password", "--target", outside.account) == 1
    out = capsys.readouterr().out
    assert f"lies in {ELSEWHERE}, which the connection corp may not reach" in out
    assert outside.sign_in() == ""
    unit = ("--allow", "*.corp.example", "--address", "dc1.corp.example", "--user", "x")
    assert scripts(url, "connect", "other", "--transport", "directory", *unit) == 1
    assert "no distinguished name" in capsys.readouterr().err
