"""What a person asks of very many tickets, beside the same rows read by a raw prepared statement in the same run.

It is asked twice: by who made the database, from whom nothing is hidden, and by an agent with a login of their own
and an application they may not see. The floor is the owner's raw statement, which names what is hidden as a constant.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import make_url, update

from app.models.clock import SystemClock
from app.models.records.desk import Actor, Level
from app.models.records.queue import QueueColumn, QueueFilter, QueueSort, QueueView
from app.models.records.tickets import Status
from app.models.tables import Application
from app.services import staff
from app.services.database import Database, open_database, secure
from app.services.desk import Desk
from app.services.staff import logins
from app.services.tickets import queue, reading
from tests.benchmarks.many import LONG, WORD, address_of, filled
from tests.fixtures.servers import running_postgres

_USUAL = QueueSort()
_TIMES = 12
_WARM = 6
"""The driver prepares a statement at its fifth time."""
_FIRST = 300
_SCREEN = 64
_RARE = "quetzal"
_HIDDEN = "Ledgerline Accounting"
_AGENT = "lena.vogt@firstline.example"
_COLUMNS = (
    "t.id, number, subject, status, priority, p.name, q.name, t.level, m.name, a.name, channel, opened_at, "
    "t.updated_at, unread, version, due_at"
)
_JOINS = (
    "LEFT JOIN person p ON p.id = requester_id LEFT JOIN application q ON q.id = application_id "
    "LEFT JOIN team m ON m.id = t.team_id LEFT JOIN agent a ON a.id = assignee_id"
)
_OPEN = "status NOT IN ('solved', 'closed') AND merged_into_id IS NULL"
_DONE = "status IN ('solved', 'closed') AND merged_into_id IS NULL"
_FLOORS = {
    "view.open": _OPEN,
    "view.mine": f"{_OPEN} AND assignee_id = %(me)s",
    "view.team": f"{_OPEN} AND t.team_id = ANY (%(teams)s)",
    "view.unassigned": f"{_OPEN} AND assignee_id IS NULL",
    "view.soon": f"{_OPEN} AND due_at <= now() + interval '1 hour'",
    "view.waiting": f"{_OPEN} AND status = '{Status.WAITING_CUSTOMER}'",
    **{f"view.level_{each.name.lower()}": f"{_OPEN} AND t.level = {int(each)}" for each in Level},
    "view.done": _DONE,
}
_SEARCHES = (
    ("rare", _RARE, f"'{_RARE}':*"),
    ("medium", WORD, f"'{WORD}':*"),
    ("frequent", "morning", "'morning':*"),
    ("phrase", f'"this morning" {WORD}', f"'this' <-> 'morning' & '{WORD}':*"),
    ("left out", f"{WORD} -please", f"'{WORD}' & !'please'"),
)


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asks the services, and the owner's raw connection with what is hidden from them."""

    name: str
    database: Database
    actor: Actor
    raw: "psycopg.Connection[tuple[Any, ...]]"
    shown: str

    def floor(self, query: str) -> float:
        told = {"me": self.actor.id, "teams": list(self.actor.teams)}

        def read() -> None:
            self.raw.execute(query, told, prepare=True, binary=True).fetchall()
            self.raw.rollback()

        return _took(read)


def run(scratch: Path, count: int) -> None:
    """Print the tables."""
    began = time.perf_counter()
    scratch.mkdir(exist_ok=True)
    with running_postgres(fsync="on", shared_buffers="256MB") as server:
        desk = filled(scratch, server.create("many"), count)
        with closing(psycopg.connect(address_of(desk), autocommit=True)) as raw:
            rare = f"UPDATE message SET text = '{_RARE}' WHERE ticket_id = (SELECT id FROM ticket WHERE number = 20)"
            raw.execute(rare)
            raw.execute("VACUUM ANALYZE message")
        print(f"\nLists of {count:,} tickets on PostgreSQL (made in {time.perf_counter() - began:.0f} s)")
        print(f"{os.cpu_count()} cores, shared with the server; load before {os.getloadavg()[0]:.1f}")
        try:
            with _askers(desk) as askers:
                for asker in askers:
                    print(f"{asker.name:58}{'ms':>9}{'floor ms':>10}{'ratio':>7}")
                    _pages(asker)
                    _jumps(asker)
                    _counts(asker)
                    _searches(asker)
                    _opens(asker)
        finally:
            desk.close()


@contextmanager
def _askers(desk: Desk) -> Iterator[list[_Asker]]:
    """The owner at Sam's desk, and Lena by a login of her own."""
    owner = desk.database
    with owner.write(desk.system) as work:
        work.session.execute(update(Application).where(Application.name == _HIDDEN).values(restricted=True))
        work.changed("application", _HIDDEN)
    secure(owner)
    agent = next(each for each in staff.agents(owner) if each.mail == _AGENT)
    login, password = "lena.many", "correct-horse-battery-staple"
    logins.admit(owner, desk.system, agent, login, password)
    url = make_url(owner.engine.url).set(username=login, password=password)
    theirs = open_database(url.render_as_string(hide_password=False), SystemClock())
    hidden = next(each.id for each in staff.applications(owner) if each.name == _HIDDEN)
    actor = staff.sign_in(theirs, None)
    shown = (
        f"(application_id IS NULL OR application_id <> '{hidden}' OR t.team_id = ANY (%(teams)s) "
        "OR %(me)s IN (assignee_id, owner_id, handed_by_id))"
    )
    assert desk.actor is not None
    with psycopg.connect(address_of(desk)) as raw, closing(theirs):
        yield [
            _Asker("as the owner, who sees all", owner, desk.actor, raw, "true"),
            _Asker("as an agent, from whom an application is hidden", theirs, actor, raw, shown),
        ]


