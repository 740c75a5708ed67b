"""Clocks of tickets that were hidden from whoever changed what is promised: the sweep, which sees all, follows.

A supervisor edits hours and targets for everybody, but sees no ticket of an application that is restricted to another
team: not even to set its clocks.
"""

from uuid import UUID

from sqlalchemy import Select, event, select

from app.models.tables import Application, Ticket
from app.services.database import Database, Work
from app.services.database.changes import EVERYTHING, ChangeFeed
from app.services.sla.keeping import keep_all, recount_tickets
from app.services.tickets.filtering import is_open

_TOPICS = frozenset({"calendar", "target", "application", EVERYTHING})
_AT_ONCE = 200


class Following:
    """A step of the sweep; keep one for as long as this process sweeps. What was missed before it began is made up for
    at its first run."""

    def __init__(self, database: Database) -> None:
        self._feed = ChangeFeed(database)
        self._begun = False
        self._waiting: list[UUID] = []

    def __call__(self, work: Work) -> int:
        edited = any(each.topic in _TOPICS for each in self._feed.read())
        if edited or not self._begun:
            self._waiting = list(work.session.scalars(_hidden()))
            self._begun = True
        some = self._waiting[:_AT_ONCE]
        if some:
            recount_tickets(work, some)
            keep_all(work, set(some))
            event.listen(work.session, "after_commit", lambda _session: self._through(len(some)), once=True)
        return len(some)

    def _through(self, count: int) -> None:
        """So many are stored now. After a write that failed they wait still."""
        del self._waiting[:count]


def _hidden() -> Select[UUID]:
    """Open tickets of applications that not everybody sees."""
    restricted = select(Application.id).where(Application.restricted)
    return select(Ticket.id).where(is_open(), Ticket.merged_into_id.is_(None), Ticket.application_id.in_(restricted))
