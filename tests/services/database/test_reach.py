"""A database that is away is asked seldom, at moments of each desk's own, and everybody hears when it is back."""

import os
import random
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.models.errors import DatabaseError
from app.models.identifiers import new_id
from app.models.tables import Team
from app.services.database import Database, engine, open_database, upgrade
from app.services.database.reach import LONGEST, SHORTEST, WAITS, Reach
from app.services.offline.probing import probe
from tests.fixtures.databases import SYSTEM, SettableClock
from tests.fixtures.servers import PostgresServer

LOST = DatabaseError("database.lost", detail="gone")
Own = tuple[PostgresServer, Database]


class Ticking:
    """A stopwatch that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticking() -> Ticking:
    return Ticking()


def refused(reach: Reach, *, writing: bool = False) -> str | None:
    try:
        reach.enter(writing=writing)
    except DatabaseError as error:
        return error.code
    return None


def test_what_is_asked_while_it_is_away_is_refused_until_it_is_time(clock: SettableClock, ticking: Ticking) -> None:
    reach = Reach(clock, ticking, lambda: 0.5)
    assert refused(reach) is None
    reach.failed(LOST, writing=False)
    assert (reach.is_away, reach.since, reach.error) == (True, clock.at, LOST)
    assert refused(reach) == "database.lost"
    assert refused(reach, writing=True) == WAITS
    ticking.now += SHORTEST + 0.5
    assert reach.is_due
    assert refused(reach) is None
    assert refused(reach) == "database.lost"  # one is let through, and no second one behind it
    reach.answered()
    assert not reach.is_away
    assert refused(reach) is None


def test_the_pauses_grow_to_a_longest_one(clock: SettableClock, ticking: Ticking) -> None:
    reach = Reach(clock, ticking, lambda: 1.0)
    reach.failed(LOST, writing=False)
    pauses = []
    for _ in range(12):
        began = ticking.now
        while refused(reach):
            ticking.now += 0.25
        reach.failed(LOST, writing=False)
        pauses.append(ticking.now - began)
    assert pauses[:4] == [1, 2, 4, 8]
    assert pauses[-1] == LONGEST == max(pauses)


def test_two_hundred_desks_do_not_come_back_at_once(clock: SettableClock) -> None:
    """A server that was away for ten minutes: in the half minute after, no second has more than a sixth of them."""
    spread = random.Random(7)
    tries: list[float] = []
    for _ in range(200):
        ticking = Ticking()
        reach = Reach(clock, ticking, spread.random)
        reach.failed(LOST, writing=False)
        while ticking.now < 700:
            ticking.now += 0.1
            if refused(reach) is None and ticking.now < 700:
                reach.failed(LOST, writing=False)
        while refused(reach):
            ticking.now += 0.1
        tries.append(ticking.now)
    assert max(tries) - 700 <= LONGEST + 1
    seconds = [int(each) for each in tries]
    assert max(map(seconds.count, seconds)) < 200 / 6


def test_a_button_tries_at_once(clock: SettableClock, ticking: Ticking) -> None:
    reach = Reach(clock, ticking, lambda: 1.0)
    reach.failed(LOST, writing=False)
    reach.try_now()
    assert refused(reach) is None


def test_listeners_hear_of_each_change_once(clock: SettableClock, ticking: Ticking) -> None:
    reach, heard = Reach(clock, ticking), list[bool]()
    listener: Callable[[], None] = lambda: heard.append(reach.is_away)  # noqa: E731
    reach.listen(listener)
    for _ in range(3):
        reach.failed(LOST, writing=False)
    for _ in range(3):
        reach.answered()
    assert heard == [True, False]
    reach.unlisten(listener)
    reach.unlisten(listener)
    reach.failed(LOST, writing=False)
    assert heard == [True, False]


@pytest.mark.parametrize(
    ("code", "writing", "away"),
    [
        ("database.lost", True, True),
        ("database.sign_in_refused", False, True),
        ("database.too_many_desks", False, True),
        ("database.locked", False, True),
        ("database.locked", True, False),
        ("database.disk_full", True, False),
        ("database.no_rights", True, False),
        ("database.read_only", True, False),
        (WAITS, True, False),
    ],
)
def test_a_refused_statement_is_not_a_lost_database(clock: SettableClock, code: str, writing: bool, away: bool) -> None:
    reach = Reach(clock)
    reach.failed(DatabaseError(code), writing=writing)
    assert reach.is_away is away


def test_whoever_asks_nothing_has_not_found_it(tmp_path: Path, clock: SettableClock, ticking: Ticking) -> None:
    database = open_database(str(tmp_path / "desk.db"), clock)
    database.reach = Reach(clock, ticking)
    database.reach.failed(LOST, writing=False)
    ticking.now += 60
    with database.read():
        pass
    assert database.reach.is_away
    database.close()


@pytest.fixture
def own(
    start_postgres: Callable[..., PostgresServer], clock: SettableClock
) -> Iterator[tuple[PostgresServer, Database]]:

    server = start_postgres()
    database = open_database(server.create("firstline"), clock)
    upgrade(database)
    database.reach = Reach(clock)
    yield server, database
    database.close()


def test_a_server_that_is_stopped_and_started_again(own: Own) -> None:
    """However it ends: by an orderly stop, or as if the power went."""
    server, database = own
    assert database.reach is not None
    for end in ("fast", "immediate"):
        probe(database)
        server.stop(end)
        with pytest.raises(DatabaseError), database.read() as session:
            session.scalars(select(Team.id)).all()
        assert database.reach.is_away
        with pytest.raises(DatabaseError) as told, database.write(SYSTEM):
            pass
        assert told.value.code == WAITS
        seen = database.as_seen_by(SYSTEM)
        with pytest.raises(DatabaseError), seen.read():
            pass
        server.start()
        database.reach.try_now()
        probe(database)
        assert not database.reach.is_away
        with seen.read() as session:
            session.scalars(select(Team.id)).all()


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="told by Linux alone")
def test_a_network_that_swallows_everything_is_found_out(own: Own) -> None:
    """After some 20 seconds, as the socket was told; without it a cut cable is found out after a quarter of an hour."""
    _, database = own
    with database.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        with socket.socket(fileno=os.dup(raw.pgconn.socket)) as line:
            assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000
            assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 10
            assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1


def test_a_file_that_cannot_be_opened_is_away_until_it_can(
    tmp_path: Path, clock: SettableClock, ticking: Ticking
) -> None:
    file = tmp_path / "desk.db"
    database = open_database(str(file), clock)
    upgrade(database)
    database.reach = reach = Reach(clock, ticking)
    database.close()
    file.rename(tmp_path / "aside.db")
    file.mkdir()
    with pytest.raises(DatabaseError) as told:
        probe(database)
    assert (told.value.code, reach.is_away) == ("database.cannot_open", True)
    file.rmdir()
    (tmp_path / "aside.db").rename(file)
    ticking.now += LONGEST
    probe(database)
    assert not reach.is_away
    database.close()


def test_a_locked_file_is_away_only_for_who_cannot_read_it(
    tmp_path: Path, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process holds it: who writes hears that, and who reads goes on."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    database = open_database(str(tmp_path / "desk.db"), clock)
    upgrade(database)
    database.reach = reach = Reach(clock)
    with closing(sqlite3.connect(tmp_path / "desk.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseError) as told, database.write(SYSTEM) as work:
            work.session.add(Team(id=new_id(), name="x", level=1))
        probe(database)
    assert told.value.code == "database.locked"
    assert not reach.is_away
    database.close()
