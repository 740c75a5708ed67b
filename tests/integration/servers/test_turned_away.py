"""A server that will not have us any more, or that is not what we took it for: one sentence, and nothing half done."""

from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import func, make_url, select, text

from app.models.errors import DatabaseError
from app.models.tables import Team
from app.services import staff
from app.services.database import Database, check, open_database, secure, upgrade
from app.services.database.reach import AWAY
from app.services.staff import logins
from app.services.wording import catalogue, languages
from tests.fixtures.databases import SYSTEM, SettableClock
from tests.fixtures.servers import PostgresServer, running_postgres

PASSWORD = "a fine day for fishing"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with running_postgres(max_connections="12", superuser_reserved_connections="2") as started:
        yield started


@pytest.fixture
def owner(server: PostgresServer, clock: SettableClock) -> Iterator[Database]:
    """Who made a desk in a database of its own."""
    database = open_database(server.create(f"d{uuid4().hex}"), clock)
    upgrade(database)
    assert secure(database)
    staff.add_agent(database, SYSTEM, "Tom", "tom@desk.example", staff.Role.ADMINISTRATOR, ())
    yield database
    database.close()


@pytest.fixture
def ann(owner: Database, clock: SettableClock) -> Iterator[Database]:
    """The desk of an agent who is signed in and connected."""
    login = f"ann-{owner.engine.url.database}"
    agent = staff.add_agent(owner, SYSTEM, "Ann", "ann@desk.example", staff.Role.SUPERVISOR, ())
    logins.admit(owner, SYSTEM, agent, login, PASSWORD)
    url = make_url(owner.engine.url).set(username=login, password=PASSWORD)
    database = open_database(url.render_as_string(hide_password=False), clock)
    assert staff.sign_in(database, None).id == agent.id
    yield database
    database.close()


def refused(code: str, database: Database) -> bool:
    """By reading and by writing, in words of each language, and without a password in them."""
    found = set()
    for look in (lambda: staff.teams(database), lambda: write(database)):
        with pytest.raises(DatabaseError) as told:
            look()
        assert PASSWORD not in str(told.value)
        found.add(told.value.code)
    assert all(f"error.{each}" in catalogue(language) for each in found for language in languages())
    return found == {code}


def write(database: Database) -> None:
    with database.write(SYSTEM) as work:
        work.session.add(Team(id=uuid4(), name=f"{uuid4()}", level=1))
        work.changed("team", uuid4())


def teams(owner: Database) -> int:
    with owner.read() as session:
        return session.scalar(select(func.count()).select_from(Team)) or 0


def run(owner: Database, statement: str) -> None:
    with owner.engine.begin() as connection:
        login = f"ann-{owner.engine.url.database}"
        connection.exec_driver_sql(statement.format(login=f'"{login}"', database=f'"{owner.engine.url.database}"'))


def cut(owner: Database) -> None:
    """The connections of everybody else end, as they do sooner or later."""
    run(
        owner,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


def test_a_role_that_may_not_log_in_any_more_is_told_at_the_next_connection(owner: Database, ann: Database) -> None:
    run(owner, "ALTER ROLE {login} NOLOGIN")
    cut(owner)
    assert refused("database.sign_in_refused", ann)
    assert teams(owner) == 0


def test_a_role_that_is_dropped_while_connected_can_do_nothing_more(owner: Database, ann: Database) -> None:
    run(owner, "DROP OWNED BY {login}; DROP ROLE {login}")
    with pytest.raises(DatabaseError) as told:
        write(ann)
    assert told.value.code in ("database.sign_in_refused", "database.no_rights")
    assert teams(owner) == 0
    cut(owner)
    assert refused("database.sign_in_refused", ann)


def test_a_person_who_is_disabled_while_connected_can_do_nothing_more(owner: Database, ann: Database) -> None:
    agent = next(each for each in staff.agents(owner) if each.mail == "ann@desk.example")
    logins.disable(owner, SYSTEM, agent)
    assert refused("database.no_rights", ann)
    assert teams(owner) == 0


def test_a_password_that_was_changed_is_asked_for_at_the_next_connection(owner: Database, ann: Database) -> None:
    run(owner, "ALTER ROLE {login} PASSWORD 'another one'")
    staff.teams(ann)  # who is in stays in
    cut(owner)
    assert refused("database.sign_in_refused", ann)
    assert "database.sign_in_refused" in AWAY


def test_a_server_without_a_free_connection_says_so_and_serves_again(
    owner: Database, ann: Database, server: PostgresServer
) -> None:
    cut(owner)
    with ExitStack() as stack:
        with pytest.raises(psycopg.OperationalError):
            while True:
                stack.enter_context(psycopg.connect(server.url("postgres")))
        assert refused("database.too_many_desks", ann)
    staff.teams(ann)


def test_a_limit_of_the_database_is_told_like_that_of_the_server(owner: Database, ann: Database) -> None:
    cut(owner)
    run(owner, "ALTER DATABASE {database} CONNECTION LIMIT 0")
    assert refused("database.too_many_desks", ann)


def test_a_database_that_is_dropped_while_connected_is_told(
    owner: Database, ann: Database, server: PostgresServer
) -> None:
    with server.connect() as connection:
        connection.execute(f'DROP DATABASE "{owner.engine.url.database}" WITH (FORCE)'.encode())
    with pytest.raises(DatabaseError) as told:
        staff.teams(ann)
    assert told.value.code in ("database.lost", "database.no_such_database")
    assert refused("database.no_such_database", ann)


@pytest.mark.parametrize(
    "tables",
    [
        "CREATE TABLE invoice (id int)",
        "CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('ab12cd34')",
        "CREATE TABLE ticket (id int); CREATE TABLE alembic_version (version_num text)",
        "CREATE TABLE ticket (id int); CREATE TABLE alembic_version (version_num text); "
        "INSERT INTO alembic_version VALUES ('0003')",
    ],
)
def test_the_database_of_another_product_is_refused_and_left_alone(
    server: PostgresServer, clock: SettableClock, tables: str
) -> None:
    url = server.create(f"d{uuid4().hex}")
    with psycopg.connect(url) as connection:
        connection.execute(tables.encode())
        before = connection.execute("SELECT relname FROM pg_class ORDER BY 1").fetchall()
    database = open_database(url, clock)
    for each in (check, upgrade):
        with pytest.raises(DatabaseError, match=r"^database\.foreign"):
            each(database)
    with database.engine.connect() as connection:
        after = connection.execute(text("SELECT relname FROM pg_class ORDER BY 1")).all()
    assert [tuple(each) for each in after] == before
    database.close()
