"""Sessions are opened in the tool that is there, and a value is never more than a word of its command line."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.models.errors import KnownError
from app.models.records.runs import Ended, Outcome, RemoteState
from app.models.records.scripts import Transport
from app.services.remote_help.transports.interface import Job, Reach, Stop
from app.services.remote_help.transports.session import SessionCarrier, carrier, choosing
from app.services.remote_help.transports.session.choosing import Opening
from tests.peers.ports import free_port
from tests.services.remote_help.transports.carrying import Said, carry, connection, job, manifest, package, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the tools of these tests are shell scripts")
HOSTILE = [
    "-oProxyCommand=id", "/admin", "a b", "a;id", "$(id)", "`id`", "a\nb", "a'b", 'a"b', "\u2019x", "a|b", "a&b", "",
    "a%20b", "..\\x", "x" * 1_000_000, "ünicode",
]  # fmt: skip


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder first on the path; what a test starts is ended."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("FIRSTLINE_SECRET_X", "sesame")
    yield tmp_path
    for each in carrier._open:
        if each.poll() is None:
            os.killpg(each.pid, signal.SIGKILL)
        each.wait()


def tool(folder: Path, name: str, then: str = "exec sleep 300") -> Path:
    """A program that writes down its words, one a line, and what it found of the desk's secrets."""
    told = folder / f"{name}.told"
    file = folder / name
    file.write_text(
        f'#!/bin/sh\n{{ printf "%s\\n" "$@"; env | grep -c FIRSTLINE_SECRET; }} > {told}.part; mv {told}.part {told}\n'
        f"{then}\n"
    )
    file.chmod(0o755)
    return told


def wanted(start: Any, target: str = "pc-1.desk.example", **more: Any) -> Job:
    hint = more.pop("hint", {})
    program = {"transport": "session", "tool": "A tool", "start": start, "hint": hint}
    told = manifest(program, [{"name": each} for each in more.get("values", {})])
    return job(package(told), target, connection(Transport.SESSION), {}, **more)


def here(*forms: list[str]) -> dict[str, Any]:
    return {sys.platform: forms}


def ran(what: Job, **more: Any) -> tuple[Ended, Said]:
    said = Said()
    return carry(SessionCarrier(), what, said, **more), said


def _until(done: Callable[[], bool]) -> None:
    limit = time.monotonic() + 60
    while not done():
        assert time.monotonic() < limit
        time.sleep(0.05)


def test_the_first_tool_that_is_there_is_started_and_goes_on(tools: Path) -> None:
    told = tool(tools, "second-tool")
    what = wanted(
        here(["no-such-tool", "{target}"], ["second-tool", "/v:{target}", "--id", "{id}"]), values={"id": "42"}
    )
    ended, said = ran(what)
    assert (ended.outcome, ended.remote, ended.problem) == (Outcome.SUCCEEDED, RemoteState.STILL_RUNNING, None)
    assert said.out.decode() == f"{tools}/second-tool /v:pc-1.desk.example --id 42\n"
    assert told.read_text().splitlines() == ["/v:pc-1.desk.example", "--id", "42", "0"]
    assert carrier._open[-1].poll() is None


def test_a_tool_that_hands_over_is_well_and_one_that_fails_is_told(
    tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier, "_AT_ONCE", 60.0)
    tool(tools, "hands-over", "exit 0")
    tool(tools, "fails", "exit 3")
    assert ran(wanted(here(["hands-over"])))[0] == Ended(Outcome.SUCCEEDED, RemoteState.FINISHED, 0)
    ended, _ = ran(wanted(here(["fails"])))
    assert (ended.outcome, ended.exit_code) == (Outcome.FAILED, 3)
    assert ended.problem is not None
    assert ended.problem.code == "session.ended_at_once"


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_is_an_option_or_more_than_one_word(tools: Path, value: str) -> None:
    told = tool(tools, "a-tool")
    for form in (["a-tool", "{it}"], ["a-tool", "/v:{it}"], ["a-tool", "{target}"]):
        target = value if "{target}" in form else "pc-1"
        with pytest.raises(KnownError, match=r"session\.bad_value"):
            ran(wanted(here(form), target, values={"it": value}))
    assert not told.exists()


def test_a_tool_that_is_not_there_or_not_for_this_system_is_told(tools: Path) -> None:
    with pytest.raises(KnownError, match=r"session\.no_tool"):
        ran(wanted(here(["no-such-tool"])))
    with pytest.raises(KnownError, match=r"session\.other_platform"):
        ran(wanted({"win32": [["a"]]}))


def test_a_file_that_is_no_program_is_told(tools: Path) -> None:
    tools.joinpath("a-tool").write_bytes(b"\x7fnothing that runs")
    tools.joinpath("a-tool").chmod(0o755)
    with pytest.raises(KnownError, match=r"session\.cannot_start"):
        ran(wanted(here(["a-tool"])))


def test_a_tool_without_a_command_line_is_explained() -> None:
    what = wanted({}, hint={"en": "Press Ctrl+Win+Q.", "de": "Drücken Sie Strg+Win+Q."})
    ended, said = ran(what)
    assert (ended.outcome, ended.remote) == (Outcome.SUCCEEDED, RemoteState.NEVER_STARTED)
    assert said.out == b"Press Ctrl+Win+Q.\n"
    assert SessionCarrier().preview(what) == "Press Ctrl+Win+Q."


