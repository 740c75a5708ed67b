"""A running Graph and connectors to it. Every request is shown to Prism, where it is here."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.services.channels.graph import lanes
from app.services.channels.graph.config import GraphConfig
from app.services.channels.graph.connector import GraphConnector
from tests.peers.graph.prism import Prism
from tests.peers.graph.running import CLIENT, DESK, FixedTokens, running
from tests.peers.graph.server import GraphServer

Open = Callable[..., GraphConnector]


@pytest.fixture
def server(witness: Prism | None) -> Iterator[GraphServer]:
    with running(witness=witness) as server:
        yield server


class Rests(list[float]):
    """How long connectors waited, in seconds. No time passes, but for them it has."""

    def now(self) -> float:
        return time.monotonic() + sum(self)


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> Rests:
    waited = Rests()
    monkeypatch.setattr(lanes, "monotonic", waited.now)
    monkeypatch.setattr(lanes, "_lanes", {})  # a server of another test may have had the same port
    return waited


@pytest.fixture
def connect(server: GraphServer, rests: Rests) -> Iterator[Open]:
    """Opens connectors with the settings given, the running server's where they are not."""
    opened: list[GraphConnector] = []

    def connect(
        tokens: FixedTokens | None = None,
        max_bytes: int = 1_000_000,
        now: Callable[[], float] = time.time,
        **settings: Any,
    ) -> GraphConnector:
        usual = {"address": DESK, "client_id": CLIENT, "graph_address": server.url, "timeout": 5}
        config = GraphConfig(**{**usual, **settings})
        opened.append(GraphConnector(config, tokens or FixedTokens(), max_bytes, rests.append, now))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()
