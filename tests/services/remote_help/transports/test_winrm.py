"""Scripts on a host that speaks WinRM's own protocol: values, streams, ends, and a stop that is one."""

import base64
import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest
from psrpcore.types import HostMethodIdentifier

from app.models.records.runs import Ended, Outcome, RemoteState, UploadedFile
from app.models.records.scripts import Transport
from app.services.remote_help.transports.interface import Job
from app.services.remote_help.transports.winrm import WinrmCarrier
from tests.fixtures.winrm import HOST, WinrmHost
from tests.peers.winrm import Play
from tests.peers.winrm.playing import Thrown
from tests.peers.winrm.wsman import Fault
from tests.services.remote_help.transports.carrying import Said, carry, connection, job, manifest, package

HOSTILE = [
    "plain",
    "",
    "it's",
    'say "yes"',
    "a\nb\r\n",
    "$(Remove-Item C:\\ -Recurse)",
    "'; Stop-Computer; '",
    "`n `$x `0",
    "; | & > %TEMP% {0} @{a=1}",
    "\u2018quoted\u2019 \u201cso\u201d \u201a\u201b",
    "-WhatIf",
    "_x0041_ _X0041_",
    "<S>xml &amp; more]]></S>",
    "tab\tand \x1b[31m red",
    "ünïcode ☃ 𝒳",
    "x" * 1_000_000,
]
SCRIPT = b"[CmdletBinding()]\nparam()\n'hello'\n"
Make = Callable[..., Job]


@pytest.fixture
def make(winrm_host: WinrmHost) -> Make:
    """A job on the host; `play` is what the host does instead of the script."""

    def made(play: Callable[[Play], None] | None = None, **more: Any) -> Job:
        if play is not None:
            winrm_host.server.scenario = play
        told = manifest({"transport": "winrm"}, more.pop("parameters", ()), **more.pop("manifest", {}))
        reached = connection(Transport.WINRM, user=winrm_host.user, **winrm_host.options | more.pop("options", {}))
        secrets = more.pop("secrets", {"password": winrm_host.password})
        source = more.pop("source", SCRIPT)
        return job(package(told, script__ps1=source), more.pop("target", HOST), reached, secrets, **more)

    return made


def ran(wanted: Job, **more: Any) -> tuple[Ended, Said]:
    said = Said()
    return carry(WinrmCarrier(), wanted, said, **more), said


def test_what_it_says_and_how_it_ends_is_told(make: Make, winrm_host: WinrmHost) -> None:
    def play(on: Play) -> None:
        on.output("out")
        on.error("oops")
        on.warning("careful")
        on.verbose("by the way")
        on.information("for your information", [])
        on.information("said twice", ["PSHOST"])
        on.host(HostMethodIdentifier.WriteLine2, "said twice")

    ended, said = ran(make(play))
    assert (ended.outcome, ended.exit_code, ended.remote) == (Outcome.SUCCEEDED, 0, RemoteState.FINISHED)
    assert bytes(said.out).decode().splitlines() == ["out", "VERBOSE: by the way", "for your information", "said twice"]
    assert bytes(said.error).decode().splitlines() == ["oops", "WARNING: careful"]
    [heard] = winrm_host.server.heard
    assert (heard.script, heard.user, heard.configuration) == (SCRIPT.decode(), "helpdesk", "Microsoft.PowerShell")


def test_what_it_exits_with_is_its_exit_code(make: Make) -> None:
    def play(on: Play) -> None:
        on.exit(3010)

    ended, _ = ran(make(play))
    assert (ended.outcome, ended.exit_code, ended.remote) == (Outcome.FAILED, 3010, RemoteState.FINISHED)
    ended, _ = ran(make(play, manifest={"success_codes": [0, 3010]}))
    assert ended.outcome is Outcome.SUCCEEDED


