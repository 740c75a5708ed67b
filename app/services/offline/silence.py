"""A server that neither answers nor ends: it is taken for lost, and whoever waits for it is let go.

A network that is cut is found out by the system after some 20 seconds (`services.database.engine`). A machine that
hangs still acknowledges every packet, and a question to it would be waited for without end.
"""

import socket
import threading

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.models.errors import DatabaseError
from app.services.database import Database
from app.services.database.engine import lines_of
from app.services.database.reach import Reach

PATIENCE, LAST_PATIENCE = 15.0, 8.0
"""Seconds until a server is asked whether it is there, and that it has to answer that."""


class Silence:
    """Watches the questions that `reach` knows of; `look` at it now and then."""

    def __init__(
        self, database: Database, reach: Reach, patience: float = PATIENCE, last_patience: float = LAST_PATIENCE
    ) -> None:
        self._engine, self._reach = database.engine, reach
        self._patience, self._last_patience = patience, last_patience
        self._asking: threading.Thread | None = None

    def look(self) -> None:
        """Where nothing was answered for too long, ask once more, on a thread; without an answer it is lost."""
        if self._reach.is_away or self._reach.silent_for < self._patience or self._is_asking:
            return
        self._asking = threading.Thread(target=self._make_sure, name="silence", daemon=True)
        self._asking.start()

    @property
    def _is_asking(self) -> bool:
        return self._asking is not None and self._asking.is_alive()

    def _make_sure(self) -> None:
        asked = threading.Thread(target=self._ask, name="silence-asks", daemon=True)
        asked.start()
        asked.join(self._last_patience)
        if asked.is_alive():
            self._reach.failed(DatabaseError("database.lost", detail="no answer"), writing=False)
            self._let_go()

    def _ask(self) -> None:
        """An error is an answer too: whoever asks next hears of it."""
        try:
            with self._engine.connect() as connection:
                connection.execute(select(1))
        except SQLAlchemyError:
            return
        self._reach.answered()

    def _let_go(self) -> None:
        """Cut the lines, idle ones as well: who waits on one gets an error."""
        for raw in lines_of(self._engine):
            line = socket.socket(fileno=raw.pgconn.socket)
            try:
                line.shutdown(socket.SHUT_RDWR)
            finally:
                line.detach()  # it is not ours to close
