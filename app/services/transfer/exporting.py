"""Writing a whole desk down, as it is at one moment."""

from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from sqlalchemy import select

from app.models.errors import KnownError
from app.services.database import Database, age
from app.services.database.rights import login_of
from app.services.transfer.lines import TABLES, VERSION, is_packed, line_of, open_lines, written
from app.services.whole_file import whole_file

_AT_ONCE = 500


def export_desk(database: Database, target: Path) -> dict[str, int]:
    """Write everything to `target`; how many rows of each table that are.

    `KnownError` `file.cannot_write`, and `transfer.owner_only` where this login does not see everything.
    """
    require_owner(database)
    with whole_file(target) as unfinished, open_lines(unfinished, "wb", packed=is_packed(target)) as file:
        return _write(database, _Hashed(file))


def require_owner(database: Database) -> None:
    """`KnownError` `transfer.owner_only`: to all others a shared database hides what is not theirs."""
    with database.read() as session:
        login = login_of(session)
    if login is not None and not login.is_owner:
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
    with database.read_at_one_moment() as session:
        for table in TABLES:
            query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_AT_ONCE)
            for row in session.execute(query).mappings():
                lines.write({"table": table.name, "row": written(table, row)})  # type: ignore[arg-type]
                counts[table.name] += 1
    lines.write({"end": {"rows": counts, "sha256": lines.digest}})
    return counts
