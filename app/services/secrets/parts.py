"""Long secrets in a keyring: cut into several entries, for Windows has room for 2,560 bytes in one.

The entry of the secret's own name says which parts it has and their checksum. It is written last, so a reader finds
the old secret whole or the new one whole; one that was replaced under its reader's hands is read again.
"""

import hashlib
import json
import secrets
from contextlib import suppress

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

_MOST = 2_400  # bytes of UTF-16, of CRED_MAX_CREDENTIAL_BLOB_SIZE's 2,560 (wincred.h)
_PART = 600  # characters, of which each may take two UTF-16 units
_MARK = "firstline-parts:"
_TRIES = 3


def read(backend: KeyringBackend, service: str, name: str) -> str | None:
    """The secret; None where there is none, or where a part of it is gone."""
    for _ in range(_TRIES):
        head = backend.get_password(service, name)
        if head is None or not head.startswith(_MARK):
            return head
        found = [backend.get_password(service, each) for each in _parts(name, head)]
        whole = "".join(each for each in found if each is not None)
        if _digest(whole) == json.loads(head.removeprefix(_MARK))["sha256"]:
            return whole
    return None


def write(backend: KeyringBackend, service: str, name: str, value: str) -> None:
    """Keep it in place of the one before."""
    before = backend.get_password(service, name)
    if len(value.encode("utf-16-le", "surrogatepass")) <= _MOST:
        backend.set_password(service, name, value)
    else:
        pieces = [value[at : at + _PART] for at in range(0, len(value), _PART)]
        told = {"id": secrets.token_hex(4), "count": len(pieces), "sha256": _digest(value)}
        head = _MARK + json.dumps(told)
        for each, piece in zip(_parts(name, head), pieces, strict=True):
            backend.set_password(service, each, piece)
        backend.set_password(service, name, head)
    _remove_parts(backend, service, name, before)


def remove(backend: KeyringBackend, service: str, name: str) -> None:
    """Well where there is none."""
    before = backend.get_password(service, name)
    with suppress(PasswordDeleteError):
        backend.delete_password(service, name)
    _remove_parts(backend, service, name, before)


def _remove_parts(backend: KeyringBackend, service: str, name: str, head: str | None) -> None:
    for each in _parts(name, head or ""):
        with suppress(PasswordDeleteError):
            backend.delete_password(service, each)


def _parts(name: str, head: str) -> list[str]:
    """The names of the entries that a head tells of."""
    if not head.startswith(_MARK):
        return []
    told = json.loads(head.removeprefix(_MARK))
    return [f"{name}/{told['id']}.{number}" for number in range(told["count"])]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
