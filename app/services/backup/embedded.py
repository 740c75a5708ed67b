"""The embedded database as one file, taken while desks work on it, and put back while none does.

https://www.sqlite.org/backup.html: the copy is made in one step, under one snapshot. In WAL mode that keeps no writer
waiting, and none can make it begin again.
"""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from app.models.errors import KnownError
from app.services.database import age
from app.services.whole_file import sync_file, whole_file

_SIDE_FILES = ("-wal", "-shm")


def back_up(database: Path, target: Path) -> int:
    """Copy the database to a new file, which is there only when it is whole; its size in bytes.

    `KnownError`: `backup.exists`, `backup.damaged`, `backup.not_ours`, `backup.newer`, `file.cannot_write`.
    """
    if target.exists():
        raise KnownError("backup.exists", file=target)
    with whole_file(target) as unfinished:
        _copy(database, unfinished, "rw")
        require_ours(unfinished)
    return target.stat().st_size


def restore(source: Path, database: Path, now: datetime) -> Path | None:
    """Put a backup in the database's place; where to what was there has gone, None where nothing was.

    `KnownError`: `backup.damaged`, `backup.not_ours`, `backup.newer`, `backup.desk_open`, `file.cannot_read`,
    `file.cannot_write`.
    """
    if not source.is_file():
        raise KnownError("file.cannot_read", file=source, reason=os.strerror(2))
    require_ours(source)
    aside = None
    with whole_file(database) as unfinished:
        database.parent.mkdir(parents=True, exist_ok=True)
        _copy(source, unfinished, "ro")
        sync_file(unfinished)  # before anything is moved
        if database.exists():
            aside = _put_aside(database, now)
    return aside


def require_ours(file: Path) -> None:
    """Raise unless the file is a whole database of this Firstline or an older one; it is not changed by looking."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as looking:
        try:
            told = looking.execute("PRAGMA integrity_check(1)").fetchone()[0]
            tables = {row[0] for row in looking.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            has_age = {"alembic_version", "ticket", "receipt"} <= tables
            row = looking.execute("SELECT version_num FROM alembic_version").fetchone() if has_age else None
        except sqlite3.DatabaseError as error:
            raise KnownError("backup.damaged", file=file, detail=str(error)) from error
    if told != "ok":
        raise KnownError("backup.damaged", file=file, detail=told)
    if row is None:
        raise KnownError("backup.not_ours", file=file)
    if row[0] not in age.revisions():
        raise KnownError("backup.newer", file=file, revision=row[0])


def _copy(source: Path, target: Path, mode: str) -> None:
    """One file at the end, without a journal beside it."""
    address = f"{source.absolute().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(address, uri=True)) as reading, closing(sqlite3.connect(target)) as writing:
        try:
            reading.backup(writing, pages=-1)
            writing.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorname", "") in ("SQLITE_FULL", "SQLITE_IOERR_WRITE"):
                raise OSError(28, str(error)) from error
            raise KnownError("backup.damaged", file=source, detail=str(error)) from error


def _put_aside(database: Path, now: datetime) -> Path:
    """Nothing is thrown away, not even what is damaged."""
    _require_alone(database)
    aside = database.with_name(f"{database.name}.before-restore-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    for suffix in ("", *_SIDE_FILES):
        beside = database.with_name(database.name + suffix)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + suffix))
    return aside


def _require_alone(database: Path) -> None:
    """A desk that has it open holds a shared lock on it all the time (https://www.sqlite.org/wal.html#noshm)."""
    with closing(sqlite3.connect(database, timeout=0.2, isolation_level=None)) as asking:
        try:
            asking.execute("PRAGMA locking_mode=EXCLUSIVE")
            asking.execute("BEGIN EXCLUSIVE")
            asking.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            raise KnownError("backup.desk_open", file=database) from error
        except sqlite3.DatabaseError:
            return  # damaged: just what one restores for
