"""Scripts on the desk itself: what they are told and say, and that nothing of them is left."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.models.errors import KnownError
from app.models.records.runs import Ended, Outcome, RemoteState, UploadedFile
from app.models.records.scripts import Transport
from app.services.remote_help.transports.interface import Job, Reach
from app.services.remote_help.transports.local import LocalCarrier
from app.services.remote_help.transports.local.starting import command, environment
from tests.services.remote_help.transports.carrying import Said, carry, connection, job, manifest, package, run
from tests.services.remote_help.transports.test_ssh import HOSTILE

READS = b"import json, os, signal, subprocess, sys, time\ntold = json.load(sys.stdin)\n"


def wanted(source: bytes, parameters: tuple[str, ...] = (), **more: Any) -> Job:
    told = manifest(
        {"transport": "local"}, [{"name": each, "max_length": 1_000_000} for each in parameters],
        **more.pop("manifest", {}),
    )  # fmt: skip
    return job(package(told, script__py=READS + source), "web.example", connection(Transport.LOCAL), {}, **more)


def ran(source: bytes, parameters: tuple[str, ...] = (), **more: Any) -> tuple[Ended, Said]:
    said = Said()
    stopping = {name: more.pop(name) for name in ("stop_when", "outcome") if name in more}
    return carry(LocalCarrier(), wanted(source, parameters, **more), said, **stopping), said


def living(mark: str) -> list[int]:
    """The processes whose environment holds the mark, zombies aside."""
    found = []
    for each in Path("/proc").iterdir():
        try:
            if each.name.isdigit() and mark.encode() in each.joinpath("environ").read_bytes():
                found.append(int(each.name))
        except OSError:
            continue
    return found


def test_what_it_says_and_how_it_ends_is_told() -> None:
    ended, said = ran(b"print('out'); print('err', file=sys.stderr); sys.exit(3)\n")
    assert (ended.outcome, ended.exit_code, ended.remote) == (Outcome.FAILED, 3, RemoteState.FINISHED)
    assert (said.out.split(), said.error.split()) == ([b"out"], [b"err"])
    assert ran(b"sys.exit(3)\n", manifest={"success_codes": [0, 3]})[0].outcome is Outcome.SUCCEEDED


def test_values_arrive_as_they_were_and_in_no_command_line() -> None:
    names = tuple(f"p{place}" for place in range(len(HOSTILE)))
    source = (
        b"import hashlib\n"
        b"for each in told['values'].values(): print(hashlib.sha256(each.encode()).hexdigest())\n"
        b"print(told['target'], told['dry_run'], len(sys.argv), os.environ.get('FIRSTLINE_SECRET_X', 'none'))\n"
    )
    os.environ["FIRSTLINE_SECRET_X"] = "Sesame"
    try:
        ended, said = ran(source, names, values=dict(zip(names, HOSTILE, strict=True)), dry_run=True)
    finally:
        del os.environ["FIRSTLINE_SECRET_X"]
    assert ended.outcome is Outcome.SUCCEEDED, bytes(said.error)
    digests = [hashlib.sha256(each.encode()).hexdigest() for each in HOSTILE]
    assert said.out.decode().splitlines() == [*digests, "web.example True 1 none"]


def test_the_environment_holds_what_programs_need_and_no_secret() -> None:
    around = {"PATH": "/bin", "FIRSTLINE_SECRET_DATABASE": "sesame", "PGPASSWORD": "sesame", "https_proxy": "u:p@x"}
    assert environment("mark", around) == {"PATH": "/bin", "FIRSTLINE_RUN": "mark"}


def test_a_file_arrives_with_its_name() -> None:
    source = b"import base64\nit = told['values']['it']\nprint(it['name'], base64.b64decode(it['content']))\n"
    values = {"it": UploadedFile("a.bin", b"\x00\xff")}
    assert ran(source, ("it",), values=values)[1].out.decode().strip() == r"a.bin b'\x00\xff'"


def test_output_comes_while_it_runs() -> None:
    seen: list[bytes] = []

    def look(said: Said) -> bool:
        seen.append(bytes(said.out))
        return b"on" in said.out

    ended, _ = ran(b"print('on')\ntime.sleep(300)\n", stop_when=look)
    assert ended.outcome is Outcome.CANCELLED
    assert seen[0].split() == [b"on"]


def test_bytes_that_are_no_text_and_many_of_them_arrive() -> None:
    ended, said = ran(b"for _ in range(500): sys.stdout.buffer.write(b'\\xff' * 100_000)\n")
    assert (ended.outcome, said.out.count(b"\xff")) == (Outcome.SUCCEEDED, 50_000_000)


def test_output_without_an_end_can_be_stopped() -> None:
    ended, _ = ran(b"while True: print('yes' * 1000)\n", stop_when=lambda said: len(said.out) > 5_000_000)
    assert (ended.outcome, ended.remote) == (Outcome.CANCELLED, RemoteState.STOPPED)


def test_a_table_and_a_document_are_told_as_such() -> None:
    table = b"print(json.dumps({'columns': ['a', 'b'], 'rows': [['x', 1], [None, True]]}))\n"
    ended, said = ran(table, manifest={"output": "table"})
    assert ended.outcome is Outcome.SUCCEEDED
    assert (said.tables, said.out) == ([(["a", "b"], [["x", "1"], ["", "true"]])], b"")
    assert ran(b"print('{\"a\": [1]}')\n", manifest={"output": "json"})[1].documents == [{"a": [1]}]


@pytest.mark.parametrize(
    ("source", "kind", "code"),
    [
        (b"print('no json')\n", "json", "remote.no_document"),
        (b"sys.stdout.buffer.write(b'\\xff')\n", "json", "remote.no_document"),
        (b"print('[' * 100000)\n", "json", "remote.no_document"),
        (b"print('[]')\n", "table", "remote.no_table"),
        (b'print(\'{"columns": ["a"], "rows": [[1, 2]]}\')\n', "table", "remote.no_table"),
        (b"print('x' * 11_000_000)\n", "json", "remote.document_too_big"),
    ],
)
def test_what_is_no_table_or_document_is_told_in_words(source: bytes, kind: str, code: str) -> None:
    ended, _ = ran(source, manifest={"output": kind})
    assert (ended.outcome, ended.remote) == (Outcome.FAILED, RemoteState.FINISHED)
    assert ended.problem is not None
    assert ended.problem.code == code


STUBBORN = b"""
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = '''
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if len(sys.argv) > 1:
    if sys.argv[1] == "leaves":
        os.setsid()
    print("on", flush=True)
else:
    subprocess.Popen([sys.executable, "-c", sys.orig_argv[2], "leaves"])
    subprocess.Popen([sys.executable, "-c", sys.orig_argv[2], "stays"])
time.sleep(300)
'''
subprocess.Popen([sys.executable, "-c", child])
print(os.environ["FIRSTLINE_RUN"])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("reason", [Outcome.CANCELLED, Outcome.TIMED_OUT])
def test_a_stop_ends_grandchildren_that_do_not_want_to_and_those_that_left(reason: Outcome) -> None:
    marks: list[str] = []

    def look(said: Said) -> bool:
        words = said.out.decode().split()
        if words.count("on") < 2:
            return False
        marks.append(next(each for each in words if each != "on"))
        assert len(living(marks[0])) == 4
        return True

    ended, _ = ran(STUBBORN + b"time.sleep(300)\n", stop_when=look, outcome=reason)
    assert (ended.outcome, ended.remote) == (reason, RemoteState.STOPPED)
    assert living(marks[0]) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_what_a_script_leaves_behind_ends_with_it() -> None:
    ended, said = ran(STUBBORN)
    assert (ended.outcome, ended.remote) == (Outcome.SUCCEEDED, RemoteState.FINISHED)
    assert living(said.out.decode().split()[0]) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_when_the_desk_goes_away_the_script_does_too(tmp_path: Path) -> None:
    source, root = STUBBORN + b"print('ready'); time.sleep(300)\n", Path(__file__).parents[4]
    desk = (
        "import sys; from tests.services.remote_help.transports import test_local as t\n"
        "t.ran(sys.stdin.buffer.read(), stop_when=lambda s: print(s.out.decode(), flush=True))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", desk], stdin=-1, stdout=-1, cwd=root)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(source)
    process.stdin.close()
    mark = process.stdout.readline().decode().strip()
    while b"ready" not in process.stdout.readline():
        assert process.poll() is None
    assert living(mark)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    _until(lambda: not _in_group(mark))
    for left in living(mark):  # those that left the group know nothing of a desk
        os.kill(left, signal.SIGKILL)


