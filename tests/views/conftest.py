"""A desk with the sample people and mails on an embedded database, and its window without a screen."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import bootstrap
from app.services import accounts, staff, wording
from app.services.desk import Desk
from app.services.sample import SampleMailbox, fill_with_sample
from app.services.settings import Profile
from app.views.kit.appearance import Appearance
from app.views.kit.task_runner import TaskRunner
from app.views.main_window import MainWindow
from tests.fixtures.gui import let_go

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
PATIENCE = 30_000
"""Milliseconds that a test waits for what it expects."""


def fresh(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it in a process of its own."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "FIRSTLINE_AGENT": "lena@desk.example"}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    wording.use_language("en")
    yield
    wording.use_language("en")


@pytest.fixture
def nothing_left(qapp: QApplication) -> Iterator[None]:
    """Every window, and all that was made for it, is gone in the end."""
    before = _widgets()
    yield
    let_go()
    left = [type(widget).__name__ for number, widget in _widgets().items() if number not in before]
    assert left == []


def _widgets() -> dict[int, QWidget]:
    return {id(each): each for each in shiboken6.getAllValidWrappers() if isinstance(each, QWidget)}


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    made = Appearance(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture
def bugs() -> list[Exception]:
    return []


@pytest.fixture
def runner(qapp: QApplication, bugs: list[Exception]) -> Iterator[TaskRunner]:
    made = TaskRunner(bugs.append)
    yield made
    made.close()
    assert bugs == []


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    return tmp_path / "mailbox"


@pytest.fixture
def desk(tmp_path: Path, mailbox: Path) -> Iterator[Desk]:
    """The sample desk with all its mails taken in; Sam, a supervisor, sits at it."""
    settings = {"FIRSTLINE_LANGUAGE": "en", "FIRSTLINE_UNDO_SEND_SECONDS": "0", "FIRSTLINE_SECRET_JOURNAL": "a key"}
    opened = bootstrap.open_desk(Profile(tmp_path / "profile"), settings)
    bootstrap.make_ready(opened)
    sample = SampleMailbox(mailbox, opened.clock)
    fill_with_sample(opened.database, opened.system, mailbox)
    sample.deliver_all()
    settle_files(mailbox)
    take_in(opened)
    opened.actor = staff.sign_in(opened.database, "sam.okafor@firstline.example")
    yield opened
    opened.close()


@pytest.fixture
def window(desk: Desk, runner: TaskRunner, appearance: Appearance, qtbot: QtBot) -> Iterator[MainWindow]:
    shown = MainWindow(desk, runner, appearance)
    qtbot.addWidget(shown)
    shown.resize(1460, 900)
    shown.show()
    shown.start()
    until(qtbot, lambda: shown.ticket.ticket is not None and runner.is_idle)
    yield shown
    shown.close()


def until(qtbot: QtBot, holds: Callable[[], bool]) -> None:
    qtbot.waitUntil(holds, timeout=PATIENCE)


def settle_files(folder: Path) -> None:
    """Make files look an hour old: a folder channel lets young ones be."""
    for each in folder.glob("*.eml"):
        then = each.stat().st_mtime - 3_600
        os.utime(each, (then, then))


def take_in(desk: Desk) -> None:
    rounds = desk.rounds()
    try:
        for account in accounts.listed(desk.database):
            rounds.run(account)
    finally:
        rounds.close()
