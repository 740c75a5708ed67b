"""The journal's lines: each is encrypted and authenticated by itself, so that a damaged one spoils no other.

A line is `1 KEY PLACE SEALED`: the format, the name of the key, the line's place in the journal, and AES-256-GCM over
what it says, as base64 (a nonce of 12 random bytes, then the sealed bytes). The first three are authenticated with it:
a line that was changed, or taken to another place, does not open.
"""

import hashlib
import os
import secrets as random
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from app.models.errors import KnownError
from app.services.secrets import Secrets

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_FORMAT = b"1"
_NONCE = 12
_SECRET = "journal"  # noqa: S105 - what it is called, not what it is


@dataclass(frozen=True)
class Seal:
    """A key by its `name`, which is no secret and stands in every line."""

    name: str
    secret: str = field(repr=False)

    def close(self, place: int, said: bytes) -> bytes:
        """The line that says it; `place` is never used twice."""
        nonce = os.urandom(_NONCE)
        head = b"%s %s %d" % (_FORMAT, self.name.encode(), place)
        return head + b" " + b64encode(nonce + self._cipher.encrypt(nonce, said, head)) + b"\n"

    def open(self, line: bytes) -> bytes | None:
        """What a line of this key says; None where it is damaged or was sealed by another secret."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as above

        head, _, sealed = line.rpartition(b" ")
        try:
            told = b64decode(sealed, validate=True)
            return self._cipher.decrypt(told[:_NONCE], told[_NONCE:], head)
        except (ValueError, InvalidTag):
            return None

    @cached_property
    def _cipher(self) -> "AESGCM":
        """An administrator's secret may be words: scrypt makes a key of whatever it is."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - no start waits for it

        return AESGCM(hashlib.scrypt(self.secret.encode(), salt=self.name.encode(), n=2**14, r=8, p=1, dklen=32))


def key_and_place(line: bytes) -> tuple[str, int] | None:
    """Which key sealed a line and where it stood; None for what is no line of a journal."""
    parts = line.split(b" ")
    if len(parts) != 4 or parts[0] != _FORMAT or not parts[2].isdigit() or not parts[1].isalnum():
        return None
    return parts[1].decode("ascii", "replace"), int(parts[2])


def known_seals(secrets: Secrets, name: str) -> tuple[Seal, ...]:
    """The key of that name, from the environment (FIRSTLINE_SECRET_JOURNAL) or the keyring; both where they differ.

    `KnownError` `keyring.failed` where the keyring is locked: the key may be there all the same.
    """
    told = dict.fromkeys((secrets.get(_SECRET), secrets.get(f"{_SECRET}/{name}")))
    return tuple(Seal(name, each) for each in told if each)


def new_seal(secrets: Secrets) -> Seal:
    """A key made now and kept in the keyring, unless the environment brings one; `KnownError` `keyring.unsafe`."""
    name = random.token_hex(8)
    told = secrets.get(_SECRET)
    if told:
        return Seal(name, told)
    made = random.token_urlsafe(32)
    secrets.set(f"{_SECRET}/{name}", made)
    if secrets.get(f"{_SECRET}/{name}") != made:
        raise KnownError("keyring.failed", backend=secrets.describe() or "", reason="")
    return Seal(name, made)
