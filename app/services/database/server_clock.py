"""The time that all desks of a shared database go by: its server's, whatever clock a desk's machine has."""

from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event

from app.models.clock import Clock
from app.services.database.unit_of_work import Database

NEAR = timedelta(seconds=1)
"""So far from the server's a clock may be: measuring over a network is no better, and time should not jump."""


class ServerClock:
    """`here`, put right by the server's clock with each new connection. An embedded database goes by `here` alone.

    A desk that is an hour ahead would otherwise send its mails an hour late, and put them below all others.
    """

    def __init__(self, here: Clock) -> None:
        self._here = here
        self._ahead = timedelta()

    def now(self) -> datetime:
        return self._here.now() + self._ahead

    def follow(self, database: Database) -> None:
        """Go by the server of `database` from its next connection on."""
        if database.is_shared:
            event.listen(database.engine, "connect", self._ask)

    def _ask(self, connection: Any, _entry: object) -> None:
        began = self._here.now()
        with ExitStack() as otherwise:
            otherwise.callback(connection.close)
            with connection.cursor() as cursor:
                there: datetime = cursor.execute("SELECT clock_timestamp()").fetchone()[0]
            half_way = (self._here.now() - began) / 2
            connection.rollback()
            otherwise.pop_all()
        ahead = there - (began + half_way)
        if abs(ahead - self._ahead) > NEAR:
            self._ahead = ahead if abs(ahead) > NEAR else timedelta()
