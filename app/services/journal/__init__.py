"""What is typed at this desk and is not in the database: kept on this machine until it is.

One file that lines are added to, each of them encrypted, and on the disk before anybody is told that it is kept. A
killed process, a machine that goes off or a database that is away loses nothing that was kept. What of it cannot be
read is set aside in a second file and told; it is never thrown away.
"""

import json
import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from app.models.errors import KnownError
from app.services.journal.lines import Lines
from app.services.journal.sealing import Seal, key_and_place, known_seals, new_seal
from app.services.secrets import Secrets

_WORTH_IT = 256_000
"""Bytes of the file from which on it may be worth to be written anew."""
_WASTE = 4
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing in the journal. `order` tells when it was first kept, `changed` when it was kept last: both grow."""

    kind: str
    id: UUID
    order: int
    changed: int
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Put:
    """Keep this, in place of what is kept under its kind and id. `told` is JSON."""

    kind: str
    id: UUID
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drop:
    """It is filed, or it was given up."""

    kind: str
    id: UUID


class Journal:
    """The journal in `folder`. Safe to use from several threads; read when it is first needed.

    Every method: `KnownError` `file.cannot_write` and `file.cannot_read` for the disk's faults, `keyring.failed` where
    the keyring is locked, and `keyring.unsafe` where there is none and the environment brings no key.
    """

    def __init__(self, folder: Path, secrets: Secrets) -> None:
        self.file, self.set_aside = folder / "journal", folder / "set-aside"
        self._secrets = secrets
        self._lock = threading.RLock()
        self._kept: dict[tuple[str, UUID], Kept] | None = None
        self._next = 0
        self._was_anew = 0
        self._seal: Seal | None = None
        self._seals: dict[str, tuple[Seal, ...]] = {}
        self._troubles: list[KnownError] = []

    def write(self, *steps: Put | Drop) -> None:
        """Do all of these or none, and see it on the disk."""
        with self._lock:
            kept = self._opened()
            new = [
                self._as_kept(each) if isinstance(each, Put) else each
                for each in steps
                if isinstance(each, Put) or (each.kind, each.id) in kept
            ]
            if not new:
                return
            Lines(self.file).add(self._sealed(_said(new)))
            for each in new:
                _apply(kept, each)
            if Lines(self.file).size > max(_WORTH_IT, _WASTE * self._was_anew):
                self._write_anew(kept)

    def items(self, kind: str) -> list[Kept]:
        """What is kept of a kind, in the order in which it was first kept."""
        with self._lock:
            found = [each for each in self._opened().values() if each.kind == kind]
        return sorted(found, key=lambda each: each.order)

    def get(self, kind: str, item_id: UUID) -> Kept | None:
        """One of them; None where it is not kept."""
        with self._lock:
            return self._opened().get((kind, item_id))

    def troubles(self) -> Sequence[KnownError]:
        """What could not be read when the journal was opened, and is set aside: to be told to its person."""
        with self._lock:
            self._opened()
            return tuple(self._troubles)

    def _opened(self) -> dict[tuple[str, UUID], Kept]:
        if self._kept is None:
            self._open()
        assert self._kept is not None
        return self._kept

    def _open(self) -> None:
        read, aside = Lines(self.file).read(), Lines(self.set_aside).read()
        lines = [*read.lines, *([read.torn] if read.torn and self._opens(read.torn) is not None else [])]
        said = {each: self._opens(each) for each in [*aside.lines, *lines]}
        kept: dict[tuple[str, UUID], Kept] = {}
        for line in sorted(said, key=_place):
            for step in _steps(said[line] or b"[]"):
                _apply(kept, step)
        self._next = 1 + max(map(_place, said), default=0)
        bad = [each for each in lines if said[each] is None]
        self._troubles = self._told_of(bad)
        returned = [each for each in aside.lines if said[each] is not None]
        if bad or returned or read.torn or Lines(self.file).size > _WORTH_IT:
            self._mend(kept, bad, returned)
        self._kept = kept

    def _opens(self, line: bytes) -> bytes | None:
        known = key_and_place(line)
        if known is None:
            return None
        if known[0] not in self._seals:
            self._seals[known[0]] = known_seals(self._secrets, known[0])
        for seal in self._seals[known[0]]:
            said = seal.open(line)
            if said is not None:
                self._seal = seal
                return said
        return None

    def _mend(self, kept: Mapping[tuple[str, UUID], Kept], bad: Sequence[bytes], returned: Sequence[bytes]) -> None:
        """Set aside what cannot be read, before it goes from the journal. A full disk leaves all of it as it is."""
        aside = Lines(self.set_aside)
        try:
            there = set(aside.read().lines)
            for each in bad:
                if each not in there:
                    aside.add(each + b"\n")
            if self._write_anew(kept) and returned:
                aside.replace([each + b"\n" for each in aside.read().lines if each not in returned])
        except KnownError:
            _log.warning("the journal could not be mended", exc_info=True)

    def _told_of(self, bad: Sequence[bytes]) -> list[KnownError]:
        locked = [each for each in bad if (known := key_and_place(each)) and not self._seals.get(known[0])]
        counts = {"journal.locked": len(locked), "journal.damaged": len(bad) - len(locked)}
        return [KnownError(code, count=count, file=self.set_aside) for code, count in counts.items() if count]

    def _write_anew(self, kept: Mapping[tuple[str, UUID], Kept]) -> bool:
        """Without what is dropped, a line each. Something always stands there, by which the key is known again.

        Whether it was done: it is not where there is no key or no room, and what is kept is kept all the same.
        """
        try:
            live = sorted(kept.values(), key=lambda each: each.order)
            lines = [self._sealed(_said([each])) for each in live] or [self._sealed(_said([]))]
            Lines(self.file).replace(lines)
        except KnownError:
            _log.warning("the journal could not be written anew", exc_info=True)
            return False
        self._was_anew = sum(map(len, lines))
        return True

    def _sealed(self, said: bytes) -> bytes:
        if self._seal is None:
            self._seal = new_seal(self._secrets)
            self._seals[self._seal.name] = (self._seal,)
        line = self._seal.close(self._next, said)
        self._next += 1
        return line

    def _as_kept(self, step: Put) -> Kept:
        before = (self._kept or {}).get((step.kind, step.id))
        return Kept(step.kind, step.id, before.order if before else self._next, self._next, step.told)


def _said(steps: Sequence[Kept | Drop]) -> bytes:
    told = [
        {"kind": each.kind, "id": str(each.id)}
        | ({"order": each.order, "changed": each.changed, "told": each.told} if isinstance(each, Kept) else {})
        for each in steps
    ]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _steps(said: bytes) -> list[Kept | Drop]:
    return [
        Kept(each["kind"], UUID(each["id"]), each["order"], each["changed"], each["told"])
        if "told" in each
        else Drop(each["kind"], UUID(each["id"]))
        for each in json.loads(said)
    ]


def _apply(kept: dict[tuple[str, UUID], Kept], step: Kept | Drop) -> None:
    if isinstance(step, Kept):
        kept[step.kind, step.id] = step
    else:
        kept.pop((step.kind, step.id), None)


def _place(line: bytes) -> int:
    known = key_and_place(line)
    return known[1] if known else 0
