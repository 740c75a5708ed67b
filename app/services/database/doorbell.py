"""The doorbell: somebody changed something, so it is worth reading the change feed now.

What rings tells nothing of what changed; the feed does. On PostgreSQL a connection of its own listens for NOTIFY
(https://www.postgresql.org/docs/current/sql-notify.html), and a ring follows each connection that was made anew, since
whatever was rung meanwhile was not heard. Behind a pooler nothing may ring, for it gives a server's connection to many;
`is_hung` says so, and the feed is read by the clock. On SQLite `PRAGMA data_version` is asked a few times a second.
"""

import logging
import random
import select
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.services.database.age import DOORBELL
from app.services.database.engine import is_pooled
from app.services.database.unit_of_work import Database

if TYPE_CHECKING:
    import psycopg  # which a desk with a database of its own never needs

_PEEK_SECONDS = 0.2
_STILL_THERE_SECONDS = 45.0
_POOLED_SECONDS = 300.0
"""Until a desk behind a pooler looks whether it still is."""
_SHORTEST, _LONGEST = 0.5, 30.0
_log = logging.getLogger(__name__)


class Doorbell(ABC):
    """Calls `ring` on a thread of its own whenever somebody may have changed something; `ring` must be quick."""

    def __init__(self, engine: Engine, ring: Callable[[], None]) -> None:
        self._engine, self._rung = engine, ring
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="doorbell", daemon=True)
        self.is_hung = False

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """No ring comes after this. Waits so long for the thread to end."""
        running = self._thread.is_alive() and not self._stopping.is_set()
        self._stopping.set()
        if running:
            self._wake()
            self._thread.join(seconds)

    def _listen(self) -> None:
        pause = _SHORTEST
        while not self._stopping.is_set():
            begun = monotonic()
            try:
                self._hang()
            except (self._engine.dialect.loaded_dbapi.Error, SQLAlchemyError, OSError) as error:
                _log.info("the doorbell is off: %s", error)
            self.is_hung = False
            pause = _SHORTEST if monotonic() - begun > _LONGEST else min(pause * 2, _LONGEST)
            self._stopping.wait(random.uniform(0, pause))  # noqa: S311 - so that not all desks come back at once

    def _ring(self) -> None:
        if not self._stopping.is_set():
            self._rung()

    @abstractmethod
    def _hang(self) -> None:
        """Connect, ring whenever there is reason to, and return when stopped."""

    @abstractmethod
    def _wake(self) -> None:
        """Let `_hang` see that it is to stop."""


def hang(database: Database, ring: Callable[[], None]) -> Doorbell:
    """A doorbell for the database, not started yet."""
    return _Notified(database.engine, ring) if database.is_shared else _Peeking(database.engine, ring)


class _Notified(Doorbell):
    def start(self) -> None:
        self._near, self._far = socket.socketpair()
        super().start()

    def _listen(self) -> None:
        super()._listen()
        self._far.close()

    def _wake(self) -> None:
        self._near.close()  # which the far end can be read for

    def _hang(self) -> None:
        ours = self._engine.raw_connection()
        connection: Any = ours.driver_connection
        ours.detach()  # it is ours for as long as it lasts, and the pool opens another
        try:
            pooled = is_pooled(connection)
            if not pooled:
                connection.autocommit = True
                connection.execute(f"LISTEN {DOORBELL}")
                self.is_hung = True
                self._ring()
                self._attend(connection)
        finally:
            connection.close()
        if pooled:
            self._stopping.wait(_POOLED_SECONDS)

    def _attend(self, connection: "psycopg.Connection[Any]") -> None:
        socket_ = connection.pgconn.socket
        while not self._stopping.is_set():
            readable, _, _ = select.select([socket_, self._far.fileno()], [], [], _STILL_THERE_SECONDS)
            if not readable:
                connection.execute("SELECT 1")  # a server that is gone without a word is found out
            if list(connection.notifies(timeout=0)):
                self._ring()


class _Peeking(Doorbell):
    def _hang(self) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            raw: Any = connection.connection.driver_connection
            version = None
            while not self._stopping.is_set():
                now = raw.execute("PRAGMA data_version").fetchone()[0]
                if now != version:
                    version = now
                    self._ring()
                self.is_hung = True
                self._stopping.wait(_PEEK_SECONDS)

    def _wake(self) -> None:
        """It looks by itself."""
