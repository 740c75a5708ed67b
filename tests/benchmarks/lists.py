"""Lists over very many tickets: page, jump, count, search and ticket beside the same rows read by prepared psycopg.

Twice: as who made the database, and as an agent with a login of her own, whom row level security hides an
application from. The floor is read as the same login in the same run, so that it is held to the same rules.
"""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import make_url

from app.models.records.queue import QueueFilter, QueueView
from app.services import staff
from app.services.database import Database, open_database, secure
from app.services.desk import Desk
from app.services.staff import logins
from app.services.tickets import queue, reading
from tests.benchmarks.many import LONG, WORD, many_tickets

_PAGE, _TIMES = 50, 15
_LISTED = "merged_into_id IS NULL AND status NOT IN ('solved', 'closed')"
_WHERE = {
    "view.open": "true",
    "view.mine": "assignee_id = %(me)s",
    "view.team": "team_id = ANY(%(teams)s)",
    "view.unassigned": "assignee_id IS NULL",
    "view.waiting": "status = 'waiting_customer'",
    "view.level_l1": "level = 1",
    "view.done": "true",
}
_ROWS = (
    "SELECT t.id, number, subject, status, priority, p.name, q.name, t.level, m.name, a.name, channel, opened_at, "
    "updated_at, unread, version, due_at FROM ticket t LEFT JOIN person p ON p.id = requester_id "
    "LEFT JOIN application q ON q.id = application_id LEFT JOIN team m ON m.id = t.team_id "
    "LEFT JOIN agent a ON a.id = assignee_id WHERE {} ORDER BY updated_at DESC, t.id DESC LIMIT {}"
)
_MESSAGES = (
    "SELECT message.* FROM message JOIN ticket ON ticket.id = ticket_id WHERE number = %(number)s ORDER BY stored_at"
)


def run(scratch: Path, count: int) -> None:
    """Print the tables."""
    with many_tickets(scratch, count) as desk:
        print(f"\nLists over {count:,} tickets on PostgreSQL, {os.cpu_count()} cores shared with the server")
        for who, database in (
            ("who made the database", desk.backstage),
            ("an agent, one application hidden", _agent(desk, count)),
        ):
            print(f"as {who:55}{'ms':>8}{'floor ms':>10}{'ratio':>7}")
            _measure(database, count)
            if database is not desk.backstage:
                database.close()


def _agent(desk: Desk, count: int) -> Database:
    """Lena with a login of her own; one application in five is another team's and restricted."""
    secure(desk.backstage)
    lena = next(each for each in staff.agents(desk.backstage) if each.role == "agent")
    logins.admit(desk.backstage, desk.system, lena, "bench", "bench")
    theirs = next(each.id for each in staff.teams(desk.backstage) if each.id not in lena.teams)
    with desk.backstage.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE application SET restricted = true, team_id = %s WHERE id = "
            "(SELECT min(id::text)::uuid FROM application "
            "WHERE id NOT IN (SELECT application_id FROM ticket WHERE number IN (1, %s)))",
            (theirs, count // 20 * 10),
        )
    url = make_url(desk.backstage.engine.url).set(username="bench", password="bench")
    return open_database(url.render_as_string(hide_password=False), desk.clock)


def _measure(database: Database, count: int) -> None:
    actor = staff.sign_in(database, "sam.okafor@firstline.example")
    address = make_url(database.engine.url).set(drivername="postgresql").render_as_string(hide_password=False)
    facts = {"me": actor.id, "teams": list(actor.teams), "number": 1}
    with psycopg.connect(address, autocommit=True) as bare:

        def floor(statement: str) -> Callable[[], Any]:
            return lambda: bare.execute(statement, facts, prepare=True).fetchall()

        views = [each for each in queue.builtin_views(actor.id, actor.teams) if each.key in _WHERE]
        for view in views:
            _page(database, view, floor)
        for view in views:
            if view.filter.open:
                where = f"{_LISTED} AND {_WHERE[view.key]}"
                _line(
                    f"count, {view.key}",
                    partial(queue.counts, database, [view]),
                    floor(f"SELECT count(*) FROM ticket WHERE {where}"),
                )
        together = ", ".join(f"count(*) FILTER (WHERE {_WHERE[each.key]})" for each in views if each.filter.open)
        _line(
            "count of all of them at once",
            lambda: queue.counts(database, views),
            floor(f"SELECT {together} FROM ticket WHERE {_LISTED}"),
        )
        _jumps(database, floor, count)
        _searches(database, floor)
        long, short = reading.id_of(database, 1), reading.id_of(database, count // 20 * 10)
        _line(f"open a ticket of {LONG} messages", lambda: reading.show(database, long), floor(_MESSAGES))
        facts["number"] = count // 20 * 10
        _line("open a ticket of one message", lambda: reading.show(database, short), floor(_MESSAGES))


def _page(database: Database, view: QueueView, floor: Callable[[str], Callable[[], Any]]) -> None:
    listed = _LISTED if view.filter.open else _LISTED.replace("NOT IN", "IN")
    statement = _ROWS.format(
        f"{listed} AND {_WHERE[view.key]}".replace("level =", "t.level =").replace("team_id", "t.team_id"), _PAGE
    )
    wanted = view.filter
    _line(f"first page, {view.key}", lambda: queue.page(database, wanted, _PAGE), floor(statement))


def _jumps(database: Database, floor: Callable[[str], Callable[[], Any]], count: int) -> None:
    """The ids are in the desk's hands by then; what is read are the rows at the place."""
    ids = list(queue.ids(database, QueueFilter(open=False)))
    for name, place in (("middle", len(ids) // 2), ("end", len(ids) - _PAGE)):
        wanted = ids[place : place + _PAGE]
        told = ", ".join(f"'{each}'" for each in wanted)
        _line(
            f"jump to the {name} of the done ones",
            partial(queue.rows, database, wanted),
            floor(_ROWS.format(f"t.id IN ({told})", _PAGE)),
        )
    assert count


def _searches(database: Database, floor: Callable[[str], Callable[[], Any]]) -> None:
    words = (("rare", f"'{WORD}'", WORD), ("frequent", "'morning'", "morning"))
    for name, query, typed in words:
        found = f"SELECT ticket_id FROM message WHERE search @@ to_tsquery('simple', {query})"
        where = f"merged_into_id IS NULL AND t.id IN ({found})"
        statement = f"SELECT t.id FROM ticket t WHERE {where} ORDER BY updated_at DESC, t.id DESC"
        wanted = replace(QueueFilter(open=None), words=typed)
        _line(
            f"search, a {name} word ({len(queue.ids(database, wanted)):,} found)",
            partial(queue.ids, database, wanted),
            floor(statement),
        )


def _line(name: str, ours: Callable[[], Any], bare: Callable[[], Any]) -> None:
    """Taken in turns, so that what else the machine does meets both."""
    mine, theirs = [], []
    for _ in range(_TIMES):
        mine.append(_milliseconds(ours))
        theirs.append(_milliseconds(bare))
    told, least = median(mine), median(theirs)
    print(f"{name:58}{told:8.2f}{least:10.2f}{told / least:7.2f}", flush=True)


def _milliseconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