def test_what_it_throws_is_told_with_its_place(make: Make) -> None:
    def play(on: Play) -> None:
        on.output("before")
        raise Thrown("There is no service named Spooler.")

    ended, said = ran(make(play))
    assert (ended.outcome, ended.remote) == (Outcome.FAILED, RemoteState.FINISHED)
    assert ended.problem is not None
    assert (ended.problem.code, ended.problem.facts["reason"]) == ("winrm.threw", "There is no service named Spooler.")
    assert bytes(said.out) == b"before\n"
    assert "There is no service named Spooler.\nat <ScriptBlock>, <No file>: line 7" in bytes(said.error).decode()


def test_values_arrive_as_they_are_and_are_no_text_of_the_script(make: Make, winrm_host: WinrmHost) -> None:
    names = [f"p{place}" for place in range(len(HOSTILE))]
    values = dict(zip(names, HOSTILE, strict=True))
    ended, _ = ran(make(parameters=[{"name": each} for each in names], values=values))
    assert ended.outcome is Outcome.SUCCEEDED
    [heard] = winrm_host.server.heard
    assert heard.script == SCRIPT.decode()
    assert dict(heard.parameters) == {name.upper(): value for name, value in values.items()}


def test_values_keep_their_types_and_what_was_left_out_is_not_bound(make: Make, winrm_host: WinrmHost) -> None:
    asked = [
        {"name": "how_many", "type": "int"},
        {"name": "huge", "type": "int"},
        {"name": "really", "type": "flag"},
        {"name": "left_out"},
        {"name": "upload", "type": "file"},
    ]
    values = {"how_many": 3, "huge": 2**40, "really": True, "left_out": None}
    values["upload"] = UploadedFile("a.txt", b"\0\xff")
    ran(make(parameters=asked, values=values, dry_run=True))
    [heard] = winrm_host.server.heard
    found = dict(heard.parameters)
    assert found.pop("Upload") == {"Name": "a.txt", "Content": b"\0\xff"}
    assert found == {"HowMany": 3, "Huge": 2**40, "Really": True, "WhatIf": True}


def test_a_secret_goes_encrypted_and_stands_nowhere(make: Make, winrm_host: WinrmHost) -> None:
    word = "Sesame-4711 \u2019$(x)"
    asked = [{"name": "pass_word", "type": "secret"}, {"name": "other"}]
    wanted = make(parameters=asked, values={"pass_word": word, "other": "in clear"})
    ended, said = ran(wanted)
    assert ended.outcome is Outcome.SUCCEEDED
    [heard] = winrm_host.server.heard
    assert (heard.parameters["PassWord"], heard.secret) == (word, {"PassWord"})
    seen = winrm_host.server.seen
    assert b"in clear" in seen
    for form in (b"Sesame", "Sesame".encode("utf-16-le"), base64.b64encode(b"Sesame")[:7]):
        assert form not in seen
        assert form not in said.out + said.error
    assert "Sesame" not in WinrmCarrier().preview(wanted)
    assert "Sesame" not in repr(wanted)


