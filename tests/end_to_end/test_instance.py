"""One window a profile, with real processes: a second start, a killed one, two profiles, a link that is none."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.services.settings import Profile
from app.views.instance import Instance

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
SOON = 30_000
Start = Callable[[Path], subprocess.Popen[bytes]]


def environment() -> dict[str, str]:
    told = {"QT_QPA_PLATFORM": "offscreen", "FIRSTLINE_LANGUAGE": "en", "FIRSTLINE_AGENT": "lena@desk.example"}
    return {**os.environ, **told}


def command(profile: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "app", "--profile", str(profile), *more]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a desk in the background; what still runs at the end is ended."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(profile: Path) -> subprocess.Popen[bytes]:
        running.append(subprocess.Popen(command(profile), env=environment(), stderr=subprocess.DEVNULL))
        return running[-1]

    yield begin
    for each in running:
        each.kill()
        each.wait()


def again(profile: Path, *more: str) -> tuple[int, str]:
    told = subprocess.run(
        command(profile, *more), env=environment(), capture_output=True, text=True, timeout=60, check=False
    )
    return told.returncode, told.stderr


def test_a_second_start_ends_at_once_and_the_ticket_goes_to_the_first(tmp_path: Path, qtbot: QtBot) -> None:
    first = Instance(Profile(tmp_path))
    assert first.take()
    asked: list[int] = []
    first.asked.connect(asked.append)
    second = subprocess.Popen(command(tmp_path, "firstline://ticket/42"), env=environment())
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=SOON)
    first.release()
    assert (second.returncode, asked) == (0, [42])


def test_the_lock_of_a_killed_desk_is_taken_over_and_another_profile_is_free(
    tmp_path: Path, start: Start, qtbot: QtBot
) -> None:
    one, other = Profile(tmp_path / "one"), Profile(tmp_path / "other")
    desk = start(one.folder)
    qtbot.waitUntil(lambda: one.lock.exists() and one.database.exists(), timeout=SOON)
    beside = Instance(other)
    assert beside.take()
    beside.release()
    late = Instance(one)
    assert not late.take()
    desk.send_signal(signal.SIGKILL)
    desk.wait()
    assert one.lock.exists()
    assert late.take()
    late.release()


def test_a_desk_that_runs_is_brought_forward_by_the_command_line(tmp_path: Path, start: Start, qtbot: QtBot) -> None:
    desk = start(tmp_path)
    profile = Profile(tmp_path)
    qtbot.waitUntil(lambda: profile.lock.exists() and profile.database.exists(), timeout=SOON)
    assert again(tmp_path) == (0, "")
    assert again(tmp_path, "ticket", "7")[0] == 0
    assert desk.poll() is None


def test_a_link_that_is_none_is_told_in_one_line(tmp_path: Path) -> None:
    status, told = again(tmp_path, "firstline://ticket/%00;rm")
    assert status == 1
    assert (
        told.strip()
        == "“firstline://ticket/%00;rm” is not a link to a ticket. It should look like firstline://ticket/42."
    )


def test_nonsense_on_the_line_is_hung_up_on(tmp_path: Path, qtbot: QtBot) -> None:
    from PySide6.QtNetwork import QLocalSocket

    from app.services.instance import call_name

    first = Instance(Profile(tmp_path))
    assert first.take()
    asked: list[int] = []
    first.asked.connect(asked.append)
    line = QLocalSocket()
    with qtbot.waitSignal(line.disconnected, timeout=SOON):
        line.connectToServer(call_name(Profile(tmp_path)))
        line.write(b"x" * 500 + b"\n")
    first.release()
    assert asked == []
