"""`firstline scripts connect|run` on a Windows host, from a terminal."""

from pathlib import Path

import pytest

from app.main import main
from app.models.records.desk import Role
from app.services import staff
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml
from tests.fixtures.winrm import HOST, WinrmHost
from tests.peers.winrm import Play


@pytest.fixture
def url(
    mail_desk: MailDesk, engine_url: str, winrm_host: WinrmHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A desk with a ticket and an administrator, whose Windows host is reached and whose script is approved."""
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")
    monkeypatch.setenv("FIRSTLINE_SECRET_REMOTE_OFFICE_PASSWORD", winrm_host.password)
    staff.add_agent(mail_desk.database, SYSTEM, "Ada", "ada@desk.example", Role.ADMINISTRATOR)
    mail_desk.receive(eml(mail_id="a@acme.example"))
    options = [word for name, value in winrm_host.options.items() for word in ("--option", f"{name}={value}")]
    reached = ["--transport", "winrm", "--user", winrm_host.user, "--allow", HOST]
    assert scripts(engine_url, "connect", "office", *reached, *options) == 0
    assert scripts(engine_url, "add", "--built-in") == 0
    assert scripts(engine_url, "approve", "win-services") == 0
    return engine_url


def scripts(url: str, *arguments: str) -> int:
    return main(["--database", url, "scripts", *arguments])


def test_a_table_from_a_windows_host_is_shown_and_stands_on_the_ticket(
    mail_desk: MailDesk, url: str, winrm_host: WinrmHost, capsys: pytest.CaptureFixture[str]
) -> None:
    def play(on: Play) -> None:
        on.row(Name="Spooler", State="Running")

    winrm_host.server.scenario = play
    capsys.readouterr()
    run = ("run", "win-services", "--target", HOST, "--param", "word=spool (x)", "--ticket", "1")
    assert scripts(url, *run, "--preview") == 0
    assert "script.ps1 -Which 'all' -Word 'spool (x)'" in capsys.readouterr().out
    assert scripts(url, *run) == 0
    shown = capsys.readouterr().out
    assert "localhost\nName     State\nSpooler  Running\n" in shown
    assert "Name     State\nSpooler  Running" in mail_desk.ticket(1).messages[-1].text
    assert dict(winrm_host.server.heard[0].parameters) == {"Which": "all", "Word": "spool (x)"}


def test_what_does_not_have_the_form_reaches_no_host(
    url: str, winrm_host: WinrmHost, capsys: pytest.CaptureFixture[str]
) -> None:
    assert scripts(url, "run", "win-services", "--target", HOST, "--param", "word=$(x)") == 1
    assert "does not have the form" in capsys.readouterr().err
    assert winrm_host.server.sessions == {}
