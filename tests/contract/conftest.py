"""One rig a connector: a real mailbox behind it, and ways to put mail in and to open the connector anew."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from app.services.channels.exchange.config import ExchangeConfig
from app.services.channels.exchange.manifest import MANIFEST as EXCHANGE
from app.services.channels.folder.config import FolderConfig
from app.services.channels.folder.manifest import MANIFEST as FOLDER
from app.services.channels.graph.config import GraphConfig
from app.services.channels.graph.manifest import MANIFEST as GRAPH
from app.services.channels.imap.config import ImapConfig
from app.services.channels.imap.manifest import MANIFEST as IMAP
from app.services.channels.interface import Connector, Credentials
from tests.peers.ews.running import DESK as EWS_DESK, PASSWORD, USER, running
from tests.peers.graph import running as graph
from tests.peers.graph.prism import Prism
from tests.peers.mail_server import MailServer

DESK = "support@desk.example"
MAX_BYTES = 200_000


@dataclass
class Rig:
    """`deliver` puts a mail into the mailbox, `open` gives a new connector to it; with a wrong secret if asked.

    `restart` starts the server behind it anew; None where there is none, or none that can be.
    """

    deliver: Callable[[bytes], None]
    open: Callable[..., Connector]
    restart: Callable[[], None] | None = None
    has_secret: bool = True
    address: str = DESK


@pytest.fixture(
    params=["folder", "imap-pymap", pytest.param("imap-dovecot", marks=pytest.mark.needs_debian), "exchange", "graph"]
)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    makers = {"folder": _folder, "imap-pymap": _pymap, "imap-dovecot": _dovecot, "exchange": _exchange}
    if request.param == "graph":
        yield from _graph(request.getfixturevalue("witness"))
    else:
        yield from makers[request.param](tmp_path)


def _folder(tmp_path: Path) -> Iterator[Rig]:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    config = FolderConfig(path=inbox, outbox=tmp_path / "outbox", done=tmp_path / "done")
    numbers = count(1)

    def deliver(raw: bytes) -> None:
        file = inbox / f"{next(numbers):03}.eml"
        file.write_bytes(raw)
        os.utime(file, (1_700_000_000, 1_700_000_000))

    yield Rig(deliver, lambda **_: FOLDER.open(config, Credentials(lambda _name: None), MAX_BYTES), has_secret=False)


def _pymap(tmp_path: Path) -> Iterator[Rig]:
    with MailServer(tmp_path) as server:
        config = ImapConfig(
            address=DESK,
            host=server.host,
            port=server.imap_port,
            security="starttls",
            smtp_port=server.smtp_port,
            ca_file=server.ca_file,
            timeout=10,
        )

        def open_it(password: str = server.password) -> Connector:
            return IMAP.open(config, Credentials({"password": password}.get), MAX_BYTES)

        def deliver(raw: bytes) -> None:
            """pymap numbers what it finds at once in any order, so it is made to look after each mail."""
            server.deliver(raw, DESK)
            looking = open_it()
            looking.poll(None, 1)
            looking.close()

        yield Rig(deliver, open_it, server.restart)


def _dovecot(tmp_path: Path) -> Iterator[Rig]:
    if sys.platform == "win32":
        pytest.skip("Dovecot does not run on Windows")
    from tests.peers.dovecot import Dovecot  # it needs to know of users as POSIX has them

    with Dovecot(tmp_path) as server:
        config = ImapConfig(
            address=DESK,
            host=server.host,
            port=server.imap_tls_port,
            security="tls",
            smtp_port=server.smtp_port,
            smtp_security="tls",
            ca_file=server.ca_file,
            timeout=10,
        )
        yield Rig(
            lambda raw: server.deliver(raw, DESK),
            lambda password=server.password: IMAP.open(config, Credentials({"password": password}.get), MAX_BYTES),
            server.restart,
        )


def _exchange(tmp_path: Path) -> Iterator[Rig]:
    with running(tmp_path) as (server, authority):
        config = ExchangeConfig(address=EWS_DESK, user=USER, server=server.url, ca_file=str(authority), timeout=5)
        yield Rig(
            lambda raw: server.store.deliver(EWS_DESK, raw),
            lambda password=PASSWORD: EXCHANGE.open(config, Credentials({"password": password}.get), MAX_BYTES),
            address=EWS_DESK,
        )


def _graph(witness: Prism | None) -> Iterator[Rig]:
    with graph.running(witness=witness) as server:
        config = GraphConfig(
            address=graph.SHARED, user=graph.DESK, client_id=graph.CLIENT, graph_address=server.url, timeout=5
        )
        yield Rig(
            lambda raw: server.store.deliver(graph.SHARED, raw),
            lambda password=graph.TOKEN: GRAPH.open(
                config, Credentials(lambda _name: None, graph.FixedTokens(password)), MAX_BYTES
            ),
            server.restart,
            address=graph.SHARED,
        )
