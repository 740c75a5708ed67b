"""What keeps a database in shape, done now and then by one of those who carry mail: sealing, trimming, tidying."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from app.models.errors import Conflict
from app.models.records.desk import Actor
from app.models.tables import Change, Lease, Presence
from app.services import audit
from app.services.database import Database, leases
from app.services.database.moment import moment

KEPT = timedelta(days=7)
"""How long a change can be read by a desk that slept."""

DEAD = timedelta(days=2)
"""When a lease, or an open window, that nobody renewed is forgotten."""

_LEASE, _LASTING = "upkeep", timedelta(seconds=60)
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Upkeep:
    """`holder` is this process's name in the leases."""

    database: Database
    actor: Actor
    holder: str

    def run(self) -> None:
        """All there is to do now; nothing where another desk is at it. `DatabaseError` where the database is lost."""
        with suppress(Conflict):  # we slept, and another desk has the lease by now
            self._do()

    def _do(self) -> None:
        audit.seal(self.database, self.actor, self.holder)
        held = leases.take(self.database, self.actor, _LEASE, self.holder, _LASTING)
        if held is None:
            return
        while self._trim() == _AT_ONCE:
            pass
        self._tidy()
        leases.release(self.database, self.actor, held)

    def _trim(self) -> int:
        """Drop the oldest changes. Only the first of the table are looked at: they are in the order of their time."""
        with self.database.write(self.actor) as work:
            oldest = select(Change.sequence, Change.at).order_by(Change.sequence).limit(_AT_ONCE).subquery()
            old = select(oldest.c.sequence).where(oldest.c.at < work.now - KEPT)
            dropped = delete(Change).where(Change.sequence.in_(old)).returning(Change.sequence)
            return len(work.session.scalars(dropped).all())

    def _tidy(self) -> None:
        with self.database.write(self.actor) as work:
            dead = moment(work.session, work.now) - DEAD
            work.session.execute(delete(Lease).where(Lease.expires_at < dead))
            work.session.execute(delete(Presence).where(Presence.seen_at < dead))
