"""Questions to real databases: values are bound, nothing is written, and a stop ends the question there."""

import socket
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.models.errors import KnownError
from app.models.records.runs import Ended, Outcome, RemoteState
from app.models.records.scripts import Transport
from app.services.remote_help.transports.interface import Job, Reach
from app.services.remote_help.transports.sql import SqlCarrier
from tests.fixtures.servers import PostgresServer, running_postgres
from tests.peers.ports import free_port
from tests.services.remote_help.transports.carrying import Said, carry, connection, job, manifest, package, run
from tests.services.remote_help.transports.test_ssh import HOSTILE

PASSWORD = "Sesame-4711"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """With a database `shop` that `reader` may read, and write if it were let."""
    with running_postgres() as found:
        found.create("shop")
        with psycopg.connect(found.url("shop"), autocommit=True) as going:
            going.execute(f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'")
            going.execute("CREATE TABLE orders (id int PRIMARY KEY, word text)")
            going.execute("INSERT INTO orders SELECT n, 'word ' || n FROM generate_series(1, 2000) n")
            going.execute("GRANT ALL ON orders TO reader")
            going.execute("CREATE TABLE hidden (id int)")
            going.execute(
                "CREATE FUNCTION writes() RETURNS int LANGUAGE sql AS 'DELETE FROM orders; SELECT 1' SECURITY DEFINER"
            )
        yield found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "shop #1 100%.db"
    with sqlite3.connect(found) as going:
        going.execute("CREATE TABLE orders (id int PRIMARY KEY, word text)")
        going.executemany("INSERT INTO orders VALUES (?, ?)", [(each, f"word {each}") for each in range(1, 2001)])
    going.close()
    return found


@pytest.fixture(params=["postgresql", "sqlite"])
def address(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('file')}"
    port = request.getfixturevalue("server").port
    return f"postgresql://reader@127.0.0.1:{port}/shop"


def wanted(address: str, statement: str, **more: Any) -> Job:
    names = more.get("values", {})
    told = manifest(
        {"transport": "sql", "statement": statement, **more.pop("program", {})}, [{"name": each} for each in names],
        takes_target=False, **{"output": "table", **more.pop("manifest", {})},
    )  # fmt: skip
    secrets = more.pop("secrets", {"password": PASSWORD})
    return job(package(told), address, connection(Transport.SQL, address), secrets, **more)


def ran(what: Job, **more: Any) -> tuple[Ended, Said]:
    said = Said()
    return carry(SqlCarrier(), what, said, **more), said


def code(ended: Ended) -> str:
    assert ended.problem is not None
    return ended.problem.code


def test_rows_are_told_as_a_table_a_document_or_lines(address: str) -> None:
    statement = "SELECT id, word, NULL AS empty FROM orders WHERE id <= :most ORDER BY id"
    ended, said = ran(wanted(address, statement, values={"most": 2}))
    assert (ended.outcome, ended.remote, ended.problem) == (Outcome.SUCCEEDED, RemoteState.FINISHED, None)
    assert said.tables == [(["id", "word", "empty"], [["1", "word 1", ""], ["2", "word 2", ""]])]
    _, said = ran(wanted(address, statement, values={"most": 1}, manifest={"output": "json"}))
    assert said.documents == [[{"id": "1", "word": "word 1", "empty": ""}]]
    _, said = ran(wanted(address, statement, values={"most": 1}, manifest={"output": "text"}))
    assert said.out == b"1\tword 1\t\n"


def test_a_statement_that_asks_nothing_says_so(address: str) -> None:
    ended, said = ran(wanted(address, "SAVEPOINT here"))
    told = "sql.no_rows" if address.startswith("sqlite") else "sql.refused"  # PostgreSQL has no cursor for it
    assert (ended.outcome, ended.remote, code(ended)) == (Outcome.FAILED, RemoteState.FINISHED, told)
    assert said.tables == []


def test_a_number_greater_than_the_database_knows_is_refused_in_words(address: str) -> None:
    values = {"most": 10**40}
    ended, _ = ran(wanted(address, "SELECT id FROM orders WHERE id = :most", values=values))
    assert ended.remote in (RemoteState.FINISHED, RemoteState.NEVER_STARTED)
    assert ended.problem is None or ended.problem.code == "sql.refused"


def test_no_rows_are_a_table_without_rows(address: str) -> None:
    assert ran(wanted(address, "SELECT id FROM orders WHERE id < 0"))[1].tables == [(["id"], [])]


@pytest.mark.parametrize("value", [*HOSTILE, "' OR 1=1 --", "'; DELETE FROM orders; --", ":other", "%s %(x)s"])
def test_a_value_is_a_value(address: str, value: str) -> None:
    _, said = ran(wanted(address, "SELECT :it AS it, length(:it) AS n", values={"it": value, "unused": 1}))
    assert said.tables == [(["it", "n"], [[value, str(len(value))]])]


@pytest.mark.parametrize("most", [1, 500, 501, 1999])
def test_no_more_rows_than_may_be(address: str, most: int) -> None:
    ended, said = ran(wanted(address, "SELECT id FROM orders ORDER BY id", program={"most_rows": most}))
    assert (ended.outcome, code(ended)) == (Outcome.SUCCEEDED, "sql.more_rows")
    assert sum(len(rows) for _, rows in said.tables) == most


def test_as_many_rows_as_may_be_are_not_more(address: str) -> None:
    ended, said = ran(wanted(address, "SELECT id FROM orders", program={"most_rows": 2000}))
    assert ended.problem is None
    assert sum(len(rows) for _, rows in said.tables) == 2000


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM orders", "UPDATE orders SET word = ''", "CREATE TABLE other (id int)", "DROP TABLE orders",
     "SELECT 1; DELETE FROM orders", "WITH gone AS (DELETE FROM orders RETURNING id) SELECT id FROM gone",
     "COMMIT; DELETE FROM orders", "SELECT 1; COMMIT; BEGIN READ WRITE; DELETE FROM orders; COMMIT"],
)  # fmt: skip
def test_nothing_is_written(address: str, statement: str) -> None:
    ended, _ = ran(wanted(address, statement))
    assert (ended.outcome, ended.remote) == (Outcome.FAILED, RemoteState.FINISHED)
    assert ran(wanted(address, "SELECT count(*) AS n FROM orders"))[1].tables == [(["n"], [["2000"]])]


