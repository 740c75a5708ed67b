"""A running Exchange and connectors to it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.services.channels.exchange.config import ExchangeConfig
from app.services.channels.exchange.manifest import MANIFEST
from app.services.channels.interface import Connector, Credentials
from tests.peers.ews.running import DESK, PASSWORD, USER, running
from tests.peers.ews.server import EwsServer

Open = Callable[..., Connector]


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[tuple[EwsServer, Path]]:
    with running(tmp_path) as server:
        yield server


@pytest.fixture
def server(exchange: tuple[EwsServer, Path]) -> EwsServer:
    return exchange[0]


@pytest.fixture
def connect(exchange: tuple[EwsServer, Path]) -> Iterator[Open]:
    """Opens connectors with the settings given, the running server's where they are not."""
    running_server, authority = exchange
    opened: list[Connector] = []

    def connect(password: str | None = PASSWORD, max_bytes: int = 1_000_000, **settings: Any) -> Connector:
        usual = {"address": DESK, "user": USER, "server": running_server.url, "ca_file": str(authority), "timeout": 5}
        config = ExchangeConfig(**{**usual, **settings})
        opened.append(MANIFEST.open(config, Credentials({"password": password}.get), max_bytes))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()
