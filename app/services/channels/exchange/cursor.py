"""Where reading stands in a folder: the server's sync state, which can be long, packed into a short JSON."""

import base64
import binascii
import json
import zlib
from dataclasses import dataclass

from app.services.channels.interface import Cursor

VERSION = 1
LONGEST_STATE = 16 * 1024 * 1024
"""Bytes unpacked; a real state has some ten thousand."""


@dataclass(frozen=True, slots=True)
class SyncCursor:
    """`folder` is the id of the folder that `state` belongs to; a state means nothing in another folder."""

    folder: str
    state: str | None

    def pack(self) -> Cursor:
        packed = base64.b64encode(zlib.compress(self.state.encode())).decode("ascii") if self.state else None
        return json.dumps({"version": VERSION, "folder": self.folder, "state": packed})


def state_for(folder: str, cursor: Cursor | None) -> str | None:
    """The sync state in `cursor` for that folder.

    None, which reads the folder from its start, where there is none, where it is another folder's, or where it
    cannot be read: the core knows again what it has had.
    """
    try:
        told = json.loads(cursor or "{}")
        if not isinstance(told, dict) or told.get("version") != VERSION or told.get("folder") != folder:
            return None
        return _unpacked(told.get("state"))
    except (ValueError, binascii.Error, zlib.error):
        return None


def _unpacked(packed: object) -> str | None:
    if not isinstance(packed, str):
        return None
    return zlib.decompressobj().decompress(base64.b64decode(packed, validate=True), LONGEST_STATE).decode() or None
