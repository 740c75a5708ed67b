"""A desk that is open while its database is upgraded writes nothing any more, and knows why."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from app.models.errors import DatabaseError
from app.models.tables import Audit, Team, Ticket
from app.services import staff
from app.services.database import Database, age, open_database, schema, upgrade
from app.services.database.changes import ChangeFeed
from tests.fixtures.databases import SYSTEM, SettableClock


def upgraded(database: Database, statement: str = "SELECT 1") -> None:
    """As the program of tomorrow does it."""
    with database.engine.begin() as connection:
        connection.execute(text(statement))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def add_team(database: Database) -> None:
    with database.write(SYSTEM) as work:
        new = uuid4()
        work.session.add(Team(id=new, name=f"Night shift {new}", level=1))
        work.changed("team", new)
        work.audit("team.added", None)


def counts(database: Database) -> list[int]:
    with database.engine.connect() as connection:
        return [connection.scalar(select(func.count()).select_from(each)) or 0 for each in (Team, Audit)]


def test_a_write_of_the_old_program_is_refused_whole(database: Database) -> None:
    add_team(database)
    upgraded(database)
    before = counts(database)
    with pytest.raises(DatabaseError, match=r"^database\.upgraded"):
        add_team(database)
    assert counts(database) == before
    assert schema.is_outdated(database)


def test_a_write_that_tells_nobody_is_refused_as_well(database: Database) -> None:
    upgraded(database)
    before = counts(database)
    with pytest.raises(DatabaseError, match=r"^database\.upgraded"), database.write(SYSTEM) as work:
        work.session.add(Team(id=uuid4(), name="Night shift", level=1))
    assert counts(database) == before


@pytest.mark.parametrize(
    "statement",
    ["ALTER TABLE team DROP COLUMN signature", "ALTER TABLE team ADD COLUMN floor integer NOT NULL DEFAULT 1"],
)
def test_what_the_old_program_can_still_read_it_reads(database: Database, statement: str) -> None:
    upgraded(database, statement)
    if "DROP" in statement:
        with pytest.raises(DatabaseError, match=r"^database\.upgraded"):
            staff.teams(database)
    else:
        assert staff.teams(database) == []


def test_a_bug_of_ours_is_no_upgrade(database: Database) -> None:
    with pytest.raises(Exception, match="no_such_column") as told, database.read() as session:
        session.execute(text("SELECT no_such_column FROM ticket"))
    assert not isinstance(told.value, DatabaseError)


def test_open_desks_learn_of_an_upgrade_from_the_change_feed(database: Database) -> None:
    feed = ChangeFeed(database)
    add_team(database)
    feed.read()
    with database.engine.begin() as connection:
        schema._announce(connection, database)
    add_team(database)
    assert next((each.topic, each.id) for each in feed.read()) == (age.TOPIC, age.head())


@contextmanager
def other_transaction(database: Database, statement: str) -> Iterator[None]:
    with database.engine.execution_options(firstline_writes=True).begin() as connection:
        connection.execute(text(statement))
        yield


def test_an_upgrade_waits_for_others_only_for_a_while(postgres_url: str, clock: SettableClock) -> None:
    database = open_database(postgres_url, clock)
    with other_transaction(database, "SELECT pg_advisory_xact_lock_shared(47112026)"):
        with pytest.raises(DatabaseError, match=r"^database\.upgrade_blocked") as told:
            upgrade(database, timedelta(milliseconds=200))
        assert str(told.value.facts["who"]).startswith("postgres (firstline")
    upgrade(database, timedelta(milliseconds=200))
    database.close()


def test_a_write_that_ends_during_an_upgrade_is_refused_without_a_wait(postgres_url: str, clock: SettableClock) -> None:
    database = open_database(postgres_url, clock)
    with other_transaction(database, f"SELECT pg_advisory_xact_lock({age.UPGRADE_LOCK})"):
        with pytest.raises(DatabaseError, match=r"^database\.upgrading"):
            add_team(database)
        assert counts(database) == [0, 0]
    add_team(database)
    database.close()


def test_no_write_slips_in_between_an_upgrade_and_its_commit(postgres_url: str, clock: SettableClock) -> None:
    """Writers hammer while the age changes under the lock: nothing is written by the old program afterwards."""
    database = open_database(postgres_url, clock)
    ended = threading.Event()
    refused: list[str] = []

    def hammer() -> None:
        while not ended.is_set():
            try:
                add = uuid4()
                with database.write(SYSTEM) as work:
                    work.session.add(Team(id=add, name=str(add), level=1))
                    work.audit("team.added", add)
            except DatabaseError as error:
                refused.append(error.code)

    writers = [threading.Thread(target=hammer) for _ in range(3)]
    for each in writers:
        each.start()
    try:
        with database.engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": age.UPGRADE_LOCK})
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        after = counts(database)
        while "database.upgraded" not in refused:
            pass
    finally:
        ended.set()
        for each in writers:
            each.join()
    assert counts(database) == after
    database.close()


def test_a_database_that_lacks_what_its_age_promises_is_refused(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE audit_seal"))
    for each in (schema.check, upgrade):
        with pytest.raises(DatabaseError, match=r"^database\.half_upgraded") as told:
            each(database)
        assert str(told.value.facts["missing"]).startswith("audit_seal.")


def test_a_database_that_is_ahead_of_its_age_is_refused_and_left_alone(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    with pytest.raises(DatabaseError, match=r"^database\.half_upgraded"):
        upgrade(database)
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0002"
        assert connection.scalar(select(func.count()).select_from(Ticket)) == 0
