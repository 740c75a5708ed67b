"""Two hundred desks on one server: a realistic day's mix, and what the server makes of it.

A desk does what its window does: it reads the change feed when the doorbell rings, and after a while its list and its
counts again; that while grows with what they took, as in the window. Its person does something every half a minute:
opens a ticket, changes one, notes, searches, looks at another view, takes a call.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psycopg
from sqlalchemy import Engine, event

from app.models.clock import SystemClock
from app.models.identifiers import new_id
from app.models.records.call_form import CallForm
from app.models.records.desk import Actor
from app.models.records.queue import QueueFilter
from app.models.records.tickets import NewNote, Priority
from app.services import search, staff
from app.services.database import Database, open_database
from app.services.database.changes import ChangeFeed
from app.services.database.doorbell import hang
from app.services.phone.filing import file_call
from app.services.tickets import answering, editing, queue, reading
from app.services.tickets.editing import Stale
from tests.benchmarks.many import WORD, address_of, filled
from tests.fixtures.servers import running_postgres

DESKS, PROCESSES = 200, 4
_THINKS, _WARM, _SECONDS = 30.0, 20.0, 60.0
_BREATH, _SETTLE, _SHARE = 0.15, 0.12, 10
"""As `views.kit.change_bus` and `views.window.queue_control` have them."""
_SCREENFUL = 60


@dataclass
class _Tally:
    """What a process of desks did between the warming up and the end. Latencies in seconds."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statements: int = 0
    counts: bool = False

    def add(self, what: str, began: float) -> float:
        seconds = time.perf_counter() - began
        if self.counts:
            self.took[what].append(seconds)
        return seconds


class _Desk:
    def __init__(self, url: str, tally: _Tally, ended: threading.Event, seed: int) -> None:
        self._tally, self._ended, self._dice = tally, ended, random.Random(seed)
        self._database: Database = open_database(url, SystemClock())
        self._actor: Actor = staff.sign_in(self._database, "sam.okafor@firstline.example")
        self._views = queue.builtin_views(self._actor.id, self._actor.teams)
        self._feed = ChangeFeed(self._database)
        self._rung = threading.Event()
        self._bell = hang(self._database, self._rung.set)
        self._bell.start()
        self._cost = 0.0
        self._tickets: list[UUID] = []
        self._look()
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._live, self._listen)]
        for each in self._threads:
            each.start()

    def close(self) -> None:
        self._rung.set()
        for each in self._threads:
            each.join()
        self._bell.stop()
        self._database.close()

    def _listen(self) -> None:
        """Read what changed, and a while later the list, once for all that came meanwhile."""
        while not self._ended.is_set():
            self._rung.wait()
            self._rung.clear()
            began = time.perf_counter()
            changes = self._feed.read()
            self._tally.add("feed", began)
            if changes:
                self._ended.wait(_SETTLE + _SHARE * self._cost)
                began = time.perf_counter()
                self._look()
                self._cost = self._tally.add("list and counts again", began)
            else:
                self._ended.wait(_BREATH)

    def _look(self) -> None:
        ids = queue.ids(self._database, QueueFilter())
        self._tickets = [ids[place] for place in range(min(len(ids), _SCREENFUL))]
        queue.rows(self._database, self._tickets)
        queue.counts(self._database, self._views)

    def _live(self) -> None:
        acts = (("open", self._open, 40), ("change", self._change, 22), ("view", self._view, 15),
                ("note", self._note, 10), ("search", self._search, 8), ("call", self._call, 5))  # fmt: skip
        while not self._ended.wait(self._dice.expovariate(1 / _THINKS)):
            name, act, _ = self._dice.choices(acts, [each[2] for each in acts])[0]
            began = time.perf_counter()
            act()
            self._tally.add(name, began)

    def _one(self) -> UUID:
        return self._dice.choice(self._tickets)

    def _open(self) -> None:
        reading.show(self._database, self._one())

    def _change(self) -> None:
        editing.set_priority(self._database, self._actor, Stale(self._one()), self._dice.choice(list(Priority)))

    def _view(self) -> None:
        view = self._dice.choice([each for each in self._views if each.filter.open])
        queue.rows(self._database, list(queue.ids(self._database, view.filter, view.sort, 300))[:_SCREENFUL])

    def _note(self) -> None:
        answering.note(self._database, self._actor, self._one(), NewNote("I called them back.", id=new_id()))

    def _search(self) -> None:
        wanted = search.filter_for(self._database, self._actor, WORD)
        queue.rows(self._database, list(queue.ids(self._database, wanted, limit=300))[:_SCREENFUL])

    def _call(self) -> None:
        form = CallForm(SystemClock().now(), who="Nora", subject="It rang", text="Nothing works.")
        file_call(self._database, self._actor, form, "GB")


