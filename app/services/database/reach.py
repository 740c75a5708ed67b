"""Whether the database can be reached: one answer for the whole desk, and one pace of trying again.

While it is away, what is asked of it is refused at once rather than tried: nobody waits for a server that is not
there, and when it is back, two hundred desks do not all stand at its door at the same moment. Now and then one question
is let through; the pauses between grow, and no two desks pause alike ("full jitter",
https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter).
"""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic

from app.models.clock import Clock
from app.models.errors import DatabaseError

AWAY = frozenset(
    f"database.{each}"
    for each in (
        "lost", "too_many_desks", "cannot_open", "disk_broken", "sign_in_refused", "no_such_database", "certificate",
        "certificate_host", "no_tls", "tls_required", "not_a_database", "damaged",
    )
)  # fmt: skip
"""The codes of what keeps everything from the database, not a single statement."""
_LOCKED = "database.locked"
WAITS = "database.waits"
"""The code of a change that was not tried, since the database is away."""

SHORTEST, LONGEST = 0.5, 30.0
"""Seconds between two tries."""


class Reach:
    """Safe to use from several threads. Listeners are called on whichever thread found out, and must be quick."""

    def __init__(
        self, clock: Clock, ticking: Callable[[], float] = monotonic, spread: Callable[[], float] = random.random
    ) -> None:
        self._clock, self._ticking, self._spread = clock, ticking, spread
        self._lock = threading.Lock()
        self._error: DatabaseError | None = None
        self._tries = 0
        self._next_try = 0.0
        self._asked: dict[object, float] = {}
        self._heard = 0.0
        self._listeners: list[Callable[[], None]] = []
        self.since: datetime | None = None

    @property
    def is_away(self) -> bool:
        return self._error is not None

    @property
    def error(self) -> DatabaseError | None:
        """Why it cannot be reached; None while it can."""
        return self._error

    @property
    def is_due(self) -> bool:
        """Whether it is away, and time to try again."""
        return self._error is not None and self._ticking() >= self._next_try

    def listen(self, listener: Callable[[], None]) -> None:
        """Be told whenever it goes away and when it is back, until `unlisten`."""
        self._listeners.append(listener)

    def unlisten(self, listener: Callable[[], None]) -> None:
        """Told nothing any more; well where it was not listening."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def enter(self, *, writing: bool) -> None:
        """Before anything is asked of it: `DatabaseError` where it is away and it is not time to try again."""
        with self._lock:
            if self._error is None:
                return
            if self._ticking() < self._next_try:
                raise DatabaseError(WAITS if writing else self._error.code, **self._error.facts)
            self._put_off()

    @contextmanager
    def asking(self, *, writing: bool) -> Iterator[None]:
        """Around all that is asked in one go; errors as `enter`."""
        self.enter(writing=writing)
        mine = object()
        with self._lock:
            self._asked[mine] = self._ticking()
        try:
            yield
        finally:
            with self._lock:
                del self._asked[mine]

    @property
    def silent_for(self) -> float:
        """Seconds that something has been asked for, and nothing was answered to anybody."""
        with self._lock:
            now = self._ticking()
            return now - max(min(self._asked.values()), self._heard) if self._asked else 0.0

    def try_now(self) -> None:
        """Whoever asks next is let through."""
        with self._lock:
            self._next_try = self._ticking()

    def put_off(self, seconds: float) -> None:
        """Nobody is let through for so long, but for `try_now`."""
        with self._lock:
            self._next_try = self._ticking() + seconds

    def failed(self, error: DatabaseError, *, writing: bool) -> None:
        """Something that was asked came to nothing."""
        if error.code not in AWAY and (writing or error.code != _LOCKED):
            return
        with self._lock:
            was_away, self._error = self._error is not None, error
            if not was_away:
                self.since = self._clock.now()
                self._tries = 0
                self._put_off()
        if not was_away:
            self._tell()

    def answered(self) -> None:
        """It did what was asked."""
        self._heard = self._ticking()
        if self._error is None:
            return
        with self._lock:
            was_away, self._error, self.since = self._error is not None, None, None
        if was_away:
            self._tell()

    def _put_off(self) -> None:
        longest = min(LONGEST, SHORTEST * 2.0 ** (self._tries + 1))
        self._next_try = self._ticking() + SHORTEST + self._spread() * (longest - SHORTEST)
        self._tries = min(self._tries + 1, 20)

    def _tell(self) -> None:
        for each in tuple(self._listeners):
            each()
