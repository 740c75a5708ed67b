"""What is different in another version of a script, for whoever is to approve it."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.models.records.scripts import Manifest, Package
from app.services.remote_help.library import MANIFEST

_AROUND = 3
_MOST_LINES = 5_000


class Mark(StrEnum):
    """What became of a line. BINARY stands for a file that is no text."""

    SAME = "same"
    ADDED = "added"
    GONE = "gone"
    PLACE = "place"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class MarkedLine:
    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class FileDifference:
    """A file that is not the same in both; the lines are those that changed, with some around them."""

    name: str
    mark: Mark
    lines: tuple[MarkedLine, ...]


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field of the manifest, dotted, and what it said and says; empty where it said nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`fields` are those of the manifest that say something else, defaults that nobody wrote down among them."""

    fields: tuple[FieldDifference, ...]
    files: tuple[FileDifference, ...]


def compare(before: Package | None, after: Package) -> Comparison:
    """All that is different; of a script that was not there before, all of it is new."""
    old_fields = dict(_flat(_all_of(before.manifest))) if before is not None else {}
    new_fields = dict(_flat(_all_of(after.manifest)))
    fields = tuple(
        FieldDifference(name, old_fields.get(name, ""), new_fields.get(name, ""))
        for name in dict.fromkeys((*new_fields, *old_fields))
        if old_fields.get(name, "") != new_fields.get(name, "")
    )
    old_files = before.files if before is not None else {}
    names = sorted({*old_files, *after.files}, key=lambda name: (name == MANIFEST, name))
    files = (_of_file(name, old_files.get(name), after.files.get(name)) for name in names)
    return Comparison(fields, tuple(each for each in files if each is not None))


def _of_file(name: str, before: bytes | None, after: bytes | None) -> FileDifference | None:
    if before == after:
        return None
    mark = Mark.ADDED if before is None else Mark.GONE if after is None else Mark.SAME
    try:
        old, new = (each.decode("utf-8").splitlines() if each is not None else [] for each in (before, after))
    except UnicodeDecodeError:
        return FileDifference(name, mark, (MarkedLine(Mark.BINARY, ""),))
    told = list(difflib.unified_diff(old, new, n=_AROUND, lineterm=""))[2:]
    return FileDifference(name, mark, tuple(map(_marked, told[:_MOST_LINES])))


def _marked(line: str) -> MarkedLine:
    marks = {"+": Mark.ADDED, "-": Mark.GONE, "@": Mark.PLACE}
    mark = marks.get(line[:1], Mark.SAME)
    return MarkedLine(mark, line if mark is Mark.PLACE else line[1:])


def _all_of(manifest: Manifest) -> Mapping[str, Any]:
    """With what goes without saying: a default that is written down is no difference, and one that changes is."""
    return manifest.model_dump(mode="json", by_alias=True, exclude_none=True)


def _flat(told: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Parameters by their names, so that one that moved is the same still."""
    if isinstance(told, Mapping):
        for name, value in told.items():
            yield from _flat(value, f"{path}.{name}" if path else str(name))
    elif isinstance(told, list) and told and all(isinstance(each, Mapping) for each in told):
        for each in told:
            yield from _flat(each, f"{path}.{each.get('name', '')}")
    elif isinstance(told, list):
        yield path, ", ".join(map(str, told))
    else:
        yield path, str(told)
