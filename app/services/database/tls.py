"""The way to a shared database: a server on another machine must prove that it is the one that was named.

libpq's own default (`prefer`) takes any server's word for it
(https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION). Ours is `verify-full`, unless the address
says something else, or names this machine.
"""

import os
import ssl
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from sqlalchemy import URL

SYSTEM = "system"
"""What libpq calls the authorities that the operating system knows."""


def guarded(url: URL, environment: Mapping[str, str] = os.environ) -> URL:
    """The address with the guard that is asked for, or ours, and the authorities in a file that libpq can read."""
    if "service" in url.query:
        return url
    told = dict(url.query)
    if "sslmode" not in told and not all(_is_here(each) for each in _hosts(url)):
        told["sslmode"] = "verify-full"
    if told.get("sslmode") not in ("verify-full", "verify-ca"):
        return url.set(query=told)
    if "sslrootcert" not in told and "PGSSLROOTCERT" not in environment and not _own_authorities().exists():
        told["sslrootcert"] = SYSTEM
    if told.get("sslrootcert") == SYSTEM:
        told["sslrootcert"] = environment.get("SSL_CERT_FILE") or _system_authorities() or SYSTEM
    return url.set(query=told)


def _hosts(url: URL) -> Iterator[str]:
    named = url.query.get("host") or url.host or url.query.get("hostaddr") or os.environ.get("PGHOST", "")
    for each in [named] if isinstance(named, str) else named:
        for host in each.split(","):
            yield host.rpartition(":")[0] if host.count(":") == 1 else host


def _is_here(host: str) -> bool:
    if not host or host.startswith(("/", "@")) or host.rstrip(".").lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _own_authorities() -> Path:
    """Where libpq looks by itself."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", "")) / "postgresql" / "root.crt"
    return Path.home() / ".postgresql" / "root.crt"


@cache
def _system_authorities() -> str:
    """A file of what this system trusts: the OpenSSL that comes with libpq looks in a place that no system has."""
    known = ssl.get_default_verify_paths().cafile
    if known and Path(known).is_file():
        return known
    found = ssl.create_default_context().get_ca_certs(binary_form=True)  # on Windows: from the system's store
    if not found:
        return ""
    with tempfile.NamedTemporaryFile("w", prefix="firstline-", suffix=".pem", delete=False) as file:
        file.write("".join(ssl.DER_cert_to_PEM_cert(each) for each in found))
    return file.name
