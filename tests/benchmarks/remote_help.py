"""Remote help: from the click to the first line beside the bare program, and a million lines beside an idle window."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tomlkit
from PySide6.QtCore import QTimer

from app import bootstrap
from app.models.identifiers import new_id
from app.models.records.runs import Connection
from app.models.records.scripts import Package, Transport
from app.services import staff
from app.services.desk import Desk
from app.services.remote_help import connections, host_keys, registry
from app.services.remote_help.library import package_of
from app.services.remote_help.preparing import Wanted
from app.services.sample import SampleMailbox, fill_with_sample
from app.services.secrets import Secrets
from app.services.settings import Profile
from app.views.main_window import MainWindow
from app.views.remote_help.control import RunControl
from app.views.remote_help.dialog import Opening, RunDialog
from app.views.remote_help.feed import Feed
from app.views.remote_help.part import RemoteHelpPart
from tests.benchmarks.window import shown_window, wait
from tests.fixtures.sshd import SshHost, serving, sshd_program

_ROUNDS = 7
_LINES = 1_000_000
_HOST = "127.0.0.1"
_HELLO = b"print('hello', flush=True)\n"
_MANY = f"print('\\n'.join(f'line {{n}} of what a script says' for n in range({_LINES})), flush=True)\n".encode()


def run(scratch: Path) -> None:
    """Print the table. Without an SSH server its half is left out."""
    scratch.mkdir()
    desk = _desk(scratch)
    window, runner = shown_window(desk)
    print(f"\nRemote help ({os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}), medians of {_ROUNDS}")
    print(f"{'':58}{'ms':>8}{'floor ms':>10}{'ratio':>7}")
    try:
        _first_line(window, desk, scratch, "local", Transport.LOCAL, _bare_python)
        program = sshd_program()
        if program is not None:
            with serving(program, scratch) as host:
                _reach(desk, host)
                _first_line(window, desk, scratch, "ssh", Transport.SSH, lambda _folder: _bare_ssh(scratch, host))
        else:
            print("no SSH server here: its half is left out")
        _million(window, desk)
    finally:
        window.close()
        runner.close()
        desk.close()


def _first_line(
    window: MainWindow, desk: Desk, scratch: Path, name: str, transport: Transport, bare: Callable[[Path], float]
) -> None:
    _approve(desk, _script(f"bench-{name}", transport, _HELLO))
    control = RunControl(desk, window.shell.runner, window)
    ours, floor = [], []
    for _ in range(_ROUNDS):
        floor.append(bare(scratch))
        ours.append(_clicked(control, Wanted(f"bench-{name}", [_HOST])))
    _line(f"{name}: click to the first line", statistics.median(ours), statistics.median(floor))


def _clicked(control: RunControl, wanted: Wanted) -> float:
    """Milliseconds from `start` to the first line, as the window sees it."""
    feed, failed = Feed([_HOST]), list[Exception]()
    control.failed.connect(failed.append)
    began = time.perf_counter()
    control.start(wanted, feed)
    wait(lambda: bool(feed.states[_HOST].lines) or not control.is_running)
    took = (time.perf_counter() - began) * 1000
    wait(lambda: not control.is_running)
    state = feed.states[_HOST]
    assert list(state.lines) == ["hello"], f"it did not say what it should: {state.end} {failed}"
    return took


def _million(window: MainWindow, desk: Desk) -> None:
    """The longest time in which the window could not have answered a key, beside a window that does nothing."""
    until = time.monotonic() + 3
    idle, _ = _gaps(lambda: time.monotonic() > until)
    _approve(desk, _script("bench-many", Transport.LOCAL, _MANY))
    manifest = registry.found(desk.database, "bench-many", approved=True).manifest
    dialog = window.shell.part(RemoteHelpPart).open_runs.open(Opening(manifest, targets=[_HOST]))
    began = time.perf_counter()
    dialog.run()
    gaps = _gaps(lambda: dialog.run_ is not None)
    took = time.perf_counter() - began
    _check(dialog)
    print(f"{_LINES:,} lines of output, all masked, shown and kept: {took:.1f} s, {_LINES / took:,.0f} lines/s")
    longest, most = gaps
    told = f"longest gap of the event loop {longest * 1000:.0f} ms, 99 % within {most * 1000:.0f} ms"
    print(f"{told}; of an idle window {idle * 1000:.0f} ms")


def _check(dialog: RunDialog) -> None:
    text = dialog.page.output.toPlainText()
    assert f"line {_LINES - 1} " in text, "the last line is not there"
    assert dialog.page.output.blockCount() <= 5_000


def _gaps(over: Callable[[], bool]) -> tuple[float, float]:
    """The longest, and what 99 of 100 are within, in seconds."""
    gaps: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    ticking = QTimer()
    ticking.timeout.connect(tick)
    ticking.start(16)
    wait(over)
    ticking.stop()
    gaps.sort()
    return gaps[-1], gaps[len(gaps) * 99 // 100]


def _bare_python(folder: Path) -> float:
    """A process of Python that says the same."""
    file = folder / "hello.py"
    file.write_bytes(_HELLO)
    return _first([sys.executable, "-I", str(file)])


def _bare_ssh(folder: Path, host: SshHost) -> float:
    """`ssh host true`, but one that says a word, so that its first line is seen."""
    key = folder / "client_key"
    if not key.exists():
        key.touch(0o600)
        key.write_text(host.key)
        (folder / "known").write_text(f"[{_HOST}]:{host.port} {host.host_key}\n")
    options = ["-F", "none", "-i", str(key), "-p", str(host.port), "-o", "BatchMode=yes"]
    known = ["-o", f"UserKnownHostsFile={folder / 'known'}", "-o", "StrictHostKeyChecking=yes"]
    return _first(["ssh", *options, *known, f"{host.user}@{_HOST}", "echo hello"])


def _first(command: list[str]) -> float:
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"hello"
        return (time.perf_counter() - began) * 1000


def _desk(scratch: Path) -> Desk:
    """The sample desk on an embedded database."""
    desk = bootstrap.open_desk(Profile(scratch / "profile"), {"FIRSTLINE_SECRET_JOURNAL": "a key"})
    bootstrap.make_ready(desk)
    sample = SampleMailbox(scratch / "mailbox", desk.clock)
    fill_with_sample(desk.database, desk.system, sample.folder)
    sample.deliver_all()
    time.sleep(1.1)  # a folder lets files be for a second before it reads them
    rounds = desk.rounds()
    from app.services import accounts

    for account in accounts.listed(desk.database):
        rounds.run(account)
    rounds.close()
    desk.actor = staff.sign_in(desk.database, "sam.okafor@firstline.example")
    here = Connection(new_id(), "here", Transport.LOCAL, "", "", (_HOST,), {})
    connections.save(desk.database, desk.system, here)
    return desk


def _reach(desk: Desk, host: SshHost) -> None:
    lab = Connection(new_id(), "lab", Transport.SSH, "", host.user, (_HOST,), {"port": host.port})
    connections.save(desk.database, desk.system, lab)
    host_keys.pin(desk.database, desk.system, _HOST, host.port, host.host_key)
    desk.secrets = Secrets({"FIRSTLINE_SECRET_REMOTE_LAB_KEY": host.key, "FIRSTLINE_SECRET_JOURNAL": "a key"})


def _approve(desk: Desk, package: Package) -> None:
    registry.approve(desk.database, desk.system, registry.add(desk.database, desk.system, package))


def _script(key: str, transport: Transport, source: bytes) -> Package:
    words = {"name": "A script", "description": "What is measured.", "changes": "Nothing.", "undo": "Nothing."}
    program: Mapping[str, Any] = {"transport": transport.value, "file": "script.py"}
    if transport is Transport.SSH:
        program = {**program, "shell": "python"}
    told = {"id": key, "version": "1.0", "category": "linux", "risk": "read", "timeout": 600}
    text = tomlkit.dumps({**told, "program": program, "text": {"en": words}})
    return package_of(key, {"script.py": source, "script.toml": text.encode()})


def _line(label: str, took: float, floor: float) -> None:
    print(f"{label:58}{took:8.0f}{floor:10.0f}{took / max(floor, 0.1):7.1f}", flush=True)
