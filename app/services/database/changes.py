"""The change feed: what other desks read to know what to look at again.

It is read by transaction, then sequence, and no further than what is settled: no row that commits late is skipped.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from app.models.records.queue import Change as ChangeRecord
from app.models.tables import Change
from app.services.database.settled import is_settled
from app.services.database.unit_of_work import Database

_LIMIT = 5_000
_ORDER = (Change.transaction, Change.sequence)
EVERYTHING = "everything"
"""The topic of the one change that stands for more than can be told one by one."""


@dataclass(frozen=True, slots=True)
class FeedPosition:
    """How far a reader has read: the last row's transaction and sequence."""

    transaction: int
    sequence: int


class ChangeFeed:
    """Reads the feed for one desk. Keep one for each reader.

    `is_behind` says that there is more, which cannot be told yet: it waits for a transaction that still runs.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._position: FeedPosition | None = None
        self.is_behind = False

    def read(self) -> list[ChangeRecord]:
        """What changed since the last call, oldest first; nothing at the first call, which sets the start.

        One change of the topic `EVERYTHING` where too much happened since, or what happened was trimmed already. Where
        the database is lost the place is kept, and the next call goes on from there.
        """
        with self._database.read() as session:
            if self._position is None:
                self._position = self._newest(session)
                return []
            here = tuple_(self._position.transaction, self._position.sequence)
            rows = session.execute(
                select(*_ORDER, Change.topic, Change.subject_id, Change.ticket_id, self._settled.label("settled"))
                .where(tuple_(*_ORDER) > here)
                .order_by(*_ORDER)
                .limit(_LIMIT)
            ).all()
            told = [each for each in rows if each.settled]
            self.is_behind = len(told) < len(rows)
            if told and (len(told) == _LIMIT or self._is_trimmed(session)):
                self._position = self._newest(session)
                return [ChangeRecord(self._position.sequence, EVERYTHING, "", None)]
        if told:
            self._position = FeedPosition(told[-1].transaction, told[-1].sequence)
        return [ChangeRecord(each.sequence, each.topic, each.subject_id, each.ticket_id) for each in told]

    @property
    def _settled(self) -> ColumnElement[bool]:
        return is_settled(Change.transaction, shared=self._database.is_shared)

    def _newest(self, session: Session) -> FeedPosition:
        newest = select(*_ORDER).where(self._settled).order_by(*(each.desc() for each in _ORDER)).limit(1)
        found = session.execute(newest).first()
        return FeedPosition(*found) if found else FeedPosition(-1, -1)

    def _is_trimmed(self, session: Session) -> bool:
        """Whether something behind our place may be gone from the feed: our place itself is."""
        place = self._position
        if place is None or place.sequence < 0:
            return False
        oldest = session.scalar(select(func.min(Change.sequence)))
        return oldest is not None and oldest > place.sequence
