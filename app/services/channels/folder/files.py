"""The .eml files of a folder, and their names in the channel.

A file is known by its name, its size and its time of change, so one that is replaced by another is a new one.
"""

import base64
import hashlib
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MARK = 8
"""Characters in a mark: 48 bits, so that a file is taken for another one of 100,000 once in three thousand million."""

_GROWING_FOR_NS = 1_000_000_000
_FAR_AHEAD_NS = 3600 * 1_000_000_000
_UNSTORABLE = re.compile("[%\ud800-\udfff]")
_ESCAPED = re.compile("%([0-9A-F]{4})")


@dataclass(frozen=True, slots=True)
class MailFile:
    """One file as it was listed; `changed_ns` is nanoseconds since 1970. `mark` stands for all three in a cursor."""

    name: str
    size: int
    changed_ns: int
    mark: str

    @property
    def external_id(self) -> str:
        return external_id(self.name, self.size, self.changed_ns)


def listed(folder: Path) -> list[MailFile]:
    """All .eml files by name. Hidden ones are left out: other systems keep notes on a file in `._name`. `OSError`."""
    with os.scandir(folder) as entries:
        found = [_listed(each) for each in entries if _is_mail(each)]
    return sorted((each for each in found if each is not None), key=lambda each: each.name)


def present(folder: Path, wanted: str) -> MailFile | None:
    """The file of that external id if it lies there unchanged. `OSError`."""
    name = _ESCAPED.sub(lambda each: chr(int(each[1], 16)), wanted.rsplit(":", 2)[0])
    if name != Path(name).name:  # no name of ours leads out of the folder
        return None
    try:
        told = (folder / name).stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    found = _file(name, told)
    return found if found.external_id == wanted else None


def finished(files: Sequence[MailFile]) -> list[MailFile]:
    """Those that do not grow any more: unchanged for a second.

    Writers that rename a finished file into place (`.part` to `.eml`) lose that second and nothing else. A file dated
    some minutes ahead waits too, for it comes from a server whose clock is; one dated hours ahead is just misdated.
    """
    now = time.time_ns()
    return [each for each in files if not -_FAR_AHEAD_NS < now - each.changed_ns < _GROWING_FOR_NS]


def external_id(name: str, size: int, changed_ns: int) -> str:
    """The name in the channel. Bytes that are not UTF-8 (no database stores them) are escaped, and so is the escape."""
    return f"{_UNSTORABLE.sub(lambda each: f'%{ord(each[0]):04X}', name)}:{size}:{changed_ns}"


def _is_mail(entry: os.DirEntry[str]) -> bool:
    return entry.name[-4:].lower() == ".eml" and entry.name[0] != "." and entry.is_file()


def _listed(entry: os.DirEntry[str]) -> MailFile | None:
    try:
        return _file(entry.name, entry.stat())
    except FileNotFoundError:
        return None


def _file(name: str, told: os.stat_result) -> MailFile:
    known_as = external_id(name, told.st_size, told.st_mtime_ns)
    digest = hashlib.blake2b(known_as.encode(), digest_size=MARK * 6 // 8).digest()
    return MailFile(name, told.st_size, told.st_mtime_ns, base64.urlsafe_b64encode(digest).decode())
