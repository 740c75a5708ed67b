"""A catalogue that was read from a file, put into the database."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, insert, select

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.applications import ApplicationCard, Duty, Vendor as VendorRecord
from app.models.records.calendars import Calendar, Week
from app.models.records.clocks import Target
from app.models.records.tickets import Priority
from app.models.rules.closure_days import read_days
from app.models.rules.opening_hours import read_day
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
from app.services.applications.cards import card_record, put_card
from app.services.applications.vendors import put_vendor
from app.services.catalogue.form import ApplicationEntry, CalendarEntry, Catalogue, RuleEntry, TargetEntry
from app.services.database import Work
from app.services.sla import targets
from app.services.sla.arranging import put_all_targets, put_calendar
from app.services.sla.calendars import calendar_record

_ANY = UUID(int=0)


class Applying:
    """One file into one transaction."""

    def __init__(self, work: Work, told: Catalogue) -> None:
        self._work = work
        self._told = told
        self._session = work.session

    def apply(self) -> None:
        for team in self._told.team:
            self._put(Team, Team.name == team.name, {"name": team.name, "level": team.level})
        for organisation in self._told.organisation:
            domain = organisation.domain.lower()
            self._put(Organisation, Organisation.domain == domain, {"name": organisation.name, "domain": domain})
        self._apply_hours()
        self._apply_people()
        for team in self._told.team:
            if team.manager is not None:
                self._put(Team, Team.name == team.name, {"manager_id": self._agent_id(team.manager)})
        for application in self._told.application:
            put_card(self._work, self._card(application))
        if self._told.target:
            self._apply_targets()
        if self._told.rule:
            self._session.execute(delete(RoutingRule))
            rows = [self._rule(place, each) for place, each in enumerate(self._told.rule, 1)]
            self._session.execute(insert(RoutingRule), rows)

    def _apply_people(self) -> None:
        for agent in self._told.agent:
            mail = agent.mail.lower()
            row: dict[str, object] = {
                "name": agent.name,
                "mail": mail,
                "role": agent.role.value,
                "active": agent.active,
            }
            if "skills" in agent.model_fields_set:
                row["skills"] = list(agent.skills)
            agent_id = self._put(Agent, Agent.mail == mail, row)
            self._session.execute(delete(Membership).where(Membership.agent_id == agent_id))
            for name in agent.teams:
                self._session.execute(insert(Membership).values(agent_id=agent_id, team_id=self._id(Team, name)))

    def _apply_hours(self) -> None:
        for each in self._told.calendar:
            known = self._session.scalar(select(BusinessCalendar).where(BusinessCalendar.name == each.name))
            calendar = _calendar(each, known)
            if known is None or calendar != calendar_record(known):
                put_calendar(self._work, calendar)
        for vendor in self._told.vendor:
            known_id = self._session.scalar(select(Vendor.id).where(Vendor.name == vendor.name))
            told = vendor.model_dump(exclude={"calendar"})
            calendar_id = self._id(BusinessCalendar, vendor.calendar)
            put_vendor(self._work, VendorRecord(known_id or new_id(), calendar_id=calendar_id, **told))

    def _card(self, told: ApplicationEntry) -> ApplicationCard:
        """What the file says of an application, upon what is known of it."""
        row = self._session.scalar(select(Application).where(Application.name == told.name))
        if row is None:
            card = ApplicationCard(new_id(), told.name, told.audience, told.model)
        else:
            theirs = ApplicationPerson.application_id == row.id
            card = card_record(row, self._session.scalars(select(ApplicationPerson).where(theirs)))
        named: dict[str, Any] = told.model_dump(include={"kind", "criticality", "runbook"} & told.model_fields_set)
        if "calendar" in told.model_fields_set:
            named["calendar_id"] = self._id(BusinessCalendar, told.calendar)
        if "vendor" in told.model_fields_set:
            named["vendor_id"] = self._id(Vendor, told.vendor)
        people = [each for each in card.people if each[1].value not in told.model_fields_set]
        for duty in Duty:
            if duty.value in told.model_fields_set:
                people += [(self._agent_id(mail), duty) for mail in getattr(told, duty.value)]
        return replace(
            card,
            audience=told.audience,
            support_model=told.model,
            team_id=self._id(Team, told.team),
            restricted=told.restricted,
            people=tuple(sorted(people)),
            **named,
        )

    def _apply_targets(self) -> None:
        wanted = [self._target(each) for each in self._told.target]
        if {replace(each, id=_ANY) for each in wanted} != {
            replace(each, id=_ANY) for each in targets.read(self._session)
        }:
            put_all_targets(self._work, wanted)

    def _target(self, told: TargetEntry) -> Target:
        organisation_id: UUID | None = None
        if told.organisation is not None:
            domain = Organisation.domain == told.organisation.lower()
            organisation_id = self._session.scalar(select(Organisation.id).where(domain))
            if organisation_id is None:
                raise KnownError("catalogue.unknown_name", name=told.organisation)
        application_id = self._id(Application, told.application)
        calendar_id = self._id(BusinessCalendar, told.calendar)
        priority = Priority(told.priority)
        return Target(new_id(), told.clock, priority, told.within, application_id, organisation_id, calendar_id)

    def _agent_id(self, mail: str) -> UUID:
        found: UUID | None = self._session.scalar(select(Agent.id).where(Agent.mail == mail.lower()))
        if found is None:
            raise KnownError("catalogue.unknown_name", name=mail)
        return found

    def _rule(self, place: int, rule: RuleEntry) -> dict[str, Any]:
        conditions = rule.conditions.model_dump(mode="json")
        return {
            "id": new_id(),
            "position": place,
            "name": rule.name,
            "active": rule.active,
            "conditions": {name: values for name, values in conditions.items() if values},
            "application_id": self._id(Application, rule.application),
            "team_id": self._id(Team, rule.team),
            "priority": rule.priority,
        }

    def _put(self, table: Any, is_it: Any, row: Mapping[str, object]) -> UUID:
        """Change the row there is, or add one; returns its id."""
        found = self._session.scalars(select(table).where(is_it)).one_or_none()
        if found is None:
            found = table(id=new_id(), **row)
            self._session.add(found)
        else:
            for name, value in row.items():
                setattr(found, name, value)
        self._session.flush()
        found_id: UUID = found.id
        return found_id

    def _id(self, table: Any, name: str | None) -> UUID | None:
        if name is None:
            return None
        found: UUID | None = self._session.scalar(select(table.id).where(table.name == name))
        if found is None:
            raise KnownError("catalogue.unknown_name", name=name)
        return found


def _calendar(told: CalendarEntry, known: BusinessCalendar | None) -> Calendar:
    week = cast(Week, tuple(read_day(each) for each in told.week.model_dump().values()))
    closures, special = read_days("\n".join(told.days))
    known_id, version = (known.id, known.version) if known is not None else (new_id(), 1)
    return Calendar(known_id, told.name, told.zone, week, told.country, told.region, closures, special, version)
