"""What the world does to a database is told in words, and nothing is half done."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, insert, select, text

from app.models.errors import DatabaseError
from app.models.identifiers import new_id
from app.models.tables import Blob, Team
from app.services.database import Database, engine, open_database, upgrade
from app.services.wording import catalogue, languages
from tests.fixtures.databases import SYSTEM, SettableClock


@pytest.fixture
def sqlite(tmp_path: Path, clock: SettableClock, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    opened = open_database(str(tmp_path / "desk.db"), clock)
    upgrade(opened)
    return opened


def add_blob(database: Database, size: int) -> None:
    with database.write(SYSTEM) as work:
        work.session.execute(insert(Blob).values(sha256=str(new_id()), size=size, content=b"x" * size))


def refused(code: str, error: DatabaseError) -> bool:
    return error.code == code and all(f"error.{code}" in catalogue(each) for each in languages())


def test_a_locked_database_is_told_and_works_again_afterwards(sqlite: Database, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "desk.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseError) as error:
        add_blob(sqlite, 10)
    assert refused("database.locked", error.value)
    other.execute("ROLLBACK")
    other.close()
    add_blob(sqlite, 10)
    sqlite.close()


def test_a_full_disk_is_told_and_nothing_is_half_written(sqlite: Database) -> None:
    with sqlite.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 5}")
        with pytest.raises(DatabaseError) as error, sqlite.write(SYSTEM) as work:
            work.session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages + 5}")
            work.session.execute(insert(Team).values(id=new_id(), name="half", level=1))
            work.session.execute(insert(Blob).values(sha256="x", size=1, content=b"x" * 1_000_000))
    assert refused("database.disk_full", error.value)
    with sqlite.read() as session:
        assert session.scalar(select(func.count()).select_from(Team)) == 0
    sqlite.close()


def test_a_server_that_ends_the_connection_is_lost_and_found_again(
    postgres_url: str, postgres_server: str, clock: SettableClock
) -> None:
    database = open_database(postgres_url, clock)
    with pytest.raises(DatabaseError) as error, database.read() as session:
        session.execute(text("SELECT 1"))
        with psycopg.connect(postgres_server, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'firstline'"
            )
        session.execute(text("SELECT 1"))
    assert refused("database.lost", error.value)
    with database.read() as session:
        assert session.scalar(text("SELECT 1")) == 1
    database.close()


def test_a_database_that_is_not_there_is_named(postgres_url: str, clock: SettableClock) -> None:
    name = postgres_url.partition("/t")[2][:32]
    database = open_database(postgres_url.replace(name, "0" * 32), clock)
    with pytest.raises(DatabaseError) as error, database.read() as session:
        session.execute(text("SELECT 1"))
    assert refused("database.no_such_database", error.value)
    database.close()
