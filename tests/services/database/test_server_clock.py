from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from app.models.errors import DatabaseError
from app.models.identifiers import new_id
from app.services.database import Database, open_database, upgrade
from app.services.database.server_clock import ServerClock
from tests.fixtures.databases import SYSTEM, SettableClock

TRUE_TIME = timedelta(seconds=5)


def off_by(**units: float) -> SettableClock:
    return SettableClock(datetime.now(UTC) + timedelta(**units))


def follow(url: str, clock: ServerClock) -> Iterator[Database]:
    database = open_database(url, clock)
    clock.follow(database)
    upgrade(database)
    yield database
    database.close()


@pytest.mark.parametrize("hours", [-30, -1, 1, 30])
def test_a_desk_whose_clock_is_hours_off_writes_the_servers_time(postgres_url: str, hours: int) -> None:
    clock = ServerClock(off_by(hours=hours))
    for database in follow(postgres_url, clock):
        with database.write(SYSTEM) as work:
            work.audit("clock.read", new_id())
            assert abs(work.now - datetime.now(UTC)) < TRUE_TIME
    assert abs(clock.now() - datetime.now(UTC)) < TRUE_TIME


def test_a_clock_that_is_set_right_is_believed_with_the_next_connection(postgres_url: str) -> None:
    here = off_by(hours=3)
    clock = ServerClock(here)
    for database in follow(postgres_url, clock):
        here.forward(hours=-3)
        assert abs(clock.now() - datetime.now(UTC)) > TRUE_TIME
        database.engine.dispose()
        with database.read() as session:
            session.connection()
        assert clock.now() == here.now()


def test_a_clock_that_is_right_does_not_jump(postgres_url: str) -> None:
    here = off_by(seconds=0.4)
    clock = ServerClock(here)
    for database in follow(postgres_url, clock):
        with database.read() as session:
            session.connection()
        assert clock.now() == here.now()


def test_an_embedded_database_goes_by_the_clock_of_its_machine(tmp_path: Path) -> None:
    here = off_by(hours=3)
    clock = ServerClock(here)
    for database in follow(f"sqlite:///{tmp_path / 'desk.db'}", clock):
        with database.read() as session:
            session.connection()
    assert clock.now() == here.now()


def test_a_server_that_goes_away_while_it_is_asked_is_lost_and_found_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_told: object) -> None:
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    clock = ServerClock(off_by(hours=3))
    database = open_database(postgres_url, clock)
    clock.follow(database)
    with monkeypatch.context() as broken:
        broken.setattr(psycopg.Cursor, "execute", cut)
        with pytest.raises(DatabaseError, match=r"^database\.lost"), database.read() as session:
            session.connection()
    with database.read() as session:
        session.connection()
    assert abs(clock.now() - datetime.now(UTC)) < TRUE_TIME
    database.close()
