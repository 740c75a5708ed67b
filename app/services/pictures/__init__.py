"""Pictures of mails that lie on the network, fetched only when a reader asks for them.

Fetching one tells its sender that the mail was read, and from where. Besides, an address in a mail is a stranger's: it
must not make the desk talk to machines inside the house. So only http and https to public addresses are followed, the
name is looked up once and that very address is connected to, nothing is sent that tells who asks, and what is too large
is let go.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urljoin, urlsplit

TIMEOUT = 10.0
"""Seconds, for each step of a connection."""
MAX_BYTES = 5_000_000
_REDIRECTS = 3
_MOVED = (301, 302, 303, 307, 308)

Allowed = Callable[[str], bool]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open network, and not of this machine or of the house."""
    return ipaddress.ip_address(address).is_global


def fetch(url: str, allowed: Allowed = is_public) -> bytes | None:
    """The picture at `url`, at most `MAX_BYTES`; None where it cannot or must not be fetched."""
    for _ in range(_REDIRECTS + 1):
        try:
            status, target, content = _get(url, allowed)
        except (OSError, HTTPException, ValueError):
            return None
        if status == 200:
            return content
        if status not in _MOVED or not target:
            return None
        url = urljoin(url, target)
    return None


def fetch_all(urls: Sequence[str], allowed: Allowed = is_public) -> dict[str, bytes]:
    """Those of `urls` that could be fetched."""
    found = {url: fetch(url, allowed) for url in urls}
    return {url: content for url, content in found.items() if content}


def _get(url: str, allowed: Allowed) -> tuple[int, str | None, bytes]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(parts.scheme)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    reached = socket.create_connection((_address(parts.hostname, port, allowed), port), TIMEOUT)
    connection: HTTPConnection
    if parts.scheme == "https":
        connection = HTTPSConnection(parts.hostname, port, timeout=TIMEOUT)
        reached = ssl.create_default_context().wrap_socket(reached, server_hostname=parts.hostname)
    else:
        connection = HTTPConnection(parts.hostname, port, timeout=TIMEOUT)
    connection.sock = reached
    try:
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("GET", path, headers={"Accept": "image/*", "User-Agent": "Mozilla/5.0"})
        answer = connection.getresponse()
        content = answer.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise ValueError("too large")
        return answer.status, answer.getheader("Location"), content
    finally:
        connection.close()


def _address(host: str, port: int, allowed: Allowed) -> str:
    """One address of `host`; `ValueError` where any of them is not allowed."""
    found = {str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    if not all(allowed(each) for each in found):
        raise ValueError(host)
    return sorted(found)[0]
