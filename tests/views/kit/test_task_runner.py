"""The one door to work off the GUI thread."""

import gc
import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.models.errors import KnownError
from app.views.kit.task_runner import TaskRunner
from tests.views.conftest import until


def never(_: object) -> None:
    pytest.fail("this end of the run was not to be reached")


def test_work_runs_elsewhere_and_its_result_arrives_on_the_gui_thread(runner: TaskRunner, qtbot: QtBot) -> None:
    owner, seen = QObject(), []
    gui = threading.get_ident()
    runner.read(owner, threading.get_ident, lambda where: seen.append((where, threading.get_ident())), never)
    until(qtbot, lambda: len(seen) == 1)
    worked_on, told_on = seen[0]
    assert worked_on != gui
    assert told_on == gui
    assert QThread.currentThread() is owner.thread()


def test_what_the_world_refuses_goes_to_failed(runner: TaskRunner, qtbot: QtBot) -> None:
    owner, seen = QObject(), []

    def refuse() -> None:
        raise KnownError("database.lost", detail="x")

    runner.write(owner, refuse, never, seen.append)
    until(qtbot, lambda: len(seen) == 1)
    assert seen[0].code == "database.lost"


def test_a_bug_goes_to_the_crash_dialog_and_not_to_the_view(runner: TaskRunner, bugs: list, qtbot: QtBot) -> None:
    owner = QObject()
    runner.read(owner, lambda: 1 // 0, never, never)
    until(qtbot, lambda: len(bugs) == 1)
    assert isinstance(bugs.pop(), ZeroDivisionError)


def test_writes_happen_in_the_order_they_were_asked_for(runner: TaskRunner, qtbot: QtBot) -> None:
    owner, written, told = QObject(), [], []

    def write(number: int) -> Callable[[], int]:
        def work() -> int:
            written.append(number)
            return number

        return work

    for number in range(40):
        runner.write(owner, write(number), told.append, never)
    until(qtbot, lambda: len(told) == 40)
    assert written == told == list(range(40))


def test_reads_go_on_while_a_write_is_under_way(runner: TaskRunner, qtbot: QtBot) -> None:
    owner, gate, read = QObject(), threading.Event(), []
    runner.write(owner, lambda: gate.wait(5), lambda _: None, never)
    runner.read(owner, lambda: "read", read.append, never)
    until(qtbot, lambda: read == ["read"])
    gate.set()


def test_a_view_deleted_in_mid_run_gets_nothing_and_nothing_crashes(runner: TaskRunner, qtbot: QtBot) -> None:
    for _ in range(20):
        gate = threading.Event()
        parent = QWidget()
        view = QWidget(parent)
        runner.read(view, lambda gate=gate: gate.wait(5), never, never)
        parent.deleteLater()
        with qtbot.waitSignal(view.destroyed):
            del parent
        del view
        gc.collect()
        gate.set()
    until(qtbot, lambda: runner.is_idle)


def test_a_view_that_closes_drops_its_results_but_not_its_writes(runner: TaskRunner, qtbot: QtBot) -> None:
    owner, gate, written = QObject(), threading.Event(), []
    runner.read(owner, lambda: gate.wait(5), never, never)
    runner.write(owner, lambda: written.append("kept"), never, never)
    runner.drop(owner)
    gate.set()
    until(qtbot, lambda: runner.is_idle)
    assert written == ["kept"]


def test_a_newer_run_in_the_same_lane_replaces_the_older(runner: TaskRunner, qtbot: QtBot) -> None:
    owner, gate, seen = QObject(), threading.Event(), []
    runner.read(owner, lambda: gate.wait(5) and "old", never, never, lane="ticket")
    runner.read(owner, lambda: "new", seen.append, never, lane="ticket")
    runner.read(owner, lambda: "other", seen.append, never, lane="counts")
    until(qtbot, lambda: sorted(seen) == ["new", "other"])
    gate.set()
    until(qtbot, lambda: runner.is_idle)
    assert sorted(seen) == ["new", "other"]


def test_closing_finishes_what_is_written_and_ends_every_thread(qtbot: QtBot) -> None:
    before = set(threading.enumerate())
    runner, owner, written = TaskRunner(never), QObject(), []
    for number in range(10):
        runner.write(owner, lambda number=number: written.append(number), lambda _: None, never)
    runner.close()
    assert written == list(range(10))
    assert set(threading.enumerate()) <= before


def test_nothing_starts_after_closing(qtbot: QtBot) -> None:
    runner, started = TaskRunner(never), []
    runner.close()
    runner.write(QObject(), lambda: started.append(1), never, never)
    assert started == []
    assert runner.is_idle


def test_what_is_kept_on_this_machine_waits_for_no_database(runner: TaskRunner, qtbot: QtBot) -> None:
    """The writer hangs, and so do all readers; what is kept goes on, in the order of the calls."""
    owner, kept, answer = QObject(), list[int](), threading.Event()
    runner.write(owner, answer.wait, lambda _answered: None, never)
    for _ in range(4):
        runner.read(owner, answer.wait, lambda _answered: None, never)
    for number in range(20):
        runner.keep(owner, lambda number=number: number, kept.append, never)  # type: ignore[misc]
    until(qtbot, lambda: len(kept) == 20)
    assert kept == list(range(20))
    assert not runner.is_idle
    answer.set()
    until(qtbot, lambda: runner.is_idle)
