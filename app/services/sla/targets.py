"""What is promised: kept, read, and found for a ticket."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from app.models.errors import KnownError, NotAllowed
from app.models.records.clocks import ClockKind, Target
from app.models.records.desk import Actor
from app.models.records.tickets import Priority
from app.models.rules.permissions import Action, may
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


def replace(
    database: Database,
    actor: Actor,
    wanted: Iterable[Target],
    application_id: UUID | None = None,
    organisation_id: UUID | None = None,
) -> None:
    """What is promised for this application and organisation (both None: for all) is `wanted` from now on.

    Open tickets follow with the next sweep. `KnownError` `target.not_positive`, `NotAllowed`.
    """
    if not may(actor, Action.ARRANGE):
        raise NotAllowed("not_allowed.arrange")
    targets = list(wanted)
    if any(each.within <= timedelta(0) for each in targets):
        raise KnownError("target.not_positive")
    rows = [_row(each) for each in targets]
    with database.write(actor) as work:
        theirs = (
            ServiceTarget.application_id.is_not_distinct_from(application_id),
            ServiceTarget.organisation_id.is_not_distinct_from(organisation_id),
        )
        work.session.execute(delete(ServiceTarget).where(*theirs))
        if rows:
            work.session.execute(insert(ServiceTarget), rows)
        work.changed("target", application_id or organisation_id or "all")
        told = {"application_id": application_id, "organisation_id": organisation_id, "targets": len(rows)}
        work.audit("target.saved", application_id or organisation_id, after=told)


def _row(target: Target) -> dict[str, object]:
    return {
        "id": target.id,
        "kind": target.kind.value,
        "priority": int(target.priority),
        "microseconds": target.within // _TICK,
        "application_id": target.application_id,
        "organisation_id": target.organisation_id,
        "calendar_id": target.calendar_id,
    }


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