def test_a_function_that_writes_is_refused_by_the_database_in_words(server: PostgresServer, file: Path) -> None:
    address = f"postgresql://reader@127.0.0.1:{server.port}/shop"
    assert code(ran(wanted(address, "SELECT writes()"))[0]) == "sql.read_only"
    assert code(ran(wanted(f"sqlite:///{file}", "DELETE FROM orders"))[0]) == "sql.read_only"


def test_what_an_account_may_not_read_is_told(server: PostgresServer) -> None:
    address = f"postgresql://reader@127.0.0.1:{server.port}/shop"
    assert code(ran(wanted(address, "SELECT * FROM hidden"))[0]) == "sql.no_right"


def test_what_a_database_says_of_a_wrong_statement_is_shown(address: str) -> None:
    ended, said = ran(wanted(address, "SELECT wrong FROM orders"))
    assert (ended.outcome, code(ended)) == (Outcome.FAILED, "sql.refused")
    assert b"wrong" in said.error


SLOW = "SELECT pg_sleep(300)"
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n WHERE x <= 1000"
"""Tells a thousand rows, and goes on looking for others."""

REASONS = pytest.mark.parametrize("reason", [Outcome.CANCELLED, Outcome.TIMED_OUT])


@REASONS
def test_a_stop_ends_the_question_in_the_server(server: PostgresServer, reason: Outcome) -> None:
    import asyncio

    from app.services.remote_help.transports.interface import Stop

    async def running() -> Ended:
        stop = Stop()
        address = f"postgresql://reader@127.0.0.1:{server.port}/shop"
        task = asyncio.create_task(SqlCarrier().run(wanted(address, SLOW), Said(), stop))
        await asyncio.to_thread(_until_asked, server, 1)
        stop.ask(reason)
        return await task

    ended = asyncio.run(running())
    assert (ended.outcome, ended.remote) == (reason, RemoteState.STOPPED)
    _until_asked(server, 0)


@REASONS
def test_a_stop_interrupts_a_question_to_a_file_that_would_never_end(file: Path, reason: Outcome) -> None:
    program = {"most_rows": 100_000}
    what = wanted(f"sqlite:///{file}", ENDLESS, program=program, manifest={"output": "text"})
    ended, said = ran(what, stop_when=lambda said: len(said.out) > 0, outcome=reason)
    assert said.out.startswith(b"1\n2\n")
    assert (ended.outcome, ended.remote) == (reason, RemoteState.STOPPED)


