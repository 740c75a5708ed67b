"""The catalogue as it is, as the entries of a file."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.records.calendars import Calendar
from app.models.records.clocks import Target
from app.models.rules.closure_days import write_days
from app.models.rules.opening_hours import write_day
from app.models.tables import (
    Agent,
    Application,
    ApplicationPerson,
    BusinessCalendar,
    Membership,
    Organisation,
    RoutingRule,
    Team,
    Vendor,
)
from app.services.catalogue.form import TargetEntry, WeekEntry
from app.services.sla import targets
from app.services.sla.calendars import calendar_record


def entries(session: Session) -> dict[str, list[dict[str, Any]]]:
    teams = session.scalars(select(Team).order_by(Team.level, Team.name)).all()
    applications = session.scalars(select(Application).order_by(Application.name)).all()
    names: dict[UUID | None, str] = {each.id: each.name for each in teams}
    names |= {each.id: each.name for each in applications}
    people = session.scalars(select(Agent).order_by(Agent.name)).all()
    mails: dict[UUID | None, str] = {each.id: each.mail for each in people}
    in_teams: dict[UUID, list[str]] = {}
    for agent_id, team_id in session.execute(select(Membership.agent_id, Membership.team_id)):
        in_teams.setdefault(agent_id, []).append(names[team_id])
    calendars = session.scalars(select(BusinessCalendar).order_by(BusinessCalendar.name)).all()
    vendors = session.scalars(select(Vendor).order_by(Vendor.name)).all()
    names |= {each.id: each.name for each in calendars}
    names |= {each.id: each.name for each in vendors}
    return {
        "team": [{"name": each.name, "level": each.level, "manager": mails.get(each.manager_id)} for each in teams],
        "agent": [
            {
                "name": each.name,
                "mail": each.mail,
                "role": each.role,
                "active": each.active,
                "teams": sorted(in_teams.get(each.id, [])),
                "skills": each.skills,
            }
            for each in people
        ],
        "organisation": [
            {"name": each.name, "domain": each.domain}
            for each in session.scalars(select(Organisation).where(Organisation.domain.is_not(None)))
        ],
        "calendar": [_calendar(calendar_record(each)) for each in calendars],
        "vendor": [_vendor(each, names) for each in vendors],
        "application": [{**_application(each, names), **_people(session, each.id, mails)} for each in applications],
        "target": [_target(session, each, names) for each in targets.read(session)],
        "rule": [
            {
                "name": each.name,
                "conditions": each.conditions,
                "application": names.get(each.application_id),
                "team": names.get(each.team_id),
                "priority": each.priority,
                "active": each.active,
            }
            for each in session.scalars(select(RoutingRule).order_by(RoutingRule.position))
        ],
    }


def _vendor(row: Vendor, names: Mapping[UUID | None, str]) -> dict[str, Any]:
    return {
        "name": row.name,
        "contract": row.contract,
        "mail": row.mail,
        "phone": row.phone,
        "portal": row.portal,
        "calendar": names.get(row.calendar_id),
    }


def _application(row: Application, names: Mapping[UUID | None, str]) -> dict[str, Any]:
    return {
        "name": row.name,
        "audience": row.audience,
        "model": row.support_model,
        "team": names.get(row.team_id),
        "restricted": row.restricted or None,
        "kind": row.kind,
        "criticality": row.criticality,
        "calendar": names.get(row.calendar_id),
        "vendor": names.get(row.vendor_id),
        "runbook": row.runbook,
    }


def _calendar(calendar: Calendar) -> dict[str, Any]:
    days = write_days(calendar.closures, calendar.special).splitlines()
    week = {name: write_day(day) for name, day in zip(WeekEntry.model_fields, calendar.week, strict=True) if day}
    told = {"name": calendar.name, "zone": calendar.zone, "country": calendar.country, "region": calendar.region}
    return {**told, "days": days, "week": week}


def _people(session: Session, application_id: UUID, mails: Mapping[UUID | None, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    theirs = ApplicationPerson.application_id == application_id
    for each in session.scalars(select(ApplicationPerson).where(theirs)):
        found.setdefault(each.duty, []).append(mails[each.agent_id])
    return {duty: sorted(people) for duty, people in sorted(found.items())}


def _target(session: Session, target: Target, names: Mapping[UUID | None, str]) -> dict[str, Any]:
    organisation = Organisation.id == target.organisation_id
    told = TargetEntry(
        clock=target.kind,
        priority=target.priority.value,
        within=target.within,
        application=names.get(target.application_id),
        organisation=session.scalar(select(Organisation.domain).where(organisation)),
        calendar=names.get(target.calendar_id),
    )
    return told.model_dump(mode="json")
