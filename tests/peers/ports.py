"""Ports for servers that are told theirs before they listen.

A port that the system picked is free only until it gives it to somebody's outgoing connection, which may be before the
server has started. So these lie below all that systems give away by themselves, each is handed out once, and test
processes that run side by side have their own.
"""

import os
import socket
from collections.abc import Iterator
from random import SystemRandom

_RANGE = range(10_000, 32_000)
_SIDE_BY_SIDE = 16


def _ports() -> Iterator[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    mine = list(_RANGE[worker % _SIDE_BY_SIDE :: _SIDE_BY_SIDE])
    SystemRandom().shuffle(mine)
    yield from mine


_left = _ports()


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on, and that this process is never given again."""
    for port in _left:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("every port for tests was handed out")