def test_a_stop_before_a_server_answers_asked_nothing() -> None:
    import asyncio

    from app.services.remote_help.transports.interface import Stop

    async def running(address: str) -> Ended:
        stop = Stop()
        task = asyncio.create_task(SqlCarrier().run(wanted(address, SLOW), Said(), stop))
        silent, _ = await asyncio.to_thread(listening.accept)
        with silent:
            stop.ask(Outcome.CANCELLED)
            return await task

    with socket.create_server(("127.0.0.1", 0)) as listening:
        ended = asyncio.run(running(f"postgresql://reader@127.0.0.1:{listening.getsockname()[1]}/shop"))
    assert (ended.outcome, ended.remote) == (Outcome.CANCELLED, RemoteState.NEVER_STARTED)


def _until_asked(server: PostgresServer, count: int) -> None:
    limit = time.monotonic() + 60
    with server.connect() as looking:
        query = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'FETCH %'"
        while True:
            row = looking.execute(query).fetchone()
            if row is not None and row[0] == count:
                return
            assert time.monotonic() < limit
            time.sleep(0.05)


def test_the_server_itself_ends_what_takes_too_long(server: PostgresServer) -> None:
    from dataclasses import replace

    what = replace(wanted(f"postgresql://reader@127.0.0.1:{server.port}/shop", SLOW), timeout=3)
    ended, _ = ran(what)
    assert (ended.outcome, ended.remote) == (Outcome.TIMED_OUT, RemoteState.STOPPED)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # psycopg's cursor outlives the way
def test_a_server_that_goes_away_leaves_nobody_knowing(server: PostgresServer) -> None:
    import asyncio
    import gc

    from app.services.remote_help.transports.interface import Stop

    async def running() -> Ended:
        address = f"postgresql://reader@127.0.0.1:{server.port}/shop"
        task = asyncio.create_task(SqlCarrier().run(wanted(address, SLOW), Said(), Stop()))
        await asyncio.to_thread(_until_asked, server, 1)
        with server.connect() as ending:
            ending.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'")
        return await task

    ended = asyncio.run(running())
    gc.collect()
    assert (ended.outcome, ended.remote, code(ended)) == (Outcome.LOST, RemoteState.UNKNOWN, "sql.cut")


def test_a_database_that_cannot_be_asked_is_told(server: PostgresServer, tmp_path: Path) -> None:
    there = f"postgresql://reader@127.0.0.1:{server.port}"
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database" * 1000)
    for address, secrets, expected in (
        (f"{there}/shop", {"password": "wrong"}, "sql.denied"),
        (f"{there}/shop", {}, "sql.no_secret"),
        (f"{there}/nothing", None, "sql.no_database"),
        (f"postgresql://reader@127.0.0.1:{free_port()}/shop", None, "sql.unreachable"),
        (f"sqlite:///{tmp_path}/nothing.db", None, "sql.no_file"),
    ):
        with pytest.raises(KnownError) as refused:
            ran(wanted(address, "SELECT 1", **({} if secrets is None else {"secrets": secrets})))
        assert refused.value.code == expected
        assert PASSWORD not in str(refused.value)
    assert not (tmp_path / "nothing.db").exists()
    assert code(ran(wanted(f"sqlite:///{broken}", "SELECT * FROM orders"))[0]) == "sql.refused"


def test_a_preview_says_the_statement_and_the_values() -> None:
    what = wanted("postgresql://reader@db.example/shop", "SELECT :it", values={"it": "a'b"})
    assert SqlCarrier().preview(what) == 'postgresql://reader@db.example/shop\nSELECT :it\n:it = "a\'b"'


def test_a_connection_is_tried_without_a_script(address: str, tmp_path: Path) -> None:
    def tried(where: str) -> list[str]:
        reached = connection(Transport.SQL, where)
        return [each.code for each in run(SqlCarrier().probe(Reach(where, reached, {"password": PASSWORD}.get)))]

    assert tried(address) == ["sql.reads"]
    with pytest.raises(KnownError, match=r"sql\.no_file"):
        tried(f"sqlite:///{tmp_path}/nothing.db")