def work(url: str, count: int, seed: int) -> None:
    """`count` desks in this process, until the time is over; prints what they did as JSON."""
    tally, ended = _Tally(), threading.Event()

    def count_statement(*_told: object) -> None:
        tally.statements += tally.counts

    event.listen(Engine, "after_cursor_execute", count_statement)
    desks = [_Desk(url, tally, ended, seed + number) for number in range(count)]
    print("ready", flush=True)
    sys.stdin.readline()
    time.sleep(_WARM)
    tally.counts = True
    time.sleep(_SECONDS)
    tally.counts = False
    ended.set()
    print(json.dumps({"statements": tally.statements, "took": tally.took}), flush=True)
    for each in desks:
        each.close()


def run(scratch: Path, count: int) -> None:
    """Print the table."""
    settings = {"fsync": "on", "shared_buffers": "512MB", "max_connections": "1200", "autovacuum_naptime": "60"}
    with running_postgres(**settings) as server:
        desk = filled(scratch, server.create("many"), count)
        url = address_of(desk)
        print(f"\n{DESKS} desks over {count:,} tickets on PostgreSQL; {os.cpu_count()} cores for server and desks")
        command = [sys.executable, "-c", "import sys; from tests.benchmarks.desks import work; "
                   "work(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))"]  # fmt: skip
        processes = [
            subprocess.Popen([*command, url, str(DESKS // PROCESSES), str(1000 * number)], text=True,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
            for number in range(PROCESSES)
        ]  # fmt: skip
        for each in processes:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in processes:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        time.sleep(_WARM)
        first, ours = int((server.data / "postmaster.pid").read_text().splitlines()[0]), os.getpid()
        before, began = (_cpu_seconds(first), _cpu_seconds(ours)), time.perf_counter()
        time.sleep(_SECONDS - 2)
        lasted = time.perf_counter() - began
        _tell(processes, url, (_cpu_seconds(first) - before[0]) / lasted, (_cpu_seconds(ours) - before[1]) / lasted)
        desk.close()


def _tell(processes: "list[subprocess.Popen[str]]", url: str, server: float, desks: float) -> None:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = 'many'").fetchone()
    took: dict[str, list[float]] = defaultdict(list)
    statements = 0
    for each in processes:
        told = json.loads(each.communicate()[0])
        statements += told["statements"]
        for name, seconds in told["took"].items():
            took[name] += seconds
    acts = sum(len(took[each]) for each in took if each not in ("feed", "list and counts again"))
    print(
        f"{acts / _SECONDS:.1f} acts and {statements / _SECONDS:,.0f} statements a second, {row and row[0]} connections"
    )
    print(f"busy: the server {server:.2f} cores, the {PROCESSES} processes of desks {desks:.2f}")
    print(f"{'':30}{'a second':>10}{'p50 ms':>9}{'p99 ms':>9}")
    for name, seconds in sorted(took.items()):
        ordered = sorted(each * 1000 for each in seconds)
        p50, p99 = ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]
        print(f"{name:30}{len(ordered) / _SECONDS:10.1f}{p50:9.1f}{p99:9.1f}", flush=True)


def _cpu_seconds(first: int) -> float:
    """Of a process and those that it started, as long as they run (https://man7.org/linux/man-pages/man5/proc.5.html)."""
    ticks = 0
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = each.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        if first in (int(each.parent.name), int(told[1])):
            ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")
