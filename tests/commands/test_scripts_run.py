"""`firstline scripts add|approve|connect|list|run|agree`: remote help from a terminal, on a real host."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.commands import scripts_run
from app.main import main
from app.models.records.desk import Role
from app.services import staff
from app.services.remote_help import connections, host_keys, registry
from app.services.remote_help.library import built_in, read
from app.services.remote_help.preparing import Prepared, prepare
from app.services.tickets import reading
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml
from tests.fixtures.sshd import SshHost
from tests.peers.https_server import Reply, https_server

HOST = "127.0.0.1"


@pytest.fixture
def url(
    mail_desk: MailDesk, engine_url: str, ssh_host: SshHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A desk with a ticket and two administrators, whose host is reached."""
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")
    monkeypatch.setenv("FIRSTLINE_SECRET_REMOTE_LAB_KEY", ssh_host.key)
    staff.add_agent(mail_desk.database, SYSTEM, "Ada", "ada@desk.example", Role.ADMINISTRATOR)
    mail_desk.receive(eml(mail_id="a@acme.example"))
    port = f"port={ssh_host.port}"
    made = [
        "scripts",
        "connect",
        "lab",
        "--transport",
        "ssh",
        "--user",
        ssh_host.user,
        "--allow",
        HOST,
        "--option",
        port,
    ]
    assert main(["--database", engine_url, *made]) == 0
    return engine_url


def scripts(url: str, *arguments: str) -> int:
    return main(["--database", url, "scripts", *arguments])


