"""The way to a remote server, against a real one with TLS: what cannot prove who it is gets no password."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.errors import DatabaseError
from app.services.database import open_database
from app.services.joining import look
from app.services.wording import catalogue, languages
from tests.fixtures.certificates import Pair, authority, certificate
from tests.fixtures.databases import SettableClock
from tests.fixtures.servers import SUPERUSER, SUPERUSER_PASSWORD, PostgresServer, running_postgres

HOST = "db.desk.example"
ENCRYPTED_ONLY = "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with running_postgres(equipped=True, door=ENCRYPTED_ONLY) as started:
        yield started


@pytest.fixture(scope="module")
def trusted() -> Pair:
    return authority()


@pytest.fixture
def authorities(trusted: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the system trusts is our authority."""
    file, _ = trusted.write(tmp_path, "authority")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setenv("HOME", str(tmp_path))
    return file


def show(server: PostgresServer, pair: Pair) -> None:
    """The server shows this certificate from now on."""
    for each in pair.write(server.folder, "server"):
        server.give(each)
    server.set(ssl="on", ssl_cert_file=f"'{server.folder}/server.crt'", ssl_key_file=f"'{server.folder}/server.key'")
    server.restart()


def address(server: PostgresServer, rest: str = "") -> str:
    """Of a server somewhere else, as far as its name tells."""
    place = f"{SUPERUSER}:{SUPERUSER_PASSWORD}@{HOST}:{server.port}/postgres?hostaddr=127.0.0.1"
    return f"postgresql://{place}{rest}"


def refused(url: str) -> str:
    """By the command line and the window alike, and by the first look at a server."""
    database = open_database(url, SettableClock())
    with pytest.raises(DatabaseError) as told, database.read() as session:
        session.connection()
    database.close()
    with pytest.raises(DatabaseError) as looked:
        look(url, None, SettableClock())
    assert looked.value.code == told.value.code
    assert SUPERUSER_PASSWORD not in str(told.value)
    assert all(f"error.{told.value.code}" in catalogue(each) for each in languages())
    return told.value.code


def lets_in(url: str) -> bool:
    database = open_database(url, SettableClock())
    with database.read() as session:
        found = session.connection().exec_driver_sql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        told = bool(found.scalar())
    database.close()
    return told


def test_a_server_whose_certificate_the_system_trusts_lets_in(
    server: PostgresServer, trusted: Pair, authorities: Path
) -> None:
    show(server, certificate(HOST, trusted))
    assert lets_in(address(server))
    assert lets_in(address(server, f"&sslrootcert={authorities}"))
    assert lets_in(address(server, "&sslmode=verify-full&sslrootcert=system"))


def test_an_authority_in_the_home_folder_is_enough(
    server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = authority()
    show(server, certificate(HOST, own))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert refused(address(server)) == "database.certificate"
    home = tmp_path / ".postgresql"
    home.mkdir()
    own.write(home, "root")
    assert lets_in(address(server))


@pytest.mark.usefixtures("authorities")
def test_an_expired_certificate_is_refused(server: PostgresServer, trusted: Pair) -> None:
    show(server, certificate(HOST, trusted, days=-1))
    assert refused(address(server)) == "database.certificate"


@pytest.mark.usefixtures("authorities")
def test_a_certificate_that_signed_itself_is_refused(server: PostgresServer) -> None:
    show(server, certificate(HOST, None))
    assert refused(address(server)) == "database.certificate"
    assert lets_in(address(server, "&sslmode=require"))  # whoever writes it into the address gets it


@pytest.mark.usefixtures("authorities")
def test_a_certificate_for_another_host_is_refused(server: PostgresServer, trusted: Pair) -> None:
    show(server, certificate("other.desk.example", trusted))
    assert refused(address(server)) == "database.certificate_host"


def test_a_file_of_authorities_that_is_not_there_is_told(server: PostgresServer, trusted: Pair) -> None:
    show(server, certificate(HOST, trusted))
    assert refused(address(server, "&sslrootcert=/no/such/file")) == "database.certificate"


@pytest.mark.usefixtures("authorities")
def test_a_server_without_tls_is_refused_where_it_is_elsewhere(server: PostgresServer) -> None:
    server.set(ssl="off")
    server.restart()
    assert refused(address(server)) == "database.no_tls"


def test_a_server_that_wants_encryption_says_so(server: PostgresServer, trusted: Pair) -> None:
    show(server, certificate(HOST, trusted))
    assert refused(address(server, "&sslmode=disable")) == "database.tls_required"


def test_a_server_on_this_machine_needs_no_certificate(server: PostgresServer, trusted: Pair) -> None:
    show(server, certificate(HOST, trusted))
    assert lets_in(server.url())
