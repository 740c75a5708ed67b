"""What is shown of an answer: rows of a table, a part of a document, or its text."""

import json
from collections.abc import Mapping
from typing import Any

from app.models.errors import KnownError
from app.models.records.runs import Stream
from app.models.records.scripts import HttpProgram, OutputKind
from app.services.remote_help.transports.documents import cell
from app.services.remote_help.transports.interface import Output

KEY = "@key"
"""In `show`: the name under which an entry stands, where `rows` is an object of objects."""

_MOST_PLAIN = 4_000
_MISSING = object()


def tell(kind: OutputKind, program: HttpProgram, content: bytes, output: Output) -> KnownError | None:
    """What is wrong with the answer, or None: `remote.no_document`."""
    if kind not in (OutputKind.TABLE, OutputKind.JSON):
        output.write(Stream.OUT, content)
        return None
    if not content.strip():
        return None
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        tell_plain(content, output)
        return KnownError("remote.no_document")
    if kind is OutputKind.JSON:
        shown = {name: _at(value, path) for name, path in program.show.items()}
        output.document({name: None if each is _MISSING else each for name, each in shown.items()} or value)
        return None
    rows = _rows(value, program.rows)
    show = program.show or {name: name for row in rows for name in row}
    output.table(tuple(show), [[_cell(row, path) for path in show.values()] for row in rows])
    return None


def tell_plain(content: bytes, output: Output) -> None:
    """The beginning of an answer that nobody expected, for a person to read."""
    shown = content[:_MOST_PLAIN].decode("utf-8", "replace")
    output.write(Stream.ERROR, "".join(each if each.isprintable() or each in "\n\t" else "\ufffd" for each in shown)
                 .encode() + b"\n")  # fmt: skip


def _rows(value: Any, path: str) -> list[Mapping[str, Any]]:
    """The entries of a list; of an object of objects, each with its name; or the one that is the answer itself."""
    found = _at(value, path) if path else value
    found = value if found is _MISSING else found
    if isinstance(found, dict) and found and all(isinstance(each, dict) for each in found.values()):
        return [{KEY: name, **each} for name, each in found.items()]
    entries = found if isinstance(found, list) else [] if found is None else [found]
    return [each if isinstance(each, dict) else {"": each} for each in entries]


def _cell(row: Mapping[str, Any], path: str) -> str:
    found = row.get(path, _MISSING)
    found = _at(row, path) if found is _MISSING else found
    return "" if found is _MISSING else cell(found)


def _at(value: Any, path: str) -> Any:
    """What stands at a dotted path; nothing where something on the way is nothing."""
    for part in path.split("."):
        if value is None:
            return None
        if isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, dict) and part in value:
            value = value[part]
        else:
            return _MISSING
    return value