def _screenful(asker: _Asker, wanted: QueueFilter, sort: QueueSort = _USUAL) -> None:
    """What the window does first: the first ids of a list, and the rows of a screen."""
    queue.rows(asker.database, list(queue.ids(asker.database, wanted, sort, _FIRST))[:_SCREEN])


def _pages(asker: _Asker) -> None:
    for view in _views(asker):
        order = "due_at, t.id" if view.sort.column is QueueColumn.DUE else "t.updated_at DESC, t.id DESC"
        where = f"{_FLOORS[view.key]} AND {asker.shown} ORDER BY {order} LIMIT {_SCREEN}"
        _line(
            f"first page: {view.key}",
            _took(partial(_screenful, asker, view.filter, view.sort)),
            asker.floor(_rows(where)),
        )


def _jumps(asker: _Asker) -> None:
    for name, wanted in (("open", QueueFilter()), ("done", QueueFilter(open=False))):
        order = "ORDER BY t.updated_at DESC, t.id DESC"
        where = _FLOORS[f"view.{name}"]
        ids = f"SELECT t.id FROM ticket t WHERE {where} AND {asker.shown} {order}"
        whole = queue.ids(asker.database, wanted)
        _line(f"all {len(whole):,} ids: {name}", _took(partial(queue.ids, asker.database, wanted), 3), asker.floor(ids))
        for place, first in (("middle", len(whole) // 2), ("end", len(whole) - _SCREEN)):
            chosen = list(whole[first : first + _SCREEN])
            named = ",".join(f"'{each}'" for each in chosen)
            _line(
                f"jump to the {place}: {name}",
                _took(partial(queue.rows, asker.database, chosen)),
                asker.floor(_rows(f"t.id IN ({named})")),
            )


def _counts(asker: _Asker) -> None:
    views = [each for each in _views(asker) if each.filter.open]
    for view in views:
        where = f"{_FLOORS[view.key]} AND {asker.shown}"
        _line(
            f"count: {view.key}",
            _took(partial(queue.counts, asker.database, [view])),
            asker.floor(f"SELECT count(*) FROM ticket t WHERE {where}"),
        )
    told = ", ".join(f"count(*) FILTER (WHERE {_FLOORS[each.key]})" for each in views)
    together = f"SELECT {told} FROM ticket t WHERE {_OPEN} AND {asker.shown}"
    _line("count: all views at once", _took(partial(queue.counts, asker.database, views)), asker.floor(together))


def _searches(asker: _Asker) -> None:
    for name, words, query in _SEARCHES:
        wanted = QueueFilter(open=None, words=words)
        found = f"SELECT ticket_id FROM message WHERE search @@ $q${query}$q$::tsquery"
        listed = f"t.id IN ({found}) AND merged_into_id IS NULL AND {asker.shown}"
        where = f"{listed} ORDER BY t.updated_at DESC, t.id DESC LIMIT {_SCREEN}"
        hits = len(queue.ids(asker.database, wanted))
        _line(
            f"search, {name}: {words} ({hits:,} found)",
            _took(partial(_screenful, asker, wanted)),
            asker.floor(_rows(where)),
        )


def _opens(asker: _Asker) -> None:
    for name, number in (("a ticket", 20), (f"a ticket of {LONG} messages", 1)):
        ticket = reading.id_of(asker.database, number)
        everything = f"SELECT * FROM message JOIN ticket ON ticket.id = ticket_id WHERE ticket_id = '{ticket}'"
        floor = asker.floor(f"{everything} ORDER BY stored_at, message.id")
        _line(f"open {name}", _took(partial(reading.show, asker.database, ticket)), floor)


def _views(asker: _Asker) -> list[QueueView]:
    return queue.builtin_views(asker.actor.id, frozenset(asker.actor.teams))


def _rows(where: str) -> str:
    return f"SELECT {_COLUMNS} FROM ticket t {_JOINS} WHERE {where}"


def _took(work: Callable[[], object], times: int = _TIMES) -> float:
    """The median, in milliseconds."""
    took = []
    warm = _WARM if times == _TIMES else 1
    for each in range(warm + times):
        began = time.perf_counter()
        work()
        if each >= warm:
            took.append((time.perf_counter() - began) * 1000)
    return median(took)


def _line(label: str, took: float, floor: float) -> None:
    print(f"{label:58}{took:9.2f}{floor:10.2f}{took / max(floor, 0.01):7.1f}", flush=True)
