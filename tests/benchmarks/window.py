"""The window over very many tickets: each wait of a person beside the same rows read by bare psycopg."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from app.models.records.queue import QueueFilter, QueueView
from app.services.desk import Desk
from app.services.tickets import reading
from app.views.kit.appearance import Appearance
from app.views.kit.application import application
from app.views.kit.task_runner import TaskRunner
from app.views.main_window import MainWindow
from tests.benchmarks.many import LONG, WORD, address_of, many_tickets

_PATIENCE = 120.0
_CHANGES_A_SECOND = 20
_SCROLL_SECONDS = 15
_DONE = QueueView("view.done", "", QueueFilter(open=False))
OPEN = QueueView("view.open", "", QueueFilter())
_ROWS = (
    "SELECT t.id, number, subject, status, p.name, q.name, m.name, a.name, channel, opened_at, due_at FROM ticket t "
    "LEFT JOIN person p ON p.id = requester_id LEFT JOIN application q ON q.id = application_id "
    "LEFT JOIN team m ON m.id = t.team_id LEFT JOIN agent a ON a.id = assignee_id WHERE {where} "
    "ORDER BY updated_at DESC, t.id DESC {limit}"
)
_IS_DONE = "status IN ('solved', 'closed') AND merged_into_id IS NULL"
_IS_OPEN = "status NOT IN ('solved', 'closed') AND merged_into_id IS NULL"
_CHANGES = """
import sys, time
from app import bootstrap
from app.models.records.queue import QueueFilter
from app.models.records.tickets import Priority
from app.services.settings import Profile
from app.services.tickets import editing, queue
from app.services.tickets.editing import Stale
from pathlib import Path
desk = bootstrap.open_desk(Profile(Path(sys.argv[1])), {}, sys.argv[2])
tickets = list(queue.ids(desk.database, QueueFilter(open=sys.argv[3] == "open"), limit=500))
print("ready", flush=True)
began = time.perf_counter()
for count in range(int(sys.argv[4])):
    priority = Priority(1 + count % 4)
    editing.set_priority(desk.database, desk.system, Stale(tickets[count * 7 % len(tickets)]), priority)
    time.sleep(max(0.0, began + (count + 1) / float(sys.argv[5]) - time.perf_counter()))
