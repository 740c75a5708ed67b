"""The servers that the other tests start are what they say."""

from collections.abc import Callable

import psycopg
import pytest

from tests.fixtures.servers import PostgresServer, own_folder, running


def test_a_killed_server_has_what_was_committed(start_postgres: Callable[..., PostgresServer]) -> None:
    server = start_postgres(max_connections="17")
    url = server.create("desk")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    with psycopg.connect(url) as cut:
        server.kill()
        with pytest.raises(psycopg.OperationalError):
            cut.execute("SELECT 1")
    server.start()
    with server.connect("desk") as connection:
        assert connection.execute("SELECT one, current_setting('max_connections') FROM kept").fetchall() == [(1, "17")]


def test_a_standby_follows_its_primary(start_postgres: Callable[..., PostgresServer]) -> None:
    server = start_postgres()
    with own_folder() as folder, running(server.standby(folder)) as standby, standby.connect() as connection:
        assert connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("CREATE TABLE refused ()")


def test_an_equipped_server_knows_icu(start_postgres: Callable[..., PostgresServer]) -> None:
    server = start_postgres(equipped=True)
    with server.connect() as connection:
        assert connection.execute("SELECT count(*) > 0 FROM pg_collation WHERE collprovider = 'i'").fetchone() == (
            True,
        )
