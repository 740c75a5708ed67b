"""The schema's age: creating it, upgrading it, refusing what is newer than this program.

A SQLite file is backed up before an upgrade. On PostgreSQL an advisory lock lets one desk upgrade and the others
wait for it. Alembic is imported for an upgrade alone: a desk that starts reads one row instead.
"""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from app.models.errors import DatabaseError
from app.services.database import rights
from app.services.database.engine import WRITES
from app.services.database.faults import told_in_words
from app.services.database.unit_of_work import Database

_MIGRATIONS = Path(__file__).with_name("migrations")
_UPGRADE_LOCK = 4_711_2026
_SEARCHED = ("message", "person", "identity")


def upgrade(database: Database) -> None:
    """Bring the schema to this program's age; creates it where the database is empty.

    `DatabaseError`: `database.newer` (a newer Firstline made it), `database.foreign` (another product's tables).
    """
    engine = database.engine.execution_options(**{WRITES: True})
    with told_in_words(), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        revision = _revision(connection)
        if revision == _head():
            return
        if revision is not None and engine.dialect.name == "sqlite":
            _back_up(Path(str(engine.url.database)), revision)
        _migrate(connection)
        if engine.dialect.name == "postgresql":
            rights.apply(connection)


def secure(database: Database) -> bool:
    """Let a shared database hold people to their rights, as this program knows them; whether it can know people apart.

    Run by who made the database, as often as one likes. Does nothing to an embedded one.
    """
    if not database.is_shared:
        return True
    with told_in_words(), database.engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        return rights.apply(connection)


def check(database: Database) -> None:
    """Raise unless the schema is just this program's: `database.empty`, `.older`, `.newer` or `.foreign`."""
    with database.read() as session:
        revision = _revision(session.connection())
    if revision is None:
        raise DatabaseError("database.empty")
    if revision != _head():
        raise DatabaseError("database.older", revision=revision)


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


def _revision(connection: Connection) -> str | None:
    """The database's age; None where it is empty."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    query = text("SELECT version_num FROM alembic_version")
    revision = connection.scalar(query) if "alembic_version" in tables else None
    if revision is None or not {"ticket", "receipt"} <= tables:
        raise DatabaseError("database.foreign", tables=", ".join(sorted(tables)[:5]))
    if revision not in revisions():
        raise DatabaseError("database.newer", revision=revision)
    return str(revision)


def revisions() -> list[str]:
    """The ages that this program knows, the newest last: each migration's file begins with its own."""
    return sorted(each.name.partition("_")[0] for each in _MIGRATIONS.joinpath("versions").glob("[0-9]*.py"))


def _head() -> str:
    return revisions()[-1]


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
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