"""


def run(scratch: Path, count: int) -> None:
    """Print the table."""
    began = time.perf_counter()
    with many_tickets(scratch, count) as desk:
        print(f"\nThe window over {count:,} tickets on PostgreSQL (made in {time.perf_counter() - began:.0f} s)")
        print(f"{os.cpu_count()} cores, shared with the server; load before {os.getloadavg()[0]:.1f}")
        print(f"{'':58}{'ms':>8}{'floor ms':>10}{'ratio':>7}")
        before = _resident()
        window, runner = shown_window(desk)
        try:
            _views(window, desk, count)
            _tickets(window, desk)
            for name, view in (("open", OPEN), ("solved and closed", _DONE)):
                _gap(window, desk, scratch, name, view)
            print(f"{'memory of the process with all of it open':58}{_resident():8.0f} MB, {before:.0f} before")
        finally:
            window.close()
            runner.close()


def shown_window(desk: Desk) -> tuple[MainWindow, TaskRunner]:
    running = application()
    runner = TaskRunner(_raise)
    window = MainWindow(desk, runner, Appearance(running, "light"))
    window.resize(1460, 900)
    window.show()
    window.start()
    wait(lambda: window.ticket.ticket is not None and window.is_idle)
    return window, runner


def _views(window: MainWindow, desk: Desk, count: int) -> None:
    model, table = window.model, window.layout_.tickets.table
    for name, view, where in (("open tickets", OPEN, _IS_OPEN), ("solved and closed", _DONE, _IS_DONE)):
        expected = _scalar(desk, f"SELECT count(*) FROM ticket WHERE {where}")
        window.queue.choose(OPEN if view is _DONE else _DONE)
        wait(lambda: window.is_idle)
        timer = _started()
        window.queue.choose(view)
        wait(lambda: model.rowCount() > 0 and model.row(0) is not None and table.isVisible())
        first = timer.elapsed()
        wait(lambda: model.rowCount() == expected)  # noqa: B023 - waited for right here
        whole = timer.elapsed()
        _line(f"{name}: first screenful", first, _query(desk, _ROWS.format(where=where, limit="LIMIT 300")))
        ids = f"SELECT id FROM ticket WHERE {where} ORDER BY updated_at DESC, id DESC"
        _line(f"{name}: all {expected:,} ids", whole, _query(desk, ids))
    for name, place in (("middle", model.rowCount() // 2), ("end", model.rowCount() - 1), ("start", 0)):
        timer = _started()
        table.scrollTo(model.index(place, table.first_column))
        wait(lambda: model.row(place) is not None)  # noqa: B023
        ids = [str(model.ids[each]) for each in range(max(0, place - 32), min(model.rowCount(), place + 32))]
        where = "t.id IN (" + ",".join(f"'{each}'" for each in ids) + ")"
        _line(f"jump to the {name}", timer.elapsed(), _query(desk, _ROWS.format(where=where, limit="")))
    assert count


def _tickets(window: MainWindow, desk: Desk) -> None:
    long = reading.id_of(desk.database, 1)
    timer = _started()
    window.ticket.open(long)
    wait(lambda: window.ticket.ticket is not None and window.ticket.ticket.row.id == long)
    QApplication.sendPostedEvents()
    everything = "SELECT * FROM message JOIN ticket ON ticket.id = ticket_id WHERE number = 1 ORDER BY stored_at"
    _line(f"open a ticket of {LONG} messages", timer.elapsed(), _query(desk, everything))
    timer = _started()
    window.queue.search(WORD)
    holds = f"search @@ to_tsquery('simple', '{WORD}')"
    expected = _scalar(desk, f"SELECT count(DISTINCT ticket_id) FROM message WHERE {holds}")
    wait(lambda: window.model.rowCount() == expected and window.model.row(0) is not None)
    found = f"t.id IN (SELECT ticket_id FROM message WHERE {holds})"
    _line(f"search, {expected} found", timer.elapsed(), _query(desk, _ROWS.format(where=found, limit="")))
    window.queue.search("")
    wait(lambda: window.is_idle)


def _gap(window: MainWindow, desk: Desk, scratch: Path, name: str, view: QueueView) -> None:
    """The longest time in which the window could not have answered a key, while others change tickets."""
    window.queue.choose(view)
    wait(lambda: window.model.rowCount() > 300)
    count = _CHANGES_A_SECOND * _SCROLL_SECONDS
    which = "open" if view is OPEN else "done"
    changes = subprocess.Popen(
        [sys.executable, "-c", _CHANGES, str(scratch / "other"), address_of(desk), which, str(count),
         str(_CHANGES_A_SECOND)],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert changes.stdout is not None
    changes.stdout.readline()
    bar = window.layout_.tickets.table.verticalScrollBar()
    gaps: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now
        bar.setValue((bar.value() + 60) % max(1, bar.maximum()))

    ticking = QTimer()
    ticking.timeout.connect(tick)
    ticking.start(16)
    wait(lambda: changes.poll() is not None)
    ticking.stop()
    changes.stdout.close()
    gaps.sort()
    told = f"{name}: longest gap of the event loop, {_CHANGES_A_SECOND} changes/s, scrolled"
    print(f"{told:66}{gaps[-1] * 1000:5.0f} ms, 99 % within {gaps[len(gaps) * 99 // 100] * 1000:.0f} ms")


def wait(holds: Callable[[], bool]) -> None:
    loop, until = QEventLoop(), time.monotonic() + _PATIENCE
    look = QTimer()

    def check() -> None:
        if holds():
            loop.exit(0)
        elif time.monotonic() > until:
            loop.exit(1)

    look.timeout.connect(check)
    look.start(1)
    assert loop.exec() == 0, "what was waited for did not come"


def pause(milliseconds: int) -> None:
    """The window goes on meanwhile."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _query(desk: Desk, query: str) -> float:
    """The best of three, in milliseconds, from a connection that is open."""
    took = []
    with psycopg.connect(address_of(desk)) as connection:
        for _ in range(3):
            began = time.perf_counter()
            connection.execute(query, binary=True).fetchall()  # type: ignore[call-overload]
            took.append(time.perf_counter() - began)
    return min(took) * 1000


def _scalar(desk: Desk, query: str) -> int:
    with psycopg.connect(address_of(desk)) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return int(row[0])


def _line(label: str, took: float, floor: float) -> None:
    print(f"{label:58}{took:8.0f}{floor:10.0f}{took / max(floor, 0.1):7.1f}", flush=True)


def _started() -> QElapsedTimer:
    timer = QElapsedTimer()
    timer.start()
    return timer


def _resident() -> float:
    """Megabytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def _raise(bug: Exception) -> None:
    raise bug
