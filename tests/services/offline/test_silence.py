"""A server that hangs is taken for lost; whoever waits for it is let go, and goes on when it does."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import text

from app.models.errors import DatabaseError, KnownError
from app.services.database import Database, open_database, upgrade
from app.services.database.reach import Reach
from app.services.offline.probing import probe
from app.services.offline.silence import Silence
from tests.fixtures.databases import SettableClock
from tests.fixtures.servers import PostgresServer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
Watched = tuple[PostgresServer, Database, Silence]


@pytest.fixture
def watched(start_postgres: Callable[..., PostgresServer], clock: SettableClock) -> Iterator[Watched]:
    server = start_postgres()
    database = open_database(f"{server.create('firstline')}?connect_timeout=2", clock)
    upgrade(database)
    database.reach = Reach(clock)
    yield server, database, Silence(database, database.reach, patience=0.4, last_patience=0.6)
    database.close()


@contextmanager
def hung(server: PostgresServer) -> Iterator[None]:
    """Every process of the server stands still, as on a machine that hangs."""
    postmaster = int(server.data.joinpath("postmaster.pid").read_text().split()[0])
    children = [each for each in map(_parent, Path("/proc").glob("[0-9]*")) if each[1] == postmaster]
    processes = [postmaster, *(each for each, _ in children)]
    for each in processes:
        os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in processes:
            os.kill(each, signal.SIGCONT)


def _parent(process: Path) -> tuple[int, int]:
    try:
        return int(process.name), int(process.joinpath("stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return int(process.name), 0


def ask(database: Database, told: list[str]) -> threading.Thread:
    def work() -> None:
        try:
            probe(database)
            told.append("answered")
        except KnownError as error:
            told.append(error.code)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def look_until(silence: Silence, holds: Callable[[], bool], seconds: float = 15) -> None:
    until = monotonic() + seconds
    while not holds():
        assert monotonic() < until
        silence.look()
        sleep(0.02)


def test_who_waits_for_a_server_that_hangs_is_let_go(watched: Watched) -> None:
    server, database, silence = watched
    assert database.reach is not None
    probe(database)
    told: list[str] = []
    with hung(server):
        waiting = [ask(database, told) for _ in range(3)]
        look_until(silence, lambda: database.reach is not None and database.reach.is_away)
        for each in waiting:
            each.join(40)  # who is about to connect waits for that first
        assert told == ["database.lost"] * 3
        with pytest.raises(DatabaseError):
            probe(database)
    database.reach.try_now()
    probe(database)
    assert not database.reach.is_away


def test_a_question_that_takes_long_is_left_alone(watched: Watched) -> None:
    """The server answers others: nothing is cut."""
    _, database, silence = watched
    done: list[bool] = []

    def long() -> None:
        with database.read() as session:
            session.execute(text("SELECT pg_sleep(2.5)"))
        done.append(True)

    thread = threading.Thread(target=long)
    thread.start()
    look_until(silence, lambda: bool(done))
    thread.join()
    assert database.reach is not None
    assert not database.reach.is_away


def test_who_asks_nothing_hears_no_silence(watched: Watched) -> None:
    _, database, _ = watched
    assert database.reach is not None
    assert database.reach.silent_for == 0
    with database.read() as session:
        session.execute(text("SELECT 1"))
        sleep(0.05)
        assert 0.05 <= database.reach.silent_for < 5
    assert database.reach.silent_for == 0
