"""A table or a document as plain lines, for a note and for a terminal."""

import json
import unicodedata
from collections.abc import Sequence
from typing import Any

from app.services.wording import tr, tr_or

NOTE_ROWS, NOTE_LETTERS = 40, 8_000
"""What of a result stands in a note; all of it stands with the run."""

_WIDEST = 60


def laid_out(document: Any, most_rows: int | None = None, most_letters: int | None = None) -> str:
    """Rows below each other with their columns aligned, or JSON; what is left out is told. Empty for nothing."""
    if document is None:
        return ""
    if isinstance(document, dict) and set(document) == {"columns", "rows"}:
        rows: list[list[str]] = [[_one_line(each) for each in row] for row in document["rows"]]
        shown = rows[:most_rows]
        more = len(rows) - len(shown)
        lines = _aligned([[column_title(_one_line(each)) for each in document["columns"]], *shown])
        return "\n".join([*lines, *([tr("run_note.more_rows", count=more)] if more else [])])
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return text if most_letters is None or len(text) <= most_letters else text[:most_letters] + "\n…"


def column_title(name: str) -> str:
    """What people read over a column: words where its name has some, else the name itself."""
    return tr_or(f"run_column.{name}", name)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _one_line(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _width(text: str) -> int:
    """Columns of a terminal: wide letters take two, those that stand on another none."""
    return sum(0 if unicodedata.combining(each) else 1 + (unicodedata.east_asian_width(each) in "WF") for each in text)
