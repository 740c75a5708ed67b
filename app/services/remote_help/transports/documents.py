"""A result that came as JSON, told as the table or the document that the manifest promises."""

import json
from typing import Any

from app.models.errors import KnownError
from app.models.records.scripts import OutputKind
from app.services.remote_help.transports.interface import Output


def tell_document(kind: OutputKind, value: Any, output: Output) -> KnownError | None:
    """A table is `{"columns": [...], "rows": [[...]]}`. What is wrong with it, or None."""
    if kind is not OutputKind.TABLE:
        output.document(value)
        return None
    columns, rows = (value.get("columns"), value.get("rows")) if isinstance(value, dict) else (None, None)
    if not isinstance(columns, list) or not isinstance(rows, list):
        return KnownError("remote.no_table")
    if any(not isinstance(row, list) or len(row) != len(columns) for row in rows):
        return KnownError("remote.no_table")
    output.table([cell(each) for each in columns], [[cell(each) for each in row] for row in rows])
    return None


def cell(value: object) -> str:
    """As it stands in a table: text as it is, nothing as nothing, all else as JSON writes it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
