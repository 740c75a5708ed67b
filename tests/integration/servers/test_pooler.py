"""Many desks behind a connection pooler: pgbouncer in transaction mode, with fewer connections than desks.

What pgbouncer needs to be told stands in `CONFIGURATION`; the desk finds out by itself that it talks to one.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest
from sqlalchemy import select, text

from app.models.identifiers import new_id
from app.models.tables import Audit, Team
from app.services import staff
from app.services.database import open_database, upgrade
from app.services.database.changes import ChangeFeed
from app.services.database.doorbell import hang
from tests.fixtures.databases import SYSTEM, SettableClock
from tests.fixtures.servers import SUPERUSER, SUPERUSER_PASSWORD, PostgresServer, _other_user
from tests.peers.ports import free_port

CONFIGURATION = """
[databases]
* = host=127.0.0.1 port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 2
ignore_startup_parameters = options
"""
PROGRAM = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
_MISSING = not Path(PROGRAM).exists() and not os.environ.get("CI")
pytestmark = pytest.mark.skipif(_MISSING, reason="pgbouncer is not installed")
Pooled = tuple[str, str]


@pytest.fixture
def pooled(start_postgres: Callable[..., PostgresServer]) -> Iterator[Pooled]:
    """The address of a database at head, behind the pooler and without it."""
    server = start_postgres()
    direct = server.create("firstline")
    with closing(open_database(direct, SettableClock())) as database:
        upgrade(database)
    port = free_port()
    settings = {"server": server.port, "port": port, "folder": server.folder}
    (server.folder / "users").write_text(f'"{SUPERUSER}" "{SUPERUSER_PASSWORD}"\n')
    (server.folder / "bouncer.ini").write_text(CONFIGURATION.format(**settings))
    for each in ("users", "bouncer.ini"):
        server.give(server.folder / each)
    log = (server.folder / "bouncer.log").open("w")
    process = subprocess.Popen(
        [PROGRAM, "-q", str(server.folder / "bouncer.ini")], user=_other_user(), stderr=log, stdout=log
    )
    address = direct.replace(f":{server.port}/", f":{port}/")
    _wait_for(address)
    yield address, direct
    process.terminate()
    process.wait(10)
    log.close()


def _wait_for(address: str) -> None:
    until = monotonic() + 15
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            assert monotonic() < until
            sleep(0.05)
        else:
            return


def test_desks_share_two_connections_and_lose_nothing(pooled: Pooled) -> None:
    """Statements that the driver prepared for one connection are not asked of another."""
    address, direct = pooled
    databases = [open_database(address, SettableClock()) for _ in range(4)]

    def work(number: int) -> None:
        database = databases[number % 4]
        for _ in range(12):
            with database.write(SYSTEM) as writing:
                team = new_id()
                writing.session.add(Team(id=team, name=f"team {team}", level=1))
                writing.changed("team", team)
                writing.audit("team.added", team)
            assert staff.teams(database)

    with ThreadPoolExecutor(8) as desks:
        for each in [desks.submit(work, number) for number in range(8)]:
            each.result()
    for each in databases:
        each.close()
    with closing(open_database(direct, SettableClock())) as database, database.read() as session:
        assert len(session.scalars(select(Team.id)).all()) == 96
        assert len(session.scalars(select(Audit.id).where(Audit.action == "team.added")).all()) == 96
        backends = (
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = 'firstline'"
        )
        assert (session.scalar(text(backends)) or 0) <= 3


def test_news_come_by_the_clock_and_not_by_the_bell(pooled: Pooled) -> None:
    address, _ = pooled
    rung: list[bool] = []
    with closing(open_database(address, SettableClock())) as database:
        bell = hang(database, lambda: rung.append(True))
        bell.start()
        feed = ChangeFeed(database)
        feed.read()
        with database.write(SYSTEM) as work:
            work.changed("team", new_id())
        assert [each.topic for each in feed.read()] == ["team"]
        assert not bell.is_hung
        bell.stop()


def test_what_was_asked_of_one_backend_often_is_asked_of_another(pooled: Pooled) -> None:
    """The driver prepares what it is asked five times; behind a pooler it must not."""
    address, direct = pooled
    asked = text("SELECT 40 + 2")
    met = set()
    with (
        closing(open_database(address, SettableClock())) as one,
        closing(open_database(address, SettableClock())) as two,
        one.engine.connect() as mine,
        two.engine.connect() as theirs,
    ):
        for others in (False, True):
            if others:
                theirs.scalar(asked)  # and holds the backend that was met so far
            for _ in range(8):
                assert mine.scalar(asked) == 42
                met.add(mine.scalar(text("SELECT pg_backend_pid()")))
                mine.commit()
    assert len(met) == 2
    with closing(open_database(direct, SettableClock())) as database, database.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        assert raw.prepare_threshold == 5  # without a pooler it stays as fast as it was
