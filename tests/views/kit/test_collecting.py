"""Garbage of closed views is collected on the GUI thread, whatever thread makes garbage."""

import threading
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.views.kit.task_runner import TaskRunner
from tests.views.conftest import fresh, until

_FROM_THE_START_ON = """
import gc
from app.views.kit.application import application
from app.views.kit.task_runner import TaskRunner
from app.views.window.curtain import aside
application()
seen = [gc.isenabled(), aside(gc.isenabled)]
runner = TaskRunner(print)
runner.close()
print(*seen, gc.isenabled())
"""


class Knot:
    """Holds itself, and notes on which thread it went."""

    def __init__(self) -> None:
        self.me = self


def test_garbage_goes_on_the_gui_thread_while_others_make_more(runner: TaskRunner, qtbot: QtBot) -> None:
    went: list[str] = []
    knot = Knot()
    weakref.finalize(knot, lambda: went.append(threading.current_thread().name))
    del knot
    owner = QObject()

    def make_garbage() -> None:
        for _ in range(20_000):
            Knot()

    for _ in range(4):
        runner.read(owner, make_garbage, lambda _result: None, lambda _error: None)
    until(qtbot, lambda: went != [])
    assert went == [threading.main_thread().name]


def test_no_other_thread_collects_from_the_start_of_the_application_on() -> None:
    told = fresh(_FROM_THE_START_ON)
    assert told.stdout.split() == ["False"] * 3, told.stderr
