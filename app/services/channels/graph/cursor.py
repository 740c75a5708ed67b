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
from dataclasses import astuple, dataclass, replace
from typing import Any, Literal, cast

from app.services.channels.interface import Cursor

VERSION = 1
LONGEST = 16 * 1024 * 1024
"""Bytes unpacked; a real one has some thousand."""

Stage = Literal["survey", "backlog", "changes"]
_STAGES = ("survey", "backlog", "changes")
_SOON, _SELDOM = 600, 86_400
"""Seconds from a withheld mail's first asking again to its second, and at most."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A mail that Graph does not hand over, though it does others. `again_at` is in seconds since 1970."""

    id: str
    again_at: int = 0
    times: int = 0

    def is_due(self, now: float) -> bool:
        """Whether to ask for it. A time that is too far off was told by a clock that was wrong."""
        return not now < self.again_at <= now + _SELDOM

    def later(self, now: float) -> "Withheld":
        """After it was asked for in vain: twice as long as the last time."""
        pause = min(_SOON * 2 ** min(self.times, 8), _SELDOM)
        return replace(self, again_at=int(now) + pause, times=self.times + 1)


@dataclass(frozen=True, slots=True)
class Standing:
    """`folder` is the id of the folder that all of it belongs to.

    `link` is the next request of the survey or of the changes; in the backlog the mark that the changes begin with.
    `since` is when the last mail of the backlog was received (Graph's own form, in UTC), empty at the beginning.
    `done` names what is read already of that which the next request brings again.
    `tries` is how often the mail in front was asked for in vain; `withheld` is what was passed over for that.
    """

    folder: str
    stage: Stage = "survey"
    link: str = ""
    since: str = ""
    done: tuple[str, ...] = ()
    tries: int = 0
    withheld: tuple[Withheld, ...] = ()

    def pack(self) -> Cursor:
        told = {"stage": self.stage, "link": self.link, "since": self.since, "done": self.done, "tries": self.tries}
        told["withheld"] = [astuple(each) for each in self.withheld]
        packed = base64.b64encode(zlib.compress(json.dumps(told).encode())).decode("ascii")
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
    done = tuple(str(each) for each in told["done"])
    withheld = tuple(Withheld(str(name), int(at), int(times)) for name, at, times in told.get("withheld", ()))
    return Standing(folder, stage, told["link"], told["since"], done, int(told.get("tries", 0)), withheld)