def test_no_value_is_written_to_a_log(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        ran(make(parameters=[{"name": "word"}], values={"word": "Sesame"}))
    ours = [each for each in caplog.records if not each.name.startswith("psrpcore")]  # that is the peer's own
    assert [each.name for each in ours if "Sesame" in each.getMessage()] == []
    assert [each.name for each in ours if each.name.startswith("pypsrp")] == []


def test_output_comes_while_the_script_runs(make: Make) -> None:
    go_on = threading.Event()

    def play(on: Play) -> None:
        on.output("first")
        assert go_on.wait(60)
        on.output("second")

    wanted, said, before = make(play), Said(), []

    def heard() -> None:
        before.append(bytes(said.out))
        go_on.set()

    said.heard = heard
    ended = _carried(wanted, said)
    assert ended.outcome is Outcome.SUCCEEDED
    assert before[0] == b"first\n"
    assert bytes(said.out) == b"first\nsecond\n"


def test_a_script_that_says_nothing_for_long_goes_on(make: Make) -> None:
    def play(on: Play) -> None:
        on.wait(2.5)  # longer than the peer waits for output before it says that there is none
        on.output("done")

    ended, said = ran(make(play))
    assert (ended.outcome, bytes(said.out)) == (Outcome.SUCCEEDED, b"done\n")


def test_much_output_arrives_whole_and_in_order(make: Make) -> None:
    def play(on: Play) -> None:
        for number in range(2_000):
            on.output(f"{number} " + "y" * 500)
        on.output("z" * 300_000)

    ended, said = ran(make(play))
    lines = bytes(said.out).decode().splitlines()
    assert ended.outcome is Outcome.SUCCEEDED
    assert [each.split()[0] for each in lines[:-1]] == [str(each) for each in range(2_000)]
    assert lines[-1] == "z" * 300_000


def test_objects_are_rows_of_one_table(make: Make) -> None:
    go_on = threading.Event()

    def play(on: Play) -> None:
        on.row(Name="Spooler", Status="Running", Since=None)
        assert go_on.wait(60)
        on.row(Status="Stopped", Name="W32Time", More=1)
        on.output("two services")

    said = Said()
    wanted = make(play, manifest={"output": "table"})
    threading.Timer(0.5, go_on.set).start()
    ended = _carried(wanted, said)
    assert ended.outcome is Outcome.SUCCEEDED
    assert {tuple(columns) for columns, _ in said.tables} == {("Name", "Status", "Since")}
    rows = [row for _, rows in said.tables for row in rows]
    assert rows == [["Spooler", "Running", ""], ["W32Time", "Stopped", ""]]
    assert bytes(said.out) == b"two services\n"


def test_a_document_is_json_or_the_objects_themselves(make: Make) -> None:
    def text(on: Play) -> None:
        on.output('{"free": 12,')
        on.output(' "disks": ["C:"]}')

    def objects(on: Play) -> None:
        on.row(Name="C:", Free=12, Labels=["a", "b"])

    assert ran(make(text, manifest={"output": "json"}))[1].documents == [{"free": 12, "disks": ["C:"]}]
    assert ran(make(objects, manifest={"output": "json"}))[1].documents == [
        {"Name": "C:", "Free": 12, "Labels": ["a", "b"]}
    ]


def test_a_file_comes_in_pieces_and_is_bounded(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def play(on: Play) -> None:
        for piece in (b"PK\x03\x04", bytes(range(256)), b"end"):
            on.row(FileName="bundle.zip", Content=piece)
        on.output("packed")

    ended, said = ran(make(play, manifest={"output": "file"}))
    assert ended.outcome is Outcome.SUCCEEDED
    assert said.files == {"bundle.zip": b"PK\x03\x04" + bytes(range(256)) + b"end"}
    assert bytes(said.out) == b"packed\nbundle.zip (263 bytes)\n"
    monkeypatch.setattr("app.services.remote_help.transports.winrm.telling.MOST_BYTES", 100)
    _, said = ran(make(play, manifest={"output": "file"}))
    assert len(said.files["bundle.zip"]) == 100
    assert b"more than 100 bytes" in said.error


def test_progress_is_told_as_a_share(make: Make) -> None:
    def play(on: Play) -> None:
        on.progress("Clearing", "Teams", 25)
        on.progress("Clearing", "Outlook", -1)

    assert ran(make(play))[1].shares == [0.25, None]


@pytest.mark.parametrize("reason", [Outcome.CANCELLED, Outcome.TIMED_OUT])
def test_a_stop_ends_the_script_on_the_host(make: Make, winrm_host: WinrmHost, reason: Outcome) -> None:
    def play(on: Play) -> None:
        on.output("on")
        on.wait(300)

    ended, _ = ran(make(play), stop_when=lambda said: b"on" in said.out, outcome=reason)
    assert (ended.outcome, ended.remote) == (reason, RemoteState.STOPPED)
    assert winrm_host.server.running == []


def test_a_stop_also_ends_a_script_that_talks_without_an_end(make: Make, winrm_host: WinrmHost) -> None:
    def play(on: Play) -> None:
        while True:
            on.output("yes " * 100)
            on.wait(0)

    ended, _ = ran(make(play), stop_when=lambda said: len(said.out) > 100_000)
    assert ended.remote is RemoteState.STOPPED
    assert winrm_host.server.running == []


def test_what_does_not_obey_is_ended_with_its_session(make: Make, winrm_host: WinrmHost) -> None:
    winrm_host.server.deaf_to_stop = True

    def play(on: Play) -> None:
        on.output("on")
        while True:
            on.wait(0.05)

    ended, _ = ran(make(play), stop_when=lambda said: b"on" in said.out)
    assert (ended.outcome, ended.remote) == (Outcome.CANCELLED, RemoteState.STOPPED)
    assert all(each.closed.is_set() for each in winrm_host.server.sessions.values())


def test_what_neither_obeys_nor_lets_its_session_be_ended_still_runs(make: Make, winrm_host: WinrmHost) -> None:
    winrm_host.server.deaf_to_stop = True
    winrm_host.server.refuse["Delete"] = Fault(1, "Not now.")

    def play(on: Play) -> None:
        on.output("on")
        while True:
            on.wait(0.05)

    ended, _ = ran(make(play), stop_when=lambda said: b"on" in said.out)
    assert (ended.outcome, ended.remote) == (Outcome.CANCELLED, RemoteState.STILL_RUNNING)


def test_a_script_that_is_over_when_it_is_stopped_says_so(make: Make, winrm_host: WinrmHost) -> None:
    winrm_host.server.deaf_to_stop = True

    def play(on: Play) -> None:
        on.output("on")
        on.wait(0.2)

    ended, _ = ran(make(play), stop_when=lambda said: b"on" in said.out)
    assert (ended.outcome, ended.remote, ended.exit_code) == (Outcome.CANCELLED, RemoteState.FINISHED, 0)


def test_a_script_that_asks_for_input_is_ended(make: Make, winrm_host: WinrmHost) -> None:
    def play(on: Play) -> None:
        on.host(HostMethodIdentifier.ReadLine)
        on.wait(300)

    ended, _ = ran(make(play))
    assert (ended.outcome, ended.remote) == (Outcome.FAILED, RemoteState.STOPPED)
    assert ended.problem is not None
    assert ended.problem.code == "winrm.asks"


def test_a_session_is_closed_when_the_script_is_over(make: Make, winrm_host: WinrmHost) -> None:
    ran(make())
    assert [each.closed.is_set() for each in winrm_host.server.sessions.values()] == [True]


def test_a_connection_that_is_cut_says_that_nobody_knows(make: Make, winrm_host: WinrmHost) -> None:
    def play(on: Play) -> None:
        on.output("on")
        on.wait(300)

    cut: list[bool] = []

    def look(said: Said) -> bool:
        if b"on" in said.out and not cut:
            cut.append(True)
            winrm_host.server.cut()
        return False

    ended, _ = ran(make(play), stop_when=look)
    assert (ended.outcome, ended.remote) == (Outcome.LOST, RemoteState.UNKNOWN)
    assert ended.problem is not None
    assert ended.problem.code == "winrm.cut"


def test_a_preview_says_what_will_run_where_as_whom_without_secrets(make: Make, winrm_host: WinrmHost) -> None:
    asked = [{"name": "service_name"}, {"name": "word", "type": "secret"}, {"name": "force", "type": "flag"}]
    values = {"service_name": "it's", "word": "Sesame", "force": True}
    told = WinrmCarrier().preview(make(parameters=asked, values=values, dry_run=True))
    port = winrm_host.server.port
    assert told == (
        f"winrm https://localhost:{port}  helpdesk (basic)  script.ps1 -ServiceName 'it''s' -Word •••• -Force -WhatIf"
    )


def _carried(wanted: Job, said: Said) -> Ended:
    import asyncio

    from app.services.remote_help.transports.interface import Stop

    async def running() -> Ended:
        return await WinrmCarrier().run(wanted, said, Stop())

    return asyncio.run(running())
