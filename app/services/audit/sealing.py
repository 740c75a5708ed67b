"""Sealing the audit: entries that are committed for good are hashed onto the chain, in the order of their transactions.

What is not settled yet (`database.settled`) waits for the next seal.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, insert, select, true, tuple_
from sqlalchemy.orm import Session

from app.models.records.desk import Actor
from app.models.rules.audit_chain import FIRST, seal_hash
from app.models.tables import Audit, AuditSeal
from app.services.database import Database, leases
from app.services.database.leases import Held
from app.services.database.moment import moment
from app.services.database.settled import is_settled

LEASE = "audit"
SEALED_AT_ONCE = 1_000
_LASTING = timedelta(seconds=60)


def seal(database: Database, actor: Actor, holder: str) -> int:
    """Seal all that can be; how many entries that were. 0 where another desk is at it.

    `holder` is this process's name in the leases. Killed at any moment it leaves a chain that the next goes on with.
    """
    sealed = 0
    while True:
        held = leases.take(database, actor, LEASE, holder, _LASTING)
        if held is None:
            return sealed
        count = _seal_some(database, actor, held)
        sealed += count
        if count < SEALED_AT_ONCE:
            leases.release(database, actor, held)
            return sealed


def seal_rest(connection: Connection, at: datetime) -> None:
    """Seal all that is not sealed yet, in a database that nobody else works on."""
    with Session(bind=connection) as session:
        while _seal_next(session, at, true()):
            session.flush()


def _seal_some(database: Database, actor: Actor, held: Held) -> int:
    with database.write(actor) as work:
        leases.require(work.session, held, work.now)
        ready = is_settled(Audit.transaction, shared=database.is_shared)
        return _seal_next(work.session, moment(work.session, work.now), ready)


def _seal_next(session: Session, at: datetime, ready: ColumnElement[bool]) -> int:
    """One more seal over the next entries that are `ready`; how many those are."""
    last = session.scalars(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1)).one_or_none()
    query = select(Audit.transaction, Audit.sequence, Audit.digest).where(ready)
    if last is not None:
        query = query.where(tuple_(Audit.transaction, Audit.sequence) > tuple_(last.transaction, last.last))
    rows = session.execute(query.order_by(Audit.transaction, Audit.sequence).limit(SEALED_AT_ONCE)).all()
    if not rows:
        return 0
    number, previous = (last.number + 1, last.hash) if last is not None else (1, FIRST)
    session.execute(
        insert(AuditSeal).values(
            number=number,
            at=at,
            transaction=rows[-1].transaction,
            last=rows[-1].sequence,
            entries=[each.sequence for each in rows],
            previous=previous,
            hash=seal_hash(number, at, previous, ((each.sequence, each.digest) for each in rows)),
        )
    )
    return len(rows)
