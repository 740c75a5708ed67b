"""A way to a database on which nothing can be written, and what can go wrong with it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from app.models.errors import KnownError
from app.services.database.tls import guarded
from app.services.remote_help.transports.interface import Reach

_PATIENCE = 20
"""Seconds until a server that does not answer counts as not there."""

_READ_ONLY = "25006"
_DENIED = ("28P01", "28000")
_NO_DATABASE, _NO_RIGHT = "3D000", "42501"
STOPPED = "57014"


@contextmanager
def reading(reach: Reach, seconds: float) -> Iterator[Connection]:
    """A connection within a transaction that only reads, and that is rolled back.

    PostgreSQL: a read-only transaction, in a session whose default is that, with the script's time as the server's
    own limit; TLS is verified as for the desk's database. SQLite: the file is opened for reading.
    `KnownError` `sql.no_file`, `sql.denied`, `sql.no_database`, `sql.unreachable`, `sql.no_secret`.
    """
    url = make_url(reach.connection.address)
    with _sqlite(url) if url.get_backend_name() == "sqlite" else _postgresql(reach, url, seconds) as connection:
        try:
            yield connection
        finally:
            if not connection.invalidated and not connection.closed:
                connection.rollback()


@contextmanager
def _sqlite(url: URL) -> Iterator[Connection]:
    file = Path(url.database or "")
    if not file.is_file():
        raise KnownError("sql.no_file", file=str(file))

    def opened() -> sqlite3.Connection:
        found = sqlite3.connect(f"file:{quote(file.absolute().as_posix())}?mode=ro", uri=True, check_same_thread=False)
        found.execute("PRAGMA query_only = ON")
        return found

    engine = create_engine("sqlite://", creator=opened, poolclass=NullPool)
    try:
        with closing(_connected(engine, url)) as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _postgresql(reach: Reach, url: URL, seconds: float) -> Iterator[Connection]:
    password = reach.secret("password")
    if password is None and not url.query.get("service"):
        raise KnownError("sql.no_secret", connection=reach.connection.name)
    url = guarded(url.set(drivername="postgresql+psycopg", password=password))
    url = url.set(username=url.username or reach.connection.user_name or None)
    limit = int(seconds * 1000)
    told = {
        "connect_timeout": _PATIENCE,
        "application_name": "Firstline",
        "options": f"-c default_transaction_read_only=on -c statement_timeout={limit}",
    }
    engine = create_engine(url, connect_args=told, poolclass=NullPool, execution_options={"postgresql_readonly": True})
    try:
        with closing(_connected(engine, url)) as connection:
            yield connection
    finally:
        engine.dispose()


def _connected(engine: Engine, url: URL) -> Connection:
    try:
        return engine.connect()
    except DBAPIError as error:
        state, told = state_of(error), {"host": url.host or "", "name": url.database or "", "user": url.username or ""}
        if state in _DENIED or "password authentication failed" in str(error.orig):
            raise KnownError("sql.denied", **told) from error
        if state == _NO_DATABASE or ("database" in str(error.orig) and "does not exist" in str(error.orig)):
            raise KnownError("sql.no_database", **told) from error
        raise KnownError("sql.unreachable", reason=first_line(error), **told) from error


def state_of(error: DBAPIError) -> str:
    """The five letters of SQLSTATE; empty where the database tells none."""
    return getattr(error.orig, "sqlstate", None) or ""


def first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__


def problem_of(error: DBAPIError) -> KnownError | None:
    """What a database refused, in words; None where the way to it broke.

    What it said itself may hold values of the script, so it belongs into the output and into no fact.
    """
    state, said = state_of(error), str(error.orig)
    if state == _READ_ONLY or "attempt to write a readonly database" in said:
        return KnownError("sql.read_only")
    if state == _NO_RIGHT:
        return KnownError("sql.no_right")
    if error.connection_invalidated or state.startswith(("08", "57P")):
        return None
    return KnownError("sql.refused", state=state or type(error.orig).__name__)