def _in_group(mark: str) -> list[int]:
    return [each for each in living(mark) if os.getsid(each) != each or _leads(each)]


def _leads(process: int) -> bool:
    return b"script_host" in Path(f"/proc/{process}/cmdline").read_bytes()


def _until(done: Callable[[], bool]) -> None:
    limit = time.monotonic() + 60
    while not done():
        assert time.monotonic() < limit
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_script_that_is_killed_says_by_what() -> None:
    ended, _ = ran(b"os.kill(os.getpid(), signal.SIGKILL)\n")
    assert (ended.outcome, ended.remote) == (Outcome.FAILED, RemoteState.FINISHED)
    assert ended.problem is not None
    assert ended.problem.facts == {"signal": "SIGKILL"}


def test_a_program_that_cannot_start_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with pytest.raises(KnownError, match=r"local\.cannot_start"):
        ran(b"pass\n")


def test_a_frozen_program_runs_scripts_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert command(Path("a.py")) == [sys.executable, "--run-script", "a.py"]
    monkeypatch.setattr(sys, "executable", "firstline.exe")
    monkeypatch.setattr(sys, "platform", "win32")
    assert command(Path("a.py"))[0] == "firstline-cli.exe"


def test_the_program_itself_runs_a_script_without_loading_the_desk(tmp_path: Path) -> None:
    file = tmp_path / "script.py"
    file.write_text("import json, sys; print(json.load(sys.stdin), 'app.main' in sys.modules)")
    done = subprocess.run(
        [sys.executable, "-m", "app", "--run-script", str(file)],
        input=b"\n" + json.dumps({"a": "ü"}).encode(), capture_output=True, check=True, cwd=Path(__file__).parents[4],
    )  # fmt: skip
    assert done.stdout.decode().strip() == "{'a': 'ü'} False"


def test_a_preview_says_what_will_run_without_secrets() -> None:
    told = manifest({"transport": "local"}, [{"name": "port"}, {"name": "word", "type": "secret"}])
    asked = job(
        package(told, script__py=b""), "web.example", connection(Transport.LOCAL), {},
        values={"port": "443", "word": "sesame"}, dry_run=True,
    )  # fmt: skip
    assert LocalCarrier().preview(asked) == "python script.py  web.example  port='443' word='•••'  (dry run)"


def test_a_desk_that_can_run_scripts_says_so() -> None:
    reached = Reach("", connection(Transport.LOCAL), {}.get)
    assert [each.code for each in run(LocalCarrier().probe(reached))] == ["local.runs"]
