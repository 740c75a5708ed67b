"""What is promised."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models.records.clocks import ClockKind, Target
from app.models.records.tickets import Priority
from app.models.tables import ServiceTarget
from app.services.database import Database

_TICK = timedelta(microseconds=1)


def listed(database: Database) -> list[Target]:
    """All targets: those for all first, then by application and organisation, kind and priority."""
    with database.read() as session:
        return read(session)


def read(
    session: Session, applications: Collection[UUID] | None = None, organisations: Collection[UUID] | None = None
) -> list[Target]:
    """The targets; with `applications` and `organisations` those that may be for their tickets."""
    query = select(ServiceTarget)
    if applications is not None:
        there = ServiceTarget.application_id.in_(applications)
        query = query.where(or_(ServiceTarget.application_id.is_(None), there))
    if organisations is not None:
        there = ServiceTarget.organisation_id.in_(organisations)
        query = query.where(or_(ServiceTarget.organisation_id.is_(None), there))
    found = [_record(each) for each in session.scalars(query)]
    return sorted(found, key=lambda each: (str(each.application_id or ""), str(each.organisation_id or ""), each.kind))


def _record(row: ServiceTarget) -> Target:
    return Target(
        row.id,
        ClockKind(row.kind),
        Priority(row.priority),
        row.microseconds * _TICK,
        row.application_id,
        row.organisation_id,
        row.calendar_id,
    )
