"""What the world does to a database is told in words, and nothing is half done."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import OperationalError

from app.models.errors import DatabaseError
from app.models.identifiers import new_id
from app.models.tables import Blob, Team
from app.services.database import Database, engine, open_database, upgrade
from app.services.database.faults import code_of
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


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ('FATAL:  password authentication failed for user "ann"', "sign_in_refused"),
        ("FATAL:  Passwort-Authentifizierung für Benutzer »ann« fehlgeschlagen", "sign_in_refused"),
        ('FATAL:  role "ann" is not permitted to log in', "sign_in_refused"),
        ("FATAL:  Rolle »ann« hat keine Berechtigung zum Einloggen", "sign_in_refused"),
        ("FATAL:  Rolle »ann« existiert nicht", "sign_in_refused"),
        ("FATAL:  sorry, too many clients already", "too_many_desks"),
        ("FATAL:  tut mir leid, schon zu viele Verbindungen", "too_many_desks"),
        ("FATAL:  zu viele Verbindungen für Datenbank »desk«", "too_many_desks"),
        ("FATAL:  die verbleibenden Verbindungen sind für Superuser reserviert", "too_many_desks"),
        ('FATAL:  database "desk" does not exist', "no_such_database"),
        ("FATAL:  Datenbank »desk« existiert nicht", "no_such_database"),
        ('FATAL:  permission denied for database "desk"', "no_rights"),
        ("FATAL:  keine Berechtigung für Datenbank »desk«", "no_rights"),
        ('FATAL:  no pg_hba.conf entry for host "192.0.2.1", user "ann", database "d", no encryption', "tls_required"),
        (
            "FATAL:  kein pg_hba.conf-Eintrag für Host »x«, Datenbank »d«, keine Verschlüsselung",
            "tls_required",
        ),
        ("SSL error: certificate verify failed", "certificate"),
        ('server certificate for "a" does not match host name "b"', "certificate_host"),
        ("server does not support SSL, but SSL was required", "no_tls"),
        ("FATAL:  désolé, trop de clients sont déjà connectés", "lost"),
    ],
)
def test_why_a_server_let_nobody_in_is_understood_in_its_language(told: str, code: str) -> None:
    failed = psycopg.OperationalError(
        f'connection failed: connection to server at "192.0.2.1", port 5432 failed: {told}'
    )
    assert code_of(OperationalError("", {}, failed)) == f"database.{code}"
