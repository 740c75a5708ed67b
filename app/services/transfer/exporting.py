"""Writing a whole desk down, as it is at one moment."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, select

from app.models.errors import KnownError
from app.services.database import Database, age
from app.services.database.faults import told_in_words
from app.services.database.rights import OWNER, login_of
from app.services.transfer.lines import TABLES, VERSION, line_of, open_lines, written

_AT_ONCE = 500


def export_desk(database: Database, target: Path) -> dict[str, int]:
    """Write everything to `target`; how many rows of each table that are.

    The file is there when it is whole, and not before. `KnownError` `transfer.owner_only` where this login does not see
    everything; `OSError` of the file.
    """
    require_owner(database)
    partly = target.with_name(f".{target.name}.partly{''.join(target.suffixes[-1:])}")
    try:
        with open_lines(partly, "wb") as file:
            counts = _write(database, _Hashed(file))
            file.flush()
        with partly.open("rb") as finished:
            os.fsync(finished.fileno())
        partly.replace(target)
    finally:
        partly.unlink(missing_ok=True)
    return counts


def require_owner(database: Database) -> None:
    """`KnownError` `transfer.owner_only`: to all others a shared database hides what is not theirs."""
    with database.read() as session:
        login = login_of(session)
    if login is not None and login.role != OWNER:
        raise KnownError("transfer.owner_only", login=login.name)


class _Hashed:
    """Writes lines, and knows what they were."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = sha256()

    def write(self, told: dict[str, Any]) -> None:
        line = line_of(told)
        self._hash.update(line)
        self._file.write(line)

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()


def _write(database: Database, lines: _Hashed) -> dict[str, int]:
    counts = dict.fromkeys((each.name for each in TABLES), 0)
    at = database.clock.now().isoformat()
    lines.write({"firstline": "export", "version": VERSION, "schema": age.head(), "at": at})
    with _at_one_moment(database) as connection:
        for table in TABLES:
            query = select(table).order_by(*table.primary_key.columns)
            for row in connection.execution_options(yield_per=_AT_ONCE).execute(query).mappings():
                lines.write({"table": table.name, "row": written(table, row)})  # type: ignore[arg-type]
                counts[table.name] += 1
    lines.write({"end": {"rows": counts, "sha256": lines.digest}})
    return counts


@contextmanager
def _at_one_moment(database: Database) -> Iterator[Connection]:
    """SQLite's readers see one moment anyway."""
    options: dict[str, Any] = {"isolation_level": "REPEATABLE READ"} if database.is_shared else {}
    with told_in_words(), database.engine.connect().execution_options(**options) as connection:
        yield connection
