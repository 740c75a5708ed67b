"""The schema's age: creating it, upgrading it, refusing what this program does not understand.

An upgrade is one transaction: whoever kills it half way leaves the schema that was there. It waits for running writes
for a while and no longer, and lets none begin; desks that are open learn of it from the change feed. A SQLite file is
backed up before. Alembic is imported for an upgrade alone: a desk that starts reads a few rows instead.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.models.errors import DatabaseError
from app.services.database import age, restored, rights
from app.services.database.engine import WRITES
from app.services.database.faults import told_in_words
from app.services.database.unit_of_work import Database

PATIENCE = timedelta(seconds=10)
"""How long an upgrade waits for what others are doing. Meanwhile they wait for it, too."""
_SEARCHED = ("message", "person", "identity")
_NOT_ITS_AGE = ("already exists", "duplicate column", "no such table", "no such column", "does not exist")
_COLUMNS = {
    "postgresql": "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
    "WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') "
    "AND attnum > 0 AND NOT attisdropped",
    "sqlite": "SELECT master.name, told.name FROM sqlite_master master, pragma_table_info(master.name) told "
    "WHERE master.type = 'table'",
}
_BUSY = (
    "SELECT usename, application_name, to_char(xact_start, 'HH24:MI:SS') FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL "
    "ORDER BY xact_start LIMIT 3"
)


def upgrade(database: Database, patience: timedelta = PATIENCE) -> None:
    """Bring the schema to this program's age; creates it where the database is empty.

    `DatabaseError`: `database.newer` (a newer Firstline made it), `database.foreign` (another product's tables),
    `database.half_upgraded` (its tables are not of the age that it says), `database.encoding`, and
    `database.upgrade_blocked` where others did not let go of it within `patience`. A shared database that came from
    another server is made to go on here.
    """
    engine = database.engine.execution_options(**{WRITES: True})
    with _told_who_blocks(database), told_in_words(), engine.begin() as connection:
        if database.is_shared:
            _enter_alone(connection, patience)
        revision = age.age_of(connection)
        if revision != age.head():
            _bring_to_head(connection, revision)
            if revision is not None:
                _announce(connection, database)
        _require_whole(connection)
        if database.is_shared and restored.is_restored(connection):
            restored.settle(connection)


def secure(database: Database) -> bool:
    """Let a shared database hold people to their rights, as this program knows them; whether it can know people apart.

    Run by who made the database, as often as one likes. Does nothing to an embedded one.
    """
    if not database.is_shared:
        return True
    with told_in_words(), database.engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": age.UPGRADE_LOCK})
        return rights.apply(connection)


def check(database: Database) -> None:
    """Raise unless the schema is just this program's: `database.empty`, `.older`, `.newer`, `.foreign`,
    `.half_upgraded`, `.restored` (nobody has run `upgrade` since) or `.encoding`."""
    with database.read() as session:
        connection = session.connection()
        if database.is_shared:
            _require_unicode(connection)
        revision = age.age_of(connection)
        if revision is None:
            raise DatabaseError("database.empty")
        if revision != age.head():
            raise DatabaseError("database.older", revision=revision)
        _require_whole(connection)
        if database.is_shared and restored.is_restored(connection):
            raise DatabaseError("database.restored")


def is_outdated(database: Database) -> bool:
    """Whether the database was upgraded since this program was started."""
    with database.read() as session:
        return age.is_upgraded(session.connection())


def is_read_only(database: Database) -> bool:
    """Whether a shared database can only be read here: it is a replica, or its administrator froze it."""
    if not database.is_shared:
        return False
    frozen = text("SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean")
    with database.read() as session:
        return bool(session.scalar(frozen))


def ours(_object: Any, name: str | None, kind: str, *_rest: Any) -> bool:
    """Leave the full-text index out of comparisons: each engine has its own, made in the migrations."""
    searching = (name or "").removeprefix("ix_").startswith(tuple(f"{each}_search" for each in _SEARCHED))
    return not searching and not (kind == "column" and name == "search")


def differences(connection: Connection) -> list[Any]:
    """What the tables in the code have that the database lacks, or the other way round; for the test of the two."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - only the test of the schema pays for it
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415

    from app.models.tables import Table  # noqa: PLC0415

    return list(compare_metadata(MigrationContext.configure(connection, opts=_COMPARE), Table.metadata))


_COMPARE: dict[str, Any] = {"include_object": ours, "compare_type": True}


def _enter_alone(connection: Connection, patience: timedelta) -> None:
    """No write is about to end from here on, and none will until this is done."""
    _require_unicode(connection)
    milliseconds = int(patience.total_seconds() * 1000)
    connection.execute(text("SELECT set_config('lock_timeout', :most, true)"), {"most": f"{milliseconds}ms"})
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": age.UPGRADE_LOCK})


def _require_unicode(connection: Connection) -> None:
    encoding = connection.scalar(text("SELECT current_setting('server_encoding')"))
    if encoding != "UTF8":
        raise DatabaseError("database.encoding", encoding=encoding)


def _bring_to_head(connection: Connection, revision: str | None) -> None:
    on_postgres = connection.dialect.name == "postgresql"
    if revision is not None and not on_postgres:
        _back_up(Path(str(connection.engine.url.database)), revision)
    try:
        _migrate(connection)
    except (ProgrammingError, OperationalError) as error:
        if _finds_what_it_makes(error):
            raise DatabaseError("database.half_upgraded", revision=revision, missing=str(error.orig)) from error
        raise
    if on_postgres:
        rights.apply(connection)


def _finds_what_it_makes(error: ProgrammingError | OperationalError) -> bool:
    """A migration meets what it was to make, or misses what was there before it."""
    told = str(error.orig).lower()
    return any(each in told for each in _NOT_ITS_AGE)


def _require_whole(connection: Connection) -> None:
    """Every table and column that this program uses is there, whatever age the database says that it has."""
    from app.models.tables import Table  # noqa: PLC0415 - the tables are not needed to open a database

    rows = connection.execute(text(_COLUMNS[connection.dialect.name]))
    there = {(str(row[0]), str(row[1])) for row in rows}
    known = ((table.name, column.name) for table in Table.metadata.tables.values() for column in table.columns)
    missing = sorted(f"{table}.{column}" for table, column in known if (table, column) not in there)
    if missing:
        raise DatabaseError("database.half_upgraded", revision=age.head(), missing=", ".join(missing[:3]))


def _announce(connection: Connection, database: Database) -> None:
    """Tell the desks that are open; what they try to write from now on is refused."""
    from app.models.tables import Change  # noqa: PLC0415 - see above

    transaction = 0
    if database.is_shared:
        transaction = connection.scalar(text("SELECT pg_current_xact_id()::text::bigint")) or 0
        connection.execute(text(f"NOTIFY {age.DOORBELL}"))
    told = {"topic": age.TOPIC, "subject_id": age.head(), "ticket_id": None}
    connection.execute(insert(Change).values(transaction=transaction, at=database.clock.now(), **told))


@contextmanager
def _told_who_blocks(database: Database) -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        if error.code != "database.locked":
            raise
        raise DatabaseError("database.upgrade_blocked", who=_busy(database)) from error


def _busy(database: Database) -> str:
    """Who has been at it the longest, as far as we may see that."""
    if not database.is_shared:
        return "-"
    with told_in_words(), database.engine.connect() as connection:
        rows = connection.execute(text(_BUSY)).all()
    return ", ".join(f"{row[0]} ({row[1] or '?'}, {row[2]} UTC)" for row in rows) or "-"


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(age.MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _back_up(path: Path, revision: str) -> Path:
    """A copy beside the file, through SQLite's own online backup, named after the schema it holds."""
    target = path.with_name(f"{path.name}.before-upgrade-from-{revision}")
    source = sqlite3.connect(path)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()
    return target
