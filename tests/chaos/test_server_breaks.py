"""The server is killed, connections are cut and COMMITs are never answered, while desks with wrong clocks work.

Afterwards every acknowledged write is there once with its audit and its change, nothing is there by half, every desk
has heard of everything once, no two held a lease at a time, and the chain over the audit is whole. More seeds and
rounds: FIRSTLINE_CHAOS_SEEDS=20 FIRSTLINE_CHAOS_ROUNDS=500.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.rows import tuple_row

from app.models.records.call_form import CallForm
from app.models.records.desk import Role
from app.services import audit, staff
from app.services.database import open_database, upgrade
from app.services.phone.filing import file_call
from tests.chaos.desks import HELD, ChaosDesk
from tests.chaos.wire import Wire
from tests.fixtures.databases import SYSTEM, SettableClock
from tests.fixtures.servers import SUPERUSER, SUPERUSER_PASSWORD, PostgresServer, running_postgres

SEEDS = int(os.environ.get("FIRSTLINE_CHAOS_SEEDS", "2"))
ROUNDS = int(os.environ.get("FIRSTLINE_CHAOS_ROUNDS", "80"))
DESKS = 4
_EVERY_NTH_KILLS = 10
_TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid() "
    "AND random() < %s"
)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with running_postgres(log_min_messages="fatal") as started:
        yield started


class World:
    """Some desks on one server, and what happens to them."""

    def __init__(self, server: PostgresServer, seed: int) -> None:
        self.server, self.name = server, f"chaos{seed}_{uuid4().hex[:6]}"
        self.dice = random.Random(seed)
        self.owner = open_database(server.create(self.name), SettableClock())
        upgrade(self.owner)
        staff.add_agent(self.owner, SYSTEM, "Ann", "ann@desk.example", Role.ADMINISTRATOR, ())
        actor = staff.sign_in(self.owner, "ann@desk.example")
        forms = [CallForm(self.owner.clock.now(), subject=f"Ticket {number}", text="x") for number in range(5)]
        self.tickets = [file_call(self.owner, actor, form, "GB").ticket_id for form in forms]
        self.wire = Wire(lambda: server.port, seed)
        url = f"postgresql://{SUPERUSER}:{SUPERUSER_PASSWORD}@127.0.0.1:{self.wire.port}/{self.name}"
        self.desks = [ChaosDesk(f"desk-{n}", url, actor, self.tickets, seed * 100 + n) for n in range(DESKS)]
        self.kills = 0

    def close(self) -> None:
        for each in self.desks:
            each.close()
        self.wire.close()
        self.owner.close()

    def round(self, number: int) -> None:
        """A burst of work with one misfortune in it; then everybody rests."""
        self.wire.before, self.wire.after = self.dice.choice([(0, 0), (0.1, 0), (0, 0.1), (0.05, 0.05)])
        for each in self.desks:
            each.go.set()
        time.sleep(self.dice.uniform(0.02, 0.12))
        if number % _EVERY_NTH_KILLS == 0:
            self.server.kill()
            self.server.start()
            self.kills += 1
        elif self.dice.random() < 0.7:
            with self.server.connect() as connection:
                connection.execute(_TERMINATE, (self.name, self.dice.choice([0.3, 1.0])))
        time.sleep(self.dice.uniform(0.02, 0.08))
        for each in self.desks:
            each.go.clear()
        for each in self.desks:
            assert each.rests.wait(30), f"{each.name} hangs"
        self.wire.before = self.wire.after = 0
        assert [each.bug for each in self.desks if each.bug is not None] == []

    def check(self) -> None:
        """All that was promised, while nobody works."""
        for each in self.desks:
            _until_it_answers(each)
            each.settle()
        with psycopg.connect(self.server.url(self.name), row_factory=tuple_row) as connection:
            self._check_notes(connection)
            self._check_calls(connection)
            self._check_leases(connection)
            edits = connection.execute("SELECT count(*) FROM audit WHERE action = 'ticket.changed'").fetchone()
        assert edits is not None
        acknowledged = sum(each.promises.edits for each in self.desks)
        tried = sum(each.promises.edits_tried for each in self.desks)
        assert acknowledged <= edits[0] <= tried
        audit.seal(self.owner, SYSTEM, "check")
        verdict = audit.verify(self.owner)
        assert (verdict.flaws, verdict.waiting) == (0, 0), verdict

    def _check_notes(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        stored = _counted(connection, "SELECT id FROM message WHERE kind = 'note'")
        audited = _counted(connection, "SELECT subject_id FROM audit WHERE action = 'ticket.noted'")
        promised = set().union(*(each.promises.notes for each in self.desks))
        tried = set().union(*(each.promises.notes_tried for each in self.desks))
        assert promised <= set(stored) <= tried
        assert stored == audited
        assert set(stored.values()) <= {1}
        off = (
            "SELECT id FROM message WHERE kind = 'note' AND stored_at - now() NOT BETWEEN '-50 minutes' AND '1 minute'"
        )
        assert not _counted(connection, off), "a desk's own clock was believed"

    def _check_calls(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        filed = _counted(connection, "SELECT id FROM call")
        tried = set().union(*(set(each.promises.calls_tried) for each in self.desks))
        assert {each for each in filed if each in tried} == tried
        one = "SELECT count(*), count(DISTINCT ticket.number), count(DISTINCT ticket.id) FROM ticket"
        assert connection.execute(one).fetchone() == (len(filed),) * 3
        assert connection.execute("SELECT count(*) FROM audit WHERE action = 'call.filed'").fetchone() == (len(filed),)

        self._check_ears(connection)

    def _check_ears(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        """Each call is a message, which is told once, and heard once by everybody who was there from the start."""
        told = _counted(connection, "SELECT subject_id::uuid FROM change WHERE topic = 'message'")
        assert told == _counted(connection, "SELECT message_id FROM call")
        started = set(
            _counted(
                connection,
                "SELECT message_id FROM call JOIN message ON message.id = message_id "
                "WHERE message.ticket_id = ANY (%s)",
                self.tickets,
            )
        )
        for desk in self.desks:
            desk.hear()
            heard = {each: desk.heard[str(each)] for each in told if each not in started}
            assert set(heard.values()) <= {1}, f"{desk.name} missed or heard twice"

    def _check_leases(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        query = "SELECT (after->>'fence')::int, after->>'desk' FROM audit WHERE action = %s ORDER BY sequence"
        held = [(int(str(row[0])), str(row[1])) for row in connection.execute(query, (HELD,))]
        fences = [fence for fence, _ in held]
        assert fences == sorted(fences)
        assert len(set(held)) == len(set(fences))


def _counted(connection: "psycopg.Connection[tuple[object, ...]]", query: str, *facts: object) -> Counter[UUID]:
    return Counter(UUID(str(row[0])) for row in connection.execute(query.encode(), facts))


def _until_it_answers(desk: ChaosDesk) -> None:
    """A pool forgets its broken connections one by one."""
    desk.database.engine.dispose()
    with desk.database.read() as session:
        session.connection()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_was_acknowledged_is_there_once_whatever_breaks(server: PostgresServer, seed: int) -> None:
    world = World(server, seed)
    try:
        for number in range(1, ROUNDS + 1):
            world.round(number)
            if number % 10 == 0:
                world.check()
        world.check()
        refused = sum((each.promises.refused for each in world.desks), Counter())
        notes = sum(len(each.promises.notes) for each in world.desks)
        print(f"{notes} notes, {world.kills} kills, {world.wire.strikes} COMMITs cut, refused {dict(refused)}")
        assert notes > ROUNDS
        assert world.kills == ROUNDS // _EVERY_NTH_KILLS
        assert world.wire.strikes > ROUNDS // 10
        assert refused["database.lost"] > 0
    finally:
        world.close()
