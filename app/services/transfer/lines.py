"""The lines of an export: how a row is written, and read again by the types of its columns.

{"firstline": "export", "version": 1, "schema": "0003", "at": "2026-03-02T09:00:00+00:00"}
{"table": "team", "row": {"id": "...", "name": "Service Desk", "level": 1, ...}}
{"end": {"rows": {"team": 1, ...}, "sha256": "..."}}
"""

import base64
import gzip
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast
from uuid import UUID

from sqlalchemy import Column, LargeBinary, Table as StoredTable, Uuid

from app.models.errors import KnownError
from app.models.tables import Table
from app.models.tables.base import Instant

VERSION = 1
LEFT_OUT = frozenset({"change", "lease", "presence"})
"""What desks tell each other while they are open; nobody misses it elsewhere."""

TABLES: tuple[StoredTable, ...] = tuple(each for each in Table.metadata.sorted_tables if each.name not in LEFT_OUT)
"""In an order in which rows point back only, but for a ticket that was put into another."""


def is_packed(path: Path) -> bool:
    """Whether a file of that name is compressed."""
    return path.name.endswith(".gz")


def open_lines(path: Path, mode: str, *, packed: bool) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, mode) if packed else path.open(mode))


def line_of(told: Mapping[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def written(table: StoredTable, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON can hold it: instants in ISO 8601, bytes in base64."""
    return {each.name: _write(row[each.name]) for each in table.columns}


def read(table: StoredTable, told: object, number: int) -> dict[str, Any]:
    """A row again. `KnownError` `transfer.bad_line` where it is none of this table."""
    columns = {each.name: each for each in table.columns}
    if not isinstance(told, dict) or told.keys() != columns.keys():
        raise KnownError("transfer.bad_line", line=number)
    try:
        return {name: _read(columns[name], value) for name, value in told.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise KnownError("transfer.bad_line", line=number) from error


def _write(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _read(column: Column[Any], value: Any) -> Any:
    if value is None:
        if not column.nullable:
            raise ValueError(column.name)
        return None
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value, validate=True)
    if isinstance(column.type, Instant):
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError(value)
        return at
    return UUID(value) if isinstance(column.type, Uuid) else value