@pytest.mark.skipif(sys.platform != "linux", reason="as Linux opens addresses")
def test_an_address_is_opened_by_what_the_system_has_for_it(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrier, "_AT_ONCE", 60.0)
    (tools / "xdg-mime").write_text('#!/bin/sh\n[ "$3" = x-scheme-handler/anydesk ] && echo anydesk.desktop\nexit 0\n')
    (tools / "xdg-mime").chmod(0o755)
    told = tool(tools, "xdg-open", "exit 0")
    start = here(["nobody:{id}"], ["anydesk:{id}"])
    ended, said = ran(wanted(start, values={"id": "desk:1@ad"}))
    assert ended.outcome is Outcome.SUCCEEDED
    assert (said.out, told.read_text().split()[0]) == (b"anydesk:desk%3A1@ad\n", "anydesk:desk%3A1@ad")
    with pytest.raises(KnownError, match=r"session\.bad_value"):
        ran(wanted(start, values={"id": "1&x=/etc"}))


def test_a_stop_ends_the_tool_while_it_starts(tools: Path) -> None:
    told = tool(tools, "slow-tool")

    async def running() -> Ended:
        stop = Stop()
        task = asyncio.create_task(SessionCarrier().run(wanted(here(["slow-tool"])), Said(), stop))
        await asyncio.to_thread(_until, told.exists)
        stop.ask(Outcome.CANCELLED)
        return await task

    ended = asyncio.run(running())
    assert (ended.outcome, ended.remote) in [
        (Outcome.CANCELLED, RemoteState.STOPPED),
        (Outcome.SUCCEEDED, RemoteState.STILL_RUNNING),  # it took longer to look than to be open
    ]


def test_a_session_takes_no_secret_and_is_something() -> None:
    for program, parameters in (
        ({"tool": "T", "start": here(["t", "{it}"])}, [{"name": "it", "type": "secret"}]),
        ({"tool": "T"}, []),
        ({"tool": "T", "hint": {"de": "So."}}, []),
    ):
        with pytest.raises(ValidationError):
            manifest({"transport": "session", **program}, parameters)


@contextmanager
def display(*words: str, log: Path) -> Iterator[str]:
    """An X server on the first display that is free; its name."""
    reading, writing = os.pipe()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*words, "-displayfd", str(writing)],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, pass_fds=(writing,),
        )  # fmt: skip
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        assert number, log.read_text()
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def vnc(tools: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, Path]]:
    """The port of a real VNC server, with its log; and a screen of our own for the viewer."""
    needed = {each: shutil.which(each) for each in ("Xtigervnc", "xtigervncviewer", "Xvfb")}
    missing = [name for name, found in needed.items() if found is None]
    if missing:
        if os.environ.get("CI"):
            pytest.fail(f"install tigervnc-standalone-server, tigervnc-viewer and xvfb: {missing}")
        pytest.skip(f"needs {', '.join(missing)}")
    port, log = free_port(), tools / "vnc.log"
    server = ("Xtigervnc", "-rfbport", str(port), "-localhost", "-SecurityTypes", "None", "-Log", "*:stderr:100")
    with display(*server, log=log), display("Xvfb", log=tools / "xvfb.log") as ours:
        monkeypatch.setenv("DISPLAY", ours)
        _until(lambda: _listens(port))
        yield port, log


def _listens(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.needs_debian
def test_a_real_viewer_opens_a_session_that_the_server_sees(vnc: tuple[int, Path]) -> None:
    port, log = vnc
    what = wanted(here(["xtigervncviewer", "{target}::{port}"]), "127.0.0.1", values={"port": str(port)})
    ended, _ = ran(what)
    assert (ended.outcome, ended.remote) == (Outcome.SUCCEEDED, RemoteState.STILL_RUNNING)
    _until(lambda: "Server default pixel format" in log.read_text())
    os.killpg(carrier._open[-1].pid, signal.SIGTERM)
    _until(lambda: "Clean disconnection" in log.read_text())


def test_a_connection_for_sessions_has_nothing_to_try() -> None:
    reached = Reach("pc-1", connection(Transport.SESSION), {}.get)
    assert [each.code for each in run(SessionCarrier().probe(reached))] == ["session.by_tool"]


def test_an_address_that_nothing_opens_any_more_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_address: str) -> None:
        raise OSError(1155, "No application is associated")

    monkeypatch.setattr(carrier, "opening", lambda *_: Opening(("anydesk:1",), is_address=True))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "startfile", nothing, raising=False)
    with pytest.raises(KnownError, match=r"session\.cannot_start"):
        carry(SessionCarrier(), wanted({}, hint={"en": "By hand."}), Said())


def test_a_desktop_that_does_not_say_what_opens_an_address_has_nothing_for_it(
    tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool(tools, "xdg-mime")
    tool(tools, "xdg-open")
    monkeypatch.setattr(choosing, "_PATIENCE", 0.2)
    with pytest.raises(KnownError, match=r"session\.no_tool"):
        SessionCarrier().preview(wanted({sys.platform: [["anydesk:{target}"]]}))
