"""Arranging what is promised: calendars and targets, by supervisors and administrators."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.models.errors import Conflict, KnownError, NotAllowed
from app.models.records.calendars import Calendar
from app.models.records.clocks import Target
from app.models.records.desk import Actor
from app.models.rules.opening_hours import problems
from app.models.rules.permissions import Action, may
from app.models.tables import (
    Application,
    BusinessCalendar,
    ClockSegment,
    Person,
    ServiceTarget,
    Ticket,
    TicketClock,
    Vendor,
)
from app.services.database import Database, Work
from app.services.sla.calendars import calendar_record, public_holidays, stored
from app.services.sla.counting import TICK
from app.services.sla.keeping import keep_open, recount
from app.services.trees import store


def save_calendar(database: Database, actor: Actor, calendar: Calendar) -> Calendar:
    """Add a calendar, or change it: running clocks that count by it are due anew.

    What passed under the old hours stays counted as it was. `KnownError` where it cannot be used or its name is taken,
    `Conflict` `calendar.overtaken`, `NotAllowed`.
    """
    if not may(actor, Action.ARRANGE):
        raise NotAllowed("not_allowed.arrange")
    try:
        with database.write(actor) as work:
            put_calendar(work, calendar)
            return calendar_record(work.session.get_one(BusinessCalendar, calendar.id))
    except IntegrityError as error:
        raise KnownError("calendar.name_taken", name=calendar.name) from error


def put_calendar(work: Work, calendar: Calendar) -> None:
    """As `save_calendar`, within a write of something larger, by somebody who may."""
    for problem in problems(calendar):
        raise problem
    public_holidays(calendar.country, calendar.region)
    _store(work, calendar)
    work.session.flush()
    recount(work, calendar.id)
    work.changed("calendar", calendar.id)
    work.audit("calendar.saved", calendar.id, after={"name": calendar.name})


def remove_calendar(database: Database, actor: Actor, calendar_id: UUID) -> None:
    """`KnownError` `calendar.in_use` where an application, a target, a vendor, a clock or a step goes by it."""
    if not may(actor, Action.ARRANGE):
        raise NotAllowed("not_allowed.arrange")
    with database.write(actor) as work:
        row = work.session.get(BusinessCalendar, calendar_id)
        if row is None:
            return
        for table in (Application, ServiceTarget, Vendor, TicketClock, ClockSegment):
            used = select(func.count()).select_from(table).where(table.calendar_id == calendar_id)
            if work.session.scalar(used):
                raise KnownError("calendar.in_use", name=row.name)
        if store.names(work.session, "calendar", calendar_id):
            raise KnownError("calendar.in_use", name=row.name)
        work.session.execute(delete(BusinessCalendar).where(BusinessCalendar.id == calendar_id))
        work.changed("calendar", calendar_id)
        work.audit("calendar.removed", calendar_id, before={"name": row.name})


def _store(work: Work, calendar: Calendar) -> None:
    row = work.session.get(BusinessCalendar, calendar.id)
    values = stored(calendar)
    if row is None:
        work.session.add(BusinessCalendar(id=calendar.id, version=1, **values))
        return
    same = (BusinessCalendar.id == calendar.id, BusinessCalendar.version == calendar.version)
    changed = update(BusinessCalendar).where(*same).values(version=calendar.version + 1, **values)
    if not work.session.connection().execute(changed).rowcount:
        raise Conflict("calendar.overtaken", name=row.name)
    work.session.expire(row)


def replace_targets(
    database: Database,
    actor: Actor,
    wanted: Iterable[Target],
    application_id: UUID | None = None,
    organisation_id: UUID | None = None,
) -> None:
    """What is promised for this application and organisation (both None: for all) is `wanted` from now on.

    The clocks of their open tickets follow. `KnownError` `target.not_positive`, `NotAllowed`.
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
        _keep_those_of(work, application_id, organisation_id)
        work.changed("target", application_id or organisation_id or "all")
        told = {"application_id": application_id, "organisation_id": organisation_id, "targets": len(rows)}
        work.audit("target.saved", application_id or organisation_id, after=told)


def put_all_targets(work: Work, wanted: Iterable[Target]) -> None:
    """All that is promised to anybody is `wanted` from now on; within a write of something larger. Errors as
    `replace_targets`."""
    targets = list(wanted)
    if any(each.within <= timedelta(0) for each in targets):
        raise KnownError("target.not_positive")
    work.session.execute(delete(ServiceTarget))
    if targets:
        work.session.execute(insert(ServiceTarget), [_row(each) for each in targets])
    keep_open(work)
    work.changed("target", "all")
    work.audit("target.saved", None, after={"targets": len(targets)})


def _keep_those_of(work: Work, application_id: UUID | None, organisation_id: UUID | None) -> None:
    theirs = []
    if application_id is not None:
        theirs.append(Ticket.application_id == application_id)
    if organisation_id is not None:
        people = select(Person.id).where(Person.organisation_id == organisation_id)
        theirs.append(Ticket.requester_id.in_(people))
    keep_open(work, *theirs)


def _row(target: Target) -> dict[str, object]:
    return {
        "id": target.id,
        "kind": target.kind.value,
        "priority": int(target.priority),
        "microseconds": target.within // TICK,
        "application_id": target.application_id,
        "organisation_id": target.organisation_id,
        "calendar_id": target.calendar_id,
    }
