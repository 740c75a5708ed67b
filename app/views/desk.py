"""Opens the window of a desk, and closes it again with everything written."""

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.services import wording
from app.services.desk import Desk
from app.views.instance import Instance
from app.views.kit.appearance import Appearance
from app.views.kit.application import application
from app.views.kit.crash import BugCatcher
from app.views.kit.ending import end
from app.views.kit.task_runner import TaskRunner
from app.views.main_window import MainWindow
from app.views.window.curtain import Curtain

_PATIENCE_SECONDS = 20
_LOOK_MS, _SETTLED_AT_THE_LATEST = 100, 10.0
_log = logging.getLogger(__name__)


def run_desk(desk: Desk, instance: Instance | None = None, curtain: Curtain | None = None) -> int:
    """Show the desk until its window is closed; mail is read and sent meanwhile. Returns the exit status.

    With `instance` it comes to the front whenever the desk is started again, with the ticket that was asked for.
    It takes the place of `curtain`.
    """
    running = application()
    bugs = BugCatcher(running)
    bugs.install()
    appearance = Appearance(running, desk.settings.theme)
    runner = TaskRunner(bugs.caught)
    worker = desk.worker()
    window = MainWindow(desk, runner, appearance)
    window.writing.changed.connect(worker.wake)
    if curtain is not None:
        curtain.give_way(window)
    window.show()
    window.start()
    if desk.carries_mail:
        _once_settled(runner, worker.start)
    if instance is not None:
        instance.asked.connect(partial(_come_forward, window))
        if instance.waiting:
            window.ticket.open_number(instance.waiting)
    try:
        return running.exec()
    finally:
        with _bounded():
            runner.close()
            worker.stop()
        end(window)


def _once_settled(runner: TaskRunner, begin: Callable[[], None]) -> None:
    """Do it when the window has what it asked for, or after 10 s: what reads mail would take the time from its list."""
    timer, until = QTimer(runner, interval=_LOOK_MS), monotonic() + _SETTLED_AT_THE_LATEST

    def look() -> None:
        if runner.is_idle or monotonic() > until:
            timer.stop()
            begin()

    timer.timeout.connect(look)
    timer.start()


def _come_forward(window: MainWindow, ticket: int) -> None:
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)
    if ticket:
        window.ticket.open_number(ticket)


@contextmanager
def _bounded() -> Iterator[None]:
    """A database that is gone must not keep the program: what was typed is in the journal, so it ends regardless."""

    def give_up() -> None:
        _log.error("the database did not answer within %s seconds; ended without it", _PATIENCE_SECONDS)
        if sys.stderr is not None:
            sys.stderr.write(wording.tr("desk.gave_up", seconds=_PATIENCE_SECONDS) + "\n")
        logging.shutdown()
        os._exit(1)

    timer = threading.Timer(_PATIENCE_SECONDS, give_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
