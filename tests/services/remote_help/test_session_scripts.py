"""The sessions that ship: started in their documented forms, with consent, and with no way in for an option."""

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.runs import Connection, Outcome, RemoteState
from app.models.records.scripts import SessionProgram, Transport
from app.models.rules.script_values import checked
from app.services.remote_help import connections, recording, registry
from app.services.remote_help.library import built_in
from app.services.remote_help.preparing import Wanted, prepare
from app.services.remote_help.running import Running
from app.services.remote_help.transports.session import carrier, choosing
from app.services.secrets import Secrets
from app.services.tickets import reading
from tests.fixtures.databases import SYSTEM
from tests.fixtures.people import SharedDesk

SCRIPTS = {key: each for key, each in built_in().items() if each.manifest.transport is Transport.SESSION}
HOST = "pc-1.desk.example"
WINDOWS = [
    ("session-rdp", {}, ["mstsc.exe", f"/v:{HOST}"]),
    ("session-rdp-shadow", {"session": "3"}, ["mstsc.exe", f"/v:{HOST}", "/shadow:3", "/control"]),
    ("session-msra", {}, ["msra.exe", "/offerRA", HOST]),
    ("session-rustdesk", {"id": "123456789"}, ["rustdesk.exe", "--connect", "123456789"]),
    ("session-teamviewer", {"id": "123456789"}, ["TeamViewer.exe", "-i", "123456789"]),
    ("session-vnc", {}, ["vncviewer.exe", f"{HOST}::5900"]),
    ("session-ssh", {"user": "ann"}, ["wt.exe", "ssh.exe", "-l", "ann", "-p", "22", HOST]),
]
LINUX = [
    ("session-rdp", {}, ["xfreerdp3", f"/v:{HOST}"]),
    ("session-rustdesk", {"id": "123456789"}, ["rustdesk", "--connect", "123456789"]),
    ("session-teamviewer", {"id": "123456789"}, ["teamviewer", "-i", "123456789"]),
    ("session-vnc", {"port": "5901"}, ["xtigervncviewer", f"{HOST}::5901"]),
    ("session-ssh", {"user": "ann"}, ["x-terminal-emulator", "-e", "ssh", "-l", "ann", "-p", "22", HOST]),
]


def opened(key: str, given: dict[str, Any], target: str = HOST) -> choosing.Opening | None:
    manifest = SCRIPTS[key].manifest
    assert isinstance(manifest.program, SessionProgram)
    return choosing.opening(manifest.program, target, checked(manifest, given))


@pytest.mark.parametrize(
    ("platform", "key", "given", "words"),
    [("win32", *each) for each in WINDOWS] + [("linux", *each) for each in LINUX],
)
def test_each_tool_is_started_in_its_documented_form(
    monkeypatch: pytest.MonkeyPatch, platform: str, key: str, given: dict[str, str], words: list[str]
) -> None:
    monkeypatch.setattr(choosing.sys, "platform", platform)
    monkeypatch.setattr(choosing.shutil, "which", lambda name: name)
    found = opened(key, given)
    assert found is not None
    assert list(found.words) == words


def test_an_address_and_a_hint_stand_where_there_is_no_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "_has_handler", lambda scheme: scheme == "anydesk")
    found = opened("session-anydesk", {"id": "pc1@ad"})
    assert found == choosing.Opening(("anydesk:pc1@ad",), is_address=True)
    assert opened("session-quick-assist", {}) is None


@pytest.mark.parametrize("value", ["-x", "/admin", "1 -x", "1;calc", "a&b", "..", "--password"])
def test_no_session_takes_an_option_for_a_value(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setattr(choosing.shutil, "which", lambda name: name)
    monkeypatch.setattr(choosing, "_has_handler", lambda _: True)
    for key, package in SCRIPTS.items():
        for platform in ("win32", "linux"):
            monkeypatch.setattr(choosing.sys, "platform", platform)
            for parameter in package.manifest.parameters:
                with pytest.raises(KnownError):
                    opened(key, {"user": "ann", "id": "123456789", parameter.name: value})
            program = package.manifest.program
            assert isinstance(program, SessionProgram)
            forms = program.start.get(platform, ()) if package.manifest.takes_target else ()
            if forms:
                with pytest.raises(KnownError):
                    opened(key, {"user": "ann", "id": "123456789"}, value)


def test_who_is_looked_at_is_asked_first() -> None:
    asked = {key for key, each in SCRIPTS.items() if each.manifest.consent}
    assert asked == SCRIPTS.keys() - {"session-rdp", "session-ssh"}


@pytest.mark.skipif(sys.platform != "linux", reason="the tool of this test is a shell script")
def test_consent_and_what_was_started_stand_on_the_ticket(
    shared_desk: SharedDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "rustdesk"
    tool.write_text("#!/bin/sh\nexit 0\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr(carrier, "_AT_ONCE", 60.0)
    assert shutil.which("rustdesk") == str(tool)
    made = Connection(new_id(), "sessions", Transport.SESSION, "", "", ("*.desk.example",), {})
    connections.save(*shared_desk.as_("tom"), made)
    registry.approve(*shared_desk.as_("tom"), registry.add(shared_desk.owner, SYSTEM, SCRIPTS["session-rustdesk"]))
    database, ann = shared_desk.as_("ann")
    wanted: dict[str, Any] = {"given": {"id": "123456789"}, "ticket_id": shared_desk.tickets["mine"]}
    with pytest.raises(KnownError, match=r"script\.no_consent"):
        prepare(database, ann, Secrets({}), Wanted("session-rustdesk", **wanted))
    prepared = prepare(database, ann, Secrets({}), Wanted("session-rustdesk", consent="Asked by phone.", **wanted))
    found = Running(database, ann, prepared, recording.ask(database, ann, prepared)).run()
    [result] = found.results
    assert (found.outcome, result.remote) == (Outcome.SUCCEEDED, RemoteState.FINISHED)
    note = reading.show(shared_desk.owner, shared_desk.tickets["mine"]).messages[-1].text
    assert "Asked by phone." in note
    assert f"{tool} --connect 123456789" in note
