"""Where reading stands in a folder.

Three stages follow each other. `survey` pages once through what is in the folder, for the mark (deltaLink) behind
which changes are told. `backlog` then reads all of it, oldest first. `changes` reads what came since the mark, for
ever. So nothing that comes or is moved in at any time is missed, and the oldest mail comes first although Graph tells
changes in any order.
"""

import base64
import binascii
import hashlib
import json
import zlib
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from app.services.channels.interface import Cursor

VERSION = 1
LONGEST = 16 * 1024 * 1024
"""Bytes unpacked; a real one has some thousand."""

Stage = Literal["survey", "backlog", "changes"]
_STAGES = ("survey", "backlog", "changes")


@dataclass(frozen=True, slots=True)
class Standing:
    """`folder` is the id of the folder that all of it belongs to.

    `link` is the next request of the survey or of the changes; in the backlog the mark that the changes begin with.
    `since` is when the last mail of the backlog was received (Graph's own form, in UTC), empty at the beginning.
    `done` names what is read already of that which the next request brings again.
    """

    folder: str
    stage: Stage = "survey"
    link: str = ""
    since: str = ""
    done: tuple[str, ...] = ()

    def pack(self) -> Cursor:
        told = json.dumps({"stage": self.stage, "link": self.link, "since": self.since, "done": self.done})
        packed = base64.b64encode(zlib.compress(told.encode())).decode("ascii")
        return json.dumps({"version": VERSION, "folder": self.folder, "state": packed})

    def at(self, stage: Stage, link: str) -> "Standing":
        """The same folder at the beginning of a request."""
        return replace(self, stage=stage, link=link, done=())


def standing(folder: str, cursor: Cursor | None) -> Standing:
    """What `cursor` says of that folder; its beginning where there is none, or another folder's, or none of ours.

    The core knows again what it has had.
    """
    try:
        told = json.loads(cursor or "{}")
        if not isinstance(told, dict) or told.get("version") != VERSION or told.get("folder") != folder:
            return Standing(folder)
        return _unpacked(folder, told.get("state"))
    except (ValueError, TypeError, KeyError, binascii.Error, zlib.error):
        return Standing(folder)


def mark_of(message_id: str) -> str:
    """A short name for a message among those of one request."""
    return hashlib.blake2s(message_id.encode(), digest_size=6).hexdigest()


def _unpacked(folder: str, state: Any) -> Standing:
    plain = zlib.decompressobj().decompress(base64.b64decode(state, validate=True), LONGEST)
    told = json.loads(plain)
    if told["stage"] not in _STAGES or not all(isinstance(told[name], str) for name in ("link", "since")):
        return Standing(folder)
    stage = cast(Stage, told["stage"])
    if not told["link"] and stage != "survey":
        return Standing(folder)
    return Standing(folder, stage, told["link"], told["since"], tuple(str(each) for each in told["done"]))
