"""Opening a database: SQLite embedded, PostgreSQL shared; one code path behind it.

SQLite runs in WAL mode with foreign keys on, and a transaction that will write says so at its start
(BEGIN IMMEDIATE): two writers then queue instead of failing half way. A file on a network share is refused,
since SQLite's locks do not hold there (https://sqlite.org/howtocorrupt.html, section 2.1).
"""

import json
import sqlite3
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from app.models.errors import DatabaseError
from app.services.database.shares import is_network_share
from app.services.database.tls import guarded

BUSY_SECONDS = 15
WRITES = "firstline_writes"
_MANNERS = (
    "-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c default_transaction_isolation=read\\ committed"
)
"""What an administrator may have set otherwise for all, and what the driver and we rely on."""
_LINES: WeakKeyDictionary[Engine, WeakSet[Any]] = WeakKeyDictionary()
_SILENCE: dict[str, str | int] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""A network that swallows everything tells nobody: after 20 to 25 seconds without an answer the line is dead.
(https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-KEEPALIVES)"""


def parse_url(url: str) -> URL:
    """`sqlite:///PATH`, `postgresql://USER@HOST/NAME` or the bare path of an SQLite file."""
    if "://" not in url:
        url = f"sqlite:///{Path(url).expanduser()}"
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseError("database.bad_url", url=url) from error
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        raise DatabaseError("database.unknown_engine", engine=parsed.get_backend_name())
    return parsed.set(drivername="sqlite+pysqlite")


def open_engine(url: URL) -> Engine:
    """An engine set up for us. Connects to nothing yet."""
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url)
    engine = create_engine(
        guarded(url),
        pool_size=4,
        max_overflow=4,
        pool_pre_ping=True,
        pool_recycle=1800,
        json_serializer=_json,
        connect_args=_connecting(url),
    )
    lines = _LINES[engine] = WeakSet()
    event.listen(engine, "connect", lambda raw, _record: lines.add(raw))
    event.listen(engine, "connect", _prepare_nothing_for_a_pooler)
    return engine


def _prepare_nothing_for_a_pooler(connection: Any, _entry: ConnectionPoolEntry) -> None:
    """Behind a pooler each transaction may meet another backend, which knows nothing of what was prepared before.

    (https://www.psycopg.org/psycopg3/docs/advanced/prepare.html#prepared-statements-in-psycopg, "PgBouncer".)
    """
    if is_pooled(connection):
        connection.prepare_threshold = None


def is_pooled(connection: Any) -> bool:
    """Whether the driver's connection is to a pooler, which tells of another process than the one that answers."""
    answering = connection.execute("SELECT pg_backend_pid()").fetchone()[0]
    connection.rollback()
    return bool(answering != connection.info.backend_pid)


def lines_of(engine: Engine) -> list[Any]:
    """The driver's connections to a server that were made and are not gone, whoever has them."""
    return [each for each in _LINES.get(engine, ()) if not each.closed]


def _connecting(url: URL) -> dict[str, str | int]:
    """How we talk to any server, whatever its own time zone and encoding are. What the address says goes first."""
    ours: dict[str, str | int] = {
        "connect_timeout": 10,
        "application_name": "firstline",
        "client_encoding": "UTF8",
        "options": _MANNERS,
        **_SILENCE,
    }
    return {name: value for name, value in ours.items() if name not in url.query}


def _open_sqlite(url: URL) -> Engine:
    path = Path(url.database or "")
    if not url.database or url.database == ":memory:":
        raise DatabaseError("database.needs_a_file")
    if is_network_share(path):
        raise DatabaseError("database.network_share", path=path)
    engine = create_engine(url, json_serializer=_json, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # SQLAlchemy's "begin" event starts transactions, not the driver
    for setting in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "cache_size=-32000"):
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