def test_what_ships_is_added_approved_and_run_with_its_evidence_on_the_ticket(
    mail_desk: MailDesk, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert scripts(url, "add", "--built-in") == 0
    assert scripts(url, "run", "linux-health", "--target", HOST) != 0
    assert "approved" in capsys.readouterr().err
    assert scripts(url, "approve", "linux-health") == 0
    capsys.readouterr()
    assert scripts(url, "run", "linux-health", "--target", HOST, "--preview") == 0
    assert f"@{HOST}" in capsys.readouterr().out
    assert scripts(url, "run", "linux-health", "--target", HOST, "--ticket", "1") == 1
    assert "nobody has confirmed" in capsys.readouterr().out
    assert scripts(url, "run", "linux-health", "--target", HOST, "--ticket", "1", "--pin") == 0
    out = capsys.readouterr().out
    assert f"{HOST}: == Memory" in out
    assert "succeeded" in out
    assert "Health of a Linux host" in mail_desk.ticket(1).messages[-1].text


def test_host_keys_are_listed_and_forgotten(
    mail_desk: MailDesk, url: str, ssh_host: SshHost, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert scripts(url, "host-keys") == 0
    assert "No host's key" in capsys.readouterr().out
    for host, port in ((HOST, ssh_host.port), (HOST, 2200), ("::1", 22)):
        host_keys.pin(mail_desk.database, SYSTEM, host, port, ssh_host.host_key)
    assert scripts(url, "host-keys", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(each["host"], each["port"]) for each in told] == [(HOST, 2200), (HOST, ssh_host.port), ("::1", 22)]
    assert scripts(url, "host-keys", "--forget", f"{HOST}:2200") == 0
    assert f"{HOST}:2200 is a stranger again" in capsys.readouterr().out
    assert scripts(url, "host-keys", "--forget", "[::1]:22") == 0
    capsys.readouterr()
    assert scripts(url, "host-keys") == 0
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{HOST}:{ssh_host.port}  ")
    assert "SHA256:" in line
    assert scripts(url, "host-keys", "--forget", HOST) == 0
    assert host_keys.pinned(mail_desk.database, HOST, ssh_host.port) == ()
    assert scripts(url, "host-keys", "--forget", HOST) == 1
    assert f"No key is known of {HOST}" in capsys.readouterr().err


@pytest.mark.parametrize("said", ["ask-password", "for-tests"])
def test_what_was_said_of_a_connection_stays_until_it_is_told_otherwise(
    mail_desk: MailDesk, url: str, said: str
) -> None:
    def is_so(*more: str) -> bool:
        made = ("connect", "typed", "--transport", "ssh", "--user", "help", "--allow", "*.desk.example")
        assert scripts(url, *made, *more) == 0
        [found] = [each for each in connections.listed(mail_desk.database) if each.name == "typed"]
        return found.asks_password if said == "ask-password" else found.for_tests

    assert is_so() is False
    assert is_so(f"--{said}") is True
    assert is_so() is True
    assert is_so(f"--no-{said}") is False


def test_a_password_that_is_asked_for_is_typed_once_and_told_nowhere(
    url: str, ssh_host: SshHost, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts, handed = [], []

    def typed(prompt: str) -> str:
        prompts.append(prompt)
        return "Sesame-4711"

    def prepared(*told: Any) -> Prepared:
        handed.append(told[-1].passwords)
        return prepare(*told)

    monkeypatch.setattr(scripts_run, "getpass", typed)
    monkeypatch.setattr(scripts_run, "prepare", prepared)
    reached = ("--transport", "ssh", "--user", ssh_host.user, "--option", f"port={ssh_host.port}", "--ask-password")
    assert scripts(url, "connect", "lab", *reached, "--allow", HOST, "--allow", "localhost") == 0
    scripts(url, "add", "--built-in")
    scripts(url, "approve", "linux-disk")
    run = ("run", "linux-disk", "--target", HOST, "--target", "localhost")
    assert scripts(url, *run, "--preview") == 0
    assert prompts == []
    capsys.readouterr()
    assert scripts(url, *run, "--pin") == 0
    assert prompts == [f"Password of {ssh_host.user} for the connection lab: "]
    assert handed[-1] == {"lab": "Sesame-4711"}
    said = capsys.readouterr()
    assert "Sesame" not in said.out + said.err


def test_values_go_in_and_json_comes_out(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    scripts(url, "add", "--built-in")
    scripts(url, "approve", "linux-disk")
    given = ("--param", "path=/usr", "--param", "count=3")
    scripts(url, "run", "linux-disk", "--target", HOST, *given, "--pin")
    capsys.readouterr()
    assert scripts(url, "run", "linux-disk", "--target", HOST, *given, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["parameters"] == {"path": "/usr", "count": 3}
    assert told["results"][0]["outcome"] == "succeeded"
    assert "/usr" in told["results"][0]["head"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "nothing"), "no script"),
        (("run", "linux-disk", "--target", HOST, "--param", "count=many"), "whole number"),
        (("run", "linux-disk", "--target", HOST, "--param", "count"), "KEY=VALUE"),
        (("run", "linux-disk", "--target", "db.example"), "not among the targets"),
        (("run", "linux-disk"), "at least one host"),
        (("run", "linux-health", "--target", HOST, "--test"), "Only its author"),
        (("run", "linux-disk", "--target", HOST, "--test"), "approved by now"),
        (("export", "linux-disk", "no-such-folder"), "no-such-folder"),
        (("connect", "x", "--transport", "ssh", "--user", "u", "--allow", "*", "--for-tests"), "must not reach"),
        (("add", "no-such-folder"), "no-such-folder"),
        (("connect", "x", "--transport", "ssh", "--user", "u", "--allow", "*", "--option", "port=none"), "port"),
        (("connect", "x", "--transport", "ssh", "--user", "u"), "--allow"),
        (("connect", "x", "--transport", "ssh", "--allow", "*"), "--user"),
        (("connect", "x", "--transport", "sql", "--address", "sqlite:////x.db", "--ask-password"), "no password"),
    ],
)
def test_what_is_wrong_is_told_in_words(
    url: str, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    scripts(url, "add", "--built-in")
    scripts(url, "approve", "linux-disk")
    capsys.readouterr()
    assert scripts(url, *arguments) != 0
    said = capsys.readouterr()
    assert words in said.err + said.out
    assert "Traceback" not in said.err + said.out


def test_what_is_retired_is_listed_no_more(mail_desk: MailDesk, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    scripts(url, "add", "--built-in")
    scripts(url, "approve", "linux-journal")
    capsys.readouterr()
    assert scripts(url, "list", "--json") == 0
    told = {each["id"]: each["approved"] for each in json.loads(capsys.readouterr().out)}
    assert told["linux-journal"] is True
    assert told["linux-disk"] is False
    assert scripts(url, "retire", "linux-journal") == 0
    assert "linux-journal" not in [each.manifest.id for each in registry.listed(mail_desk.database)]
    assert reading.id_of(mail_desk.database, 1)


def test_a_service_is_connected_by_its_address_and_asked(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRSTLINE_SECRET_REMOTE_ACTUATOR_PASSWORD", "Sesame-4711")
    with https_server(lambda _: Reply(200, b'{"status": "UP", "components": {"db": {"status": "UP"}}}')) as server:
        (tmp_path / "ca.pem").write_text(server.ca)
        options = ("--option", "auth=basic", "--option", f"ca=@{tmp_path / 'ca.pem'}")
        made = ("actuator", "--transport", "http", "--address", server.address, "--user", "desk", *options)
        assert scripts(url, "connect", *made) == 0
        scripts(url, "add", "--built-in")
        scripts(url, "approve", "spring-health")
        capsys.readouterr()
        assert scripts(url, "run", "spring-health", "--preview") == 0
        assert f"GET {server.address}/health" in capsys.readouterr().out
        assert scripts(url, "run", "spring-health") == 0
        said = capsys.readouterr().out
        assert "HTTP 200 OK" in said
        assert "db" in said
        assert "Authorization" in server.asked[0].headers


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--transport", "http", "--address", "http://orders.example"), "https://host:port/path"),
        (("--transport", "http", "--address", "https://u:sesame@orders.example"), "Leave the password out"),
        (("--transport", "http", "--address", "https://orders.example", "--option", "auth=magic"), "auth"),
        (("--transport", "http", "--address", "https://orders.example", "--option", "ca=none"), "certificate"),
        (("--transport", "sql", "--address", "mysql://db/orders"), "postgresql://"),
        (
            (
                "--transport",
                "local",
            ),
            "--allow",
        ),
        (("--transport", "session", "--allow", "*", "--option", "a=b"), "“a”"),
    ],
)
def test_a_connection_that_cannot_be_is_told_in_words(
    url: str, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert scripts(url, "connect", "x", *arguments) == 1
    said = capsys.readouterr().err
    assert words in said
    assert "sesame" not in said


def test_a_script_is_exported_as_its_folder(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scripts(url, "add", "--built-in")
    assert scripts(url, "export", "linux-disk", str(tmp_path)) == 0
    assert read(tmp_path / "linux-disk").sha256 == built_in()["linux-disk"].sha256
