"""From a commit on one desk to the repaint on another, beside a bare NOTIFY round trip on the same server.

The one who changes is a process of its own, as another desk is; both read the machine's one steady clock.
"""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.models.records.tickets import Priority
from app.services.desk import Desk
from app.views.main_window import MainWindow
from tests.benchmarks.many import address_of, filled
from tests.benchmarks.window import OPEN, pause, shown_window, wait
from tests.fixtures.servers import running_postgres

_TIMES = 100
_CHANGES = """
import sys, time
from pathlib import Path
from uuid import UUID
from app import bootstrap
from app.models.records.tickets import Priority
from app.services.settings import Profile
from app.services.tickets import editing
from app.services.tickets.editing import Stale
desk = bootstrap.open_desk(Profile(Path(sys.argv[1])), {}, sys.argv[2])
for line in sys.stdin:
    ticket, priority = line.split()
    began = time.perf_counter()
    editing.set_priority(desk.database, desk.system, Stale(UUID(ticket)), Priority(int(priority)))
    print(began, time.perf_counter(), flush=True)
"""


def run(scratch: Path, count: int) -> None:
    """Print the table."""
    settings = {"fsync": "on", "shared_buffers": "256MB"}
    with running_postgres(**settings) as server:
        desk = filled(scratch, server.create("many"), count)
        print(f"\nFrom a commit to what others see of it, over {count:,} tickets on PostgreSQL")
        print(f"{os.cpu_count()} cores, shared with the server; load before {os.getloadavg()[0]:.1f}")
        print(f"{'':58}{'p50 ms':>8}{'p99 ms':>8}")
        _told("NOTIFY on one connection, heard on another", _bare(address_of(desk)))
        window, runner = shown_window(desk)
        try:
            for milliseconds, when in ((400, "a change now and then"), (0, "one change after the other")):
                heard, wrote = _repaints(window, desk, scratch, milliseconds)
                _told(f"commit on one desk, repainted on another: {when}", heard)
                _told("the write itself, until it is committed", wrote)
        finally:
            window.close()
            runner.close()
            desk.close()


def _bare(address: str) -> list[float]:
    took, heard, listening = [], threading.Event(), threading.Event()
    at = 0.0

    def listen() -> None:
        nonlocal at
        with psycopg.connect(address, autocommit=True) as ear:
            ear.execute("LISTEN bare")
            listening.set()
            for _ in ear.notifies(stop_after=_TIMES):
                at = time.perf_counter()
                heard.set()

    thread = threading.Thread(target=listen)
    thread.start()
    listening.wait()
    with psycopg.connect(address, autocommit=True) as voice:
        for _ in range(_TIMES):
            began = time.perf_counter()
            voice.execute("NOTIFY bare")
            heard.wait()
            heard.clear()
            took.append(at - began)
            time.sleep(0.005)
    thread.join()
    return took


class _Painted(QObject):
    """When the list was last painted with what is waited for in its first row."""

    def __init__(self, window: MainWindow, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._model = window.model
        self.expected: tuple[object, Priority] | None = None
        self.at: float | None = None
        viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint and self.expected is not None and self.at is None:
            row = self._model.row(0)
            if row is not None and (row.id, row.priority) == self.expected:
                QTimer.singleShot(0, self._done)
        return super().eventFilter(watched, event)

    def _done(self) -> None:
        """The paint is over."""
        if self.at is None:
            self.at = time.perf_counter()


def _repaints(window: MainWindow, desk: Desk, scratch: Path, milliseconds: int) -> tuple[list[float], list[float]]:
    window.queue.choose(OPEN)
    wait(lambda: window.is_idle and window.model.row(0) is not None)
    painted = _Painted(window, window.layout_.tickets.table.viewport())
    heard, wrote = [], []
    with subprocess.Popen(
        [sys.executable, "-c", _CHANGES, str(scratch / "other"), address_of(desk)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    ) as other:  # fmt: skip
        assert other.stdin is not None
        assert other.stdout is not None
        for number in range(_TIMES + 10):
            pause(milliseconds)
            row = window.model.row(number % 3)
            assert row is not None
            priority = Priority(1 + int(row.priority) % 4)
            painted.at, painted.expected = None, (row.id, priority)
            other.stdin.write(f"{row.id} {int(priority)}\n")
            other.stdin.flush()
            wait(lambda: painted.at is not None)
            began, committed = map(float, other.stdout.readline().split())
            assert painted.at is not None
            if number >= 10:  # before that everything is done for the first time
                heard.append(max(0.0, painted.at - committed))
                wrote.append(committed - began)
        other.stdin.close()
    return heard, wrote


def _told(label: str, took: list[float]) -> None:
    ordered = sorted(each * 1000 for each in took)
    print(f"{label:58}{ordered[len(ordered) // 2]:8.1f}{ordered[len(ordered) * 99 // 100]:8.1f}", flush=True)
