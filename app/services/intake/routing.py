"""The administrator's routing rules, as the pure rules want them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.records.desk import Application as ApplicationRecord, Audience, Level, SupportModel, Team as TeamRecord
from app.models.records.tickets import Priority
from app.models.rules.routing import Conditions, RoutingRule as Rule
from app.models.tables import Application, RoutingRule, Team


@dataclass(frozen=True, slots=True)
class Routing:
    """The rules in their order, and the teams they may lead to."""

    rules: Sequence[Rule]
    teams: Mapping[UUID, TeamRecord]


def load_routing(session: Session) -> Routing:
    """The active rules as they are now."""
    teams = {each.id: TeamRecord(each.id, each.name, Level(each.level)) for each in session.scalars(select(Team))}
    applications = {each.id: application_record(each) for each in session.scalars(select(Application))}
    stored = session.scalars(select(RoutingRule).where(RoutingRule.active).order_by(RoutingRule.position))
    rules = [
        Rule(
            name=each.name,
            conditions=Conditions.from_json(each.conditions),
            application=applications.get(each.application_id) if each.application_id else None,
            team=teams.get(each.team_id) if each.team_id else None,
            priority=Priority(each.priority) if each.priority else None,
        )
        for each in stored
    ]
    return Routing(rules, teams)


def application_record(row: Application) -> ApplicationRecord:
    return ApplicationRecord(row.id, row.name, Audience(row.audience), SupportModel(row.support_model), row.team_id)
