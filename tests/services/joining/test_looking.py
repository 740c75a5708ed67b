"""What a look at a shared database tells, against a real server."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from app.models.errors import DatabaseError
from app.models.records.desk import Role
from app.services import staff
from app.services.database import open_database
from app.services.joining import Fitness, Server, look
from app.services.joining.looking import Tls
from tests.fixtures.databases import SYSTEM, SettableClock, database_url


def refused(url: str, password: str | None = None) -> str:
    with pytest.raises(DatabaseError) as told:
        look(url, password, SettableClock())
    return told.value.code


@pytest.fixture
def empty_url(postgres_server: str) -> Iterator[str]:
    name = f"e{uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield database_url(postgres_server, name)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def no_encryption() -> Iterator[int]:
    """A server that answers as PostgreSQL does which has no TLS; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            caller, _ = listening.accept()
            with caller:
                caller.recv(8)
                caller.sendall(b"N")
                caller.recv(1)

        thread = threading.Thread(target=answer)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


@pytest.fixture
def guarded(postgres_server: str, postgres_url: str) -> Iterator[str]:
    """The address of a database whose user needs a password, which is `right`."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        row = connection.execute("SHOW hba_file").fetchone()
        assert row is not None
        rules = Path(str(row[0]))
        before = rules.read_text(encoding="utf-8")
        connection.execute("CREATE ROLE guarded LOGIN PASSWORD 'right'")
        rules.write_text(f"local all guarded scram-sha-256\n{before}", encoding="utf-8")
        connection.execute("SELECT pg_reload_conf()")
        yield postgres_url.replace("//postgres:@", "//guarded@")
        rules.write_text(before, encoding="utf-8")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("DROP OWNED BY guarded")
        connection.execute("DROP ROLE guarded")


def test_a_desk_that_is_there_is_told_with_its_staff(postgres_url: str) -> None:
    database = open_database(postgres_url, SettableClock())
    staff.add_agent(database, SYSTEM, "Lena", "lena@desk.example", Role.AGENT)
    database.close()
    found = look(postgres_url, None, SettableClock())
    assert (found.fitness, [each.mail for each in found.people]) == (Fitness.READY, ["lena@desk.example"])


def test_an_empty_database_may_be_created_in_and_is_left_empty(empty_url: str) -> None:
    assert look(empty_url, None, SettableClock()).fitness is Fitness.EMPTY
    with psycopg.connect(empty_url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_another_products_database_is_left_alone(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        connection.execute("CREATE TABLE invoice (id int)")
    assert refused(empty_url) == "database.foreign"


def test_an_older_and_a_newer_schema_are_told_apart(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        assert refused(postgres_url) == "database.older"
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        assert refused(postgres_url) == "database.newer"


def test_a_wrong_password_is_refused_and_never_shown(guarded: str) -> None:
    with pytest.raises(DatabaseError) as told:
        look(guarded, "wrong-word", SettableClock())
    assert told.value.code == "database.sign_in_refused"
    assert "wrong-word" not in str(told.value)


def test_a_user_without_rights_is_told_so(guarded: str) -> None:
    assert refused(guarded, "right") == "database.no_rights"


def test_names_and_ports_that_are_wrong_are_told_apart(postgres_server: str) -> None:
    assert refused(database_url(postgres_server, "nope")) == "database.no_such_database"
    assert refused(postgres_server.replace("//postgres:@", "//nobody@")) == "database.sign_in_refused"
    assert refused("postgresql://a@127.0.0.1:1/b") == "database.port_closed"
    assert refused("postgresql://a@no-such-host.invalid/b") == "database.host_unknown"


def test_a_server_that_cannot_encrypt_is_told_where_that_is_asked_for(no_encryption: int) -> None:
    server = Server(host="127.0.0.1", port=no_encryption, name="desk", user="lena", tls=Tls.REQUIRED)
    assert refused(server.url, "x") == "database.no_tls"


def test_a_servers_address_holds_its_encryption_and_no_password() -> None:
    checked = Server(host="db.example", user="lena", name="desk")
    assert checked.url == "postgresql://lena@db.example:5432/desk?sslmode=verify-full&sslrootcert=system"
    own = Server(host="db.example", user="lena", name="desk", ca_file=Path("/ca.pem"))
    assert "sslrootcert=%2Fca.pem" in own.url
    local = Server(host="/run/postgresql", user="lena", name="desk")
    assert local.url == "postgresql://lena@/desk?host=%2Frun%2Fpostgresql&port=5432"
