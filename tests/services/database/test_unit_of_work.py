"""One commit at the end, with its audit and its changes, or nothing at all."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, text

from app.models.errors import Conflict, DatabaseError
from app.models.identifiers import new_id
from app.models.tables import Audit, Change, Team
from app.services.database import Database, leases, open_database
from tests.fixtures.databases import SYSTEM, SettableClock


def add_team(database: Database, name: str) -> None:
    with database.write(SYSTEM) as work:
        team = new_id()
        work.session.execute(insert(Team).values(id=team, name=name, level=1))
        work.changed("team", team)
        work.audit("team.added", team, after={"name": name})


def count(database: Database, table: type) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_write_commits_with_its_audit_and_its_change(database: Database) -> None:
    add_team(database, "Desk")
    assert (count(database, Team), count(database, Audit), count(database, Change)) == (1, 1, 1)


def test_an_exception_takes_all_of_it_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.write(SYSTEM) as work:
        work.session.execute(insert(Team).values(id=new_id(), name="Desk", level=1))
        work.audit("team.added", None)
        work.changed("team", "x")
        raise ZeroDivisionError
    assert (count(database, Team), count(database, Audit), count(database, Change)) == (0, 0, 0)


def test_a_lease_has_one_holder_until_it_expires(database: Database, clock: SettableClock) -> None:
    minute = timedelta(minutes=1)
    first = leases.take(database, SYSTEM, "channel/a", "desk-1", minute)
    assert first is not None
    assert leases.take(database, SYSTEM, "channel/a", "desk-2", minute) is None
    assert leases.take(database, SYSTEM, "channel/a", "desk-1", minute) == first
    leases.release(database, SYSTEM, first)
    second = leases.take(database, SYSTEM, "channel/a", "desk-2", minute)
    assert second is not None
    assert second.fence > first.fence
    with pytest.raises(Conflict), database.write(SYSTEM) as work:
        leases.require(work.session, first, clock.now())


def test_a_lost_server_is_told_as_such(clock: SettableClock) -> None:
    from app.services.database import open_database

    database = open_database("postgresql://nobody@127.0.0.1:1/none", clock)
    with pytest.raises(DatabaseError, match=r"database\.lost"), database.read() as session:
        session.execute(text("SELECT 1"))
    database.close()


def test_a_connection_in_use_is_let_go_of_when_its_thread_is_through(postgres_url: str, clock: SettableClock) -> None:
    database = open_database(postgres_url, clock)
    for _ in range(2):  # closed twice, as by a desk that gives up and then ends
        with database.read() as session:
            line = session.connection().connection.driver_connection
            assert line is not None
            database.close()
            assert not line.closed
        assert line.closed
