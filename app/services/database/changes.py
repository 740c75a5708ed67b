"""The change feed: what other desks read to know what to look at again.

On PostgreSQL sequence numbers are taken before a transaction commits, so a row may appear behind one that a
reader has seen already. The reader therefore stops before the oldest transaction still running
(`pg_snapshot_xmin`, https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT) and
remembers the rows by transaction, then sequence. On SQLite writers queue, and the sequence alone is the order.
"""

from dataclasses import dataclass

from sqlalchemy import select, text, tuple_

from app.models.records.queue import Change as ChangeRecord
from app.models.tables import Change
from app.services.database.unit_of_work import Database

_LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class FeedPosition:
    """How far a reader has read: the last row's transaction and sequence."""

    transaction: int
    sequence: int


class ChangeFeed:
    """Reads the feed for one desk. Keep one for each reader."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._position: FeedPosition | None = None

    def read(self) -> list[ChangeRecord]:
        """What changed since the last call, oldest first; nothing at the first call, which sets the start."""
        with self._database.read() as session:
            settled = text("true")
            if self._database.is_shared:
                settled = text("change.transaction < pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            order = (Change.transaction, Change.sequence)
            if self._position is None:
                newest = session.execute(
                    select(*order).where(settled).order_by(*(each.desc() for each in order)).limit(1)
                ).first()
                self._position = FeedPosition(*newest) if newest else FeedPosition(-1, -1)
                return []
            here = tuple_(self._position.transaction, self._position.sequence)
            rows = session.execute(
                select(Change.transaction, Change.sequence, Change.topic, Change.subject_id, Change.ticket_id)
                .where(settled, tuple_(*order) > here)
                .order_by(*order)
                .limit(_LIMIT)
            ).all()
        if rows:
            self._position = FeedPosition(rows[-1].transaction, rows[-1].sequence)
        return [ChangeRecord(row.sequence, row.topic, row.subject_id, row.ticket_id) for row in rows]
