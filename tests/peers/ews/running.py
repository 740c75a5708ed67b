"""A server ready to use: one shared mailbox, an account with rights on it, and a certificate of its own authority."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import trustme

from tests.peers.ews.send_operations import Outside
from tests.peers.ews.server import EwsServer
from tests.peers.ews.store import Store

DESK = "desk@acme.example"
ANNA = "anna@acme.example"
USER = "ACME\\agent"
PASSWORD = "correct horse"


def certified(
    folder: Path, name: str = "authority", host: str = "localhost", expires: datetime | None = None
) -> tuple[ssl.SSLContext, Path]:
    """A context for a server named `host`, and the file with the authority that a client must trust."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host, not_after=expires).configure_cert(context)
    file = folder / f"{name}.pem"
    authority.cert_pem.write_to_path(file)
    return context, file


def populated(file: Path | None = None) -> Store:
    """A store with the desk's shared mailbox, which the account may use, and Anna's, which it may not."""
    store = Store(file)
    if not store.mailboxes:
        store.add_user(USER, PASSWORD)
        store.add_mailbox(DESK, USER)
        store.add_mailbox(ANNA)
    return store


@contextmanager
def running(
    folder: Path, store: Store | None = None, outside: Outside | None = None
) -> Iterator[tuple[EwsServer, Path]]:
    """The server, and the file of its authority."""
    context, file = certified(folder)
    with EwsServer(store or populated(), context, outside) as server:
        yield server, file


def mail(
    number: int = 1,
    subject: str = "Printer on fire",
    sender: str = ANNA,
    to: str = DESK,
    text: str = "It smokes.",
    minute: int = 0,
) -> bytes:
    return (
        f"From: Anna <{sender}>\r\nTo: {to}\r\nSubject: {subject} {number}\r\n"
        f"Message-ID: <mail-{number}@acme.example>\r\nDate: Mon, 02 Nov 2026 09:{minute:02}:00 +0000\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()
