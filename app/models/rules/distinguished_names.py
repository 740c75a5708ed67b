"""Names of objects in a directory, compared by their parts and not by their letters.

`CN=Lee\\, Ann,OU=Staff,DC=corp,DC=example` (https://www.rfc-editor.org/rfc/rfc4514).
"""

import re
from collections.abc import Iterable

from app.models.errors import KnownError

Part = frozenset[tuple[str, str]]
"""One step of a name: type and value, both folded; several where the name joins them by `+`."""

_TYPE = re.compile(r"\s*([A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)*)\s*=\s*")
_ESCAPED = re.compile(r"\\([0-9A-Fa-f]{2})|\\(.)", re.DOTALL)
_END = re.compile(r"[,+;]")


def parts_of(name: str) -> tuple[Part, ...]:
    """The parts from the object to the root. `KnownError` `directory.no_name` for what is none."""
    found: list[Part] = []
    joined: set[tuple[str, str]] = set()
    rest = name
    while True:
        kind = _TYPE.match(rest)
        if kind is None:
            raise KnownError("directory.no_name", given=name[:200])
        value, end, rest = _value(rest[kind.end() :], name)
        joined.add((kind[1].casefold(), " ".join(value.casefold().split())))
        if end != "+":
            found.append(frozenset(joined))
            joined = set()
        if not end:
            return tuple(found)


def is_within(name: str, unit: str) -> bool:
    """Whether the object is in the unit or in one below it, or is the unit itself. `KnownError` as `parts_of`."""
    inner, outer = parts_of(name), parts_of(unit)
    return len(inner) >= len(outer) and inner[len(inner) - len(outer) :] == outer


def is_within_any(name: str, units: Iterable[str]) -> bool:
    """Whether it is in one of them."""
    return any(is_within(name, each) for each in units)


def unit_of(name: str) -> str:
    """What the object lies in, as it is written; empty for a root."""
    position = 0
    while position < len(name):
        if name[position] == "\\":
            position += 2
        elif name[position] in ",;":
            return name[position + 1 :].lstrip()
        else:
            position += 1
    return ""


def _value(text: str, name: str) -> tuple[str, str, str]:
    """The value that `text` begins with, what ended it, and the rest."""
    position = 0
    while position < len(text):
        if text[position] == "\\":
            position += 2
        elif _END.match(text[position]):
            break
        else:
            position += 1
    written, end, rest = text[:position], text[position : position + 1], text[position + 1 :]
    if position > len(text) or written.startswith("#") or '"' in written.replace('\\"', ""):
        raise KnownError("directory.no_name", given=name[:200])
    return _plain(written, name), end, rest


def _plain(written: str, name: str) -> str:
    """Without what only escapes; bytes that are told by their numbers are UTF-8."""
    whole, place = bytearray(), 0
    trimmed = re.sub(r"(?<!\\) +$", "", written)
    for each in _ESCAPED.finditer(trimmed):
        whole += trimmed[place : each.start()].encode("utf-8", "surrogatepass")
        whole += bytes.fromhex(each[1]) if each[1] else each[2].encode("utf-8", "surrogatepass")
        place = each.end()
    whole += trimmed[place:].encode("utf-8", "surrogatepass")
    try:
        return whole.decode("utf-8")
    except UnicodeDecodeError:
        raise KnownError("directory.no_name", given=name[:200]) from None
