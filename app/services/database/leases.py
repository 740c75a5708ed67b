"""Who may do what only one desk may do at a time: poll a channel, send its outbox.

A lease has an expiry and a fencing token. The token grows with every new holder and is checked again inside the
transaction that does the work, so a holder that slept past its lease can do no harm. The database's clock decides,
for desks' clocks differ.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models.errors import Conflict
from app.models.records.desk import Actor
from app.models.tables import Lease
from app.services.database.moment import moment
from app.services.database.unit_of_work import Database
from app.services.database.upsert import insert_new

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Held:
    """A lease in hand, until it expires. The `holder` counts too: the fence of one long dead begins anew."""

    name: str
    holder: str
    fence: int


def take(database: Database, actor: Actor, name: str, holder: str, lasting: timedelta) -> Held | None:
    """Take or renew the lease `name` for `holder`; None while another holds it."""
    with database.write(actor) as work:
        session = work.session
        now = moment(session, work.now)
        insert_new(session, Lease, [{"name": name, "holder": "", "fence": 0, "expires_at": _LONG_AGO}])
        row = session.execute(
            select(Lease).where(Lease.name == name).with_for_update(skip_locked=True)
        ).scalar_one_or_none()
        if row is None:
            return None  # another desk is taking it at this moment
        if row.holder != holder and row.expires_at > now:
            return None
        row.fence += row.holder != holder
        row.holder = holder
        row.expires_at = now + lasting
        return Held(name, holder, row.fence)


def require(session: Session, held: Held, now: datetime) -> None:
    """Inside a write: `Conflict` `lease.lost` unless the lease is still in our hands. Locks it until the commit."""
    row = session.execute(select(Lease).where(Lease.name == held.name).with_for_update()).scalar_one_or_none()
    if row is None or (row.holder, row.fence) != (held.holder, held.fence) or row.expires_at <= moment(session, now):
        raise Conflict("lease.lost", name=held.name)


def release(database: Database, actor: Actor, held: Held) -> None:
    """Let another take it at once. Does nothing where it is lost already."""
    with database.write(actor) as work:
        work.session.execute(
            update(Lease)
            .where(Lease.name == held.name, Lease.holder == held.holder, Lease.fence == held.fence)
            .values(expires_at=moment(work.session, work.now))
        )
