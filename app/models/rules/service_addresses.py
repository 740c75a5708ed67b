"""Which addresses a connection to a service may have."""

import re
from urllib.parse import urlsplit

from app.models.errors import KnownError
from app.models.records.scripts import Transport

_FORMS = {
    Transport.HTTP: "https://host:port/path",
    Transport.SQL: "postgresql://user@host:port/name, sqlite:////folder/file.db",
}
_SCHEMES = {
    Transport.HTTP: ("https",),
    Transport.SQL: ("postgresql", "sqlite"),
}

_WHOLE = re.compile(r"/(/|[A-Za-z]:[\\/])[^/]")
"""The path of a file from the root on: where the desk was started is no place."""


def require_address(transport: Transport, address: str) -> None:
    """`KnownError` `remote.bad_address`, `remote.password_in_address`. Of other transports nothing is asked here."""
    if transport not in _FORMS:
        return
    try:
        parts = urlsplit(address)
        password, host, _ = parts.password, parts.hostname, parts.port
    except ValueError:
        raise _bad(transport, address) from None
    if password is not None:
        raise KnownError("remote.password_in_address")
    at_a_host = bool(host) or parts.scheme == "sqlite"
    if parts.scheme not in _SCHEMES[transport] or not at_a_host:
        raise _bad(transport, address)
    if transport is Transport.HTTP and (parts.query or parts.fragment or parts.username is not None):
        raise _bad(transport, address)
    if parts.scheme == "sqlite" and (host or not _WHOLE.match(parts.path)):
        raise _bad(transport, address)


def _bad(transport: Transport, address: str) -> KnownError:
    return KnownError("remote.bad_address", transport=transport.value, address=address, form=_FORMS[transport])
