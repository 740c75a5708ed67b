"""Teams, people, organisations, applications and routing rules, written out and taken in as one file."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import tomlkit
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.models.errors import KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.rules.permissions import Action, may
from app.models.tables import Agent, Application, Membership, Organisation, RoutingRule, Team
from app.services.catalogue.form import Catalogue, RuleEntry, read_catalogue
from app.services.database import Database, Work

__all__ = ["apply_catalogue", "write_catalogue"]


def apply_catalogue(database: Database, actor: Actor, text: str) -> None:
    """Add what is new in the file and change what differs, by name (people by mail address, organisations by domain).

    Nothing is deleted but the routing rules, which become those of the file, if it has any. All or nothing:
    `KnownError` `catalogue.broken`, `catalogue.unknown_name` (a team or application that is nowhere).
    """
    if not may(actor, Action.ADMINISTER):
        raise NotAllowed("not_allowed.administer")
    told = read_catalogue(text)
    with database.write(actor) as work:
        _Applying(work, told).apply()
        work.audit("catalogue.applied", None, after={"rules": len(told.rule), "teams": len(told.team)})
        work.changed("catalogue", "all")


def write_catalogue(database: Database) -> str:
    """The catalogue as it is, in the form that `apply_catalogue` takes."""
    with database.read() as session:
        document = tomlkit.document()
        for name, entries in _entries(session).items():
            tables = tomlkit.aot()
            for each in entries:
                tables.append(tomlkit.item({key: value for key, value in each.items() if value not in (None, [], "")}))
            if entries:
                document.append(name, tables)
        return tomlkit.dumps(document)


class _Applying:
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
        for application in self._told.application:
            row: dict[str, object] = {
                "name": application.name,
                "audience": application.audience.value,
                "support_model": application.model.value,
                "restricted": application.restricted,
                "team_id": self._id(Team, application.team),
            }
            self._put(Application, Application.name == application.name, row)
        self._apply_people()
        for team in self._told.team:
            if team.manager is not None:
                self._put(Team, Team.name == team.name, {"manager_id": self._agent_id(team.manager.lower())})
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

    def _agent_id(self, mail: str) -> UUID:
        found: UUID | None = self._session.scalar(select(Agent.id).where(Agent.mail == mail))
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


def _entries(session: Session) -> dict[str, list[dict[str, Any]]]:
    teams = session.scalars(select(Team).order_by(Team.level, Team.name)).all()
    applications = session.scalars(select(Application).order_by(Application.name)).all()
    names: dict[UUID | None, str] = {each.id: each.name for each in teams}
    names |= {each.id: each.name for each in applications}
    people = session.scalars(select(Agent).order_by(Agent.name)).all()
    mails: dict[UUID | None, str] = {each.id: each.mail for each in people}
    in_teams: dict[UUID, list[str]] = {}
    for agent_id, team_id in session.execute(select(Membership.agent_id, Membership.team_id)):
        in_teams.setdefault(agent_id, []).append(names[team_id])
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
        "application": [
            {
                "name": each.name,
                "audience": each.audience,
                "model": each.support_model,
                "team": names.get(each.team_id),
                "restricted": each.restricted or None,
            }
            for each in applications
        ],
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
