"""Writing for the terminal: lines, tables, JSON."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, TextIO
from uuid import UUID


def line(text: str = "", stream: TextIO | None = None) -> None:
    """One line to standard output, or to `stream`; characters the terminal cannot show are replaced."""
    stream = stream or sys.stdout
    encoding = stream.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), file=stream)


def as_json(value: object) -> None:
    """`value` as JSON: records as objects, instants in ISO 8601, lengths in seconds, bytes never."""
    line(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def table(head: Sequence[str], rows: Iterable[Sequence[object]], widest: int = 60) -> None:
    """Columns as wide as their widest cell, at most `widest` characters."""
    cells = [[_cell(each, widest) for each in row] for row in rows]
    widths = [max(len(row[index]) for row in [list(head), *cells]) for index in range(len(head))]
    for row in [list(head), ["-" * width for width in widths], *cells]:
        line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _cell(value: object, widest: int) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= widest else f"{text[: widest - 1]}…"


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    raise TypeError(f"not for JSON: {type(value).__name__}")
