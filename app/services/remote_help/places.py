"""On which line of a TOML text a field stands, for who has to mend it."""

import re
from collections.abc import Mapping, Sequence

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_PART = re.compile(r"[\w-]+|\"[^\"]*\"|'[^']*'")
_LONG = ('"""', "'''")


def lines_of(text: str) -> Mapping[Path, int]:
    """The line, from 1, of each header and each key of a TOML text that can be read."""
    found: dict[Path, int] = {(): 1}
    table: Path = ()
    counts: dict[Path, int] = {}
    within = ""
    for number, line in enumerate(text.splitlines(), 1):
        if within:
            within = "" if line.count(within) % 2 else within
            continue
        header = _HEADER.match(line)
        if header:
            table = _entered(_parts(header[2]), counts, adds=header[1] == "[[")
            found.setdefault(table, number)
            continue
        key = _KEY.match(line)
        if key:
            path = table + _parts(key[1])
            for length in range(len(table) + 1, len(path) + 1):
                found.setdefault(path[:length], number)
        within = next((mark for mark in _LONG if line.count(mark) % 2), "")
    return found


def line_of(lines: Mapping[Path, int], path: Sequence[str | int]) -> int:
    """That of the field, or of the nearest that it lies in."""
    whole = tuple(path)
    return next(lines[whole[:length]] for length in range(len(whole), -1, -1) if whole[:length] in lines)


def _parts(dotted: str) -> Path:
    return tuple(each.strip("\"'") for each in _PART.findall(dotted))


def _entered(parts: Path, counts: dict[Path, int], *, adds: bool) -> Path:
    """The table that a header opens, with the number of the entry after the name of each list of tables."""
    path: Path = ()
    for position, part in enumerate(parts, 1):
        path += (part,)
        if adds and position == len(parts):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path += (counts[path],)
    return path
