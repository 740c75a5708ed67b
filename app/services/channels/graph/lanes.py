"""A mailbox's share of Graph, for all of this process.

Graph allows an application four requests at once on one mailbox, and tells for how long it wants to be left alone. Two
connectors of one mailbox (the worker's and that of the button that tests) must know that of each other.
https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from time import monotonic

AT_ONCE = 4


class Lane:
    """At most four requests at once, and none before Graph wants the next."""

    def __init__(self) -> None:
        self._slots = BoundedSemaphore(AT_ONCE)
        self._free_at = 0.0

    @property
    def busy_for(self) -> float:
        """Seconds until Graph wants to be asked again."""
        return max(0.0, self._free_at - monotonic())

    def hold(self, seconds: float) -> None:
        """Graph asked to wait."""
        self._free_at = max(self._free_at, monotonic() + seconds)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """One of the four."""
        with self._slots:
            yield


_lanes: dict[tuple[str, str], Lane] = {}
_lock = Lock()


def lane_of(server: str, address: str) -> Lane:
    """The lane of that mailbox, the same for everybody in this process."""
    with _lock:
        return _lanes.setdefault((server, address.casefold()), Lane())
