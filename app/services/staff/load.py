"""Who has how much to do, who is at a desk, and who is away."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.models.records.load import AgentLoad, Load, TeamLoad
from app.models.rules.targets import SOON
from app.models.tables import Agent, Presence, Ticket
from app.services.database import Database
from app.services.tickets.filtering import is_open

HERE_FOR = timedelta(minutes=2)
"""A desk that was heard of within this time is open."""


def load(database: Database) -> Load:
    """How much is on everybody now. Open tickets alone are counted, by their indexes."""
    now = database.clock.now()
    with database.read() as session:
        agents = _agents(session, now)
        here = set(session.scalars(select(Presence.agent_id).where(Presence.seen_at > now - HERE_FOR)))
        away = dict(session.execute(select(Agent.id, Agent.away_until).where(is_away(now))).all())
        for each in here | set(away):
            known = agents.get(each, AgentLoad())
            agents[each] = replace(known, here=each in here, away=each in away, away_until=away.get(each))
        return Load(agents, _teams(session))


def is_away(now: datetime) -> ColumnElement[bool]:
    """That a person is away at that moment."""
    not_back = or_(Agent.away_until.is_(None), Agent.away_until > now)
    return and_(Agent.away_from <= now, not_back)


def _agents(session: Session, now: datetime) -> dict[UUID, AgentLoad]:
    late, soon = Ticket.due_at < now, and_(Ticket.due_at >= now, Ticket.due_at <= now + SOON)
    query = (
        select(Ticket.assignee_id, func.count(), func.count(case((late, 1))), func.count(case((soon, 1))))
        .where(is_open(), Ticket.assignee_id.is_not(None))
        .group_by(Ticket.assignee_id)
    )
    return {each[0]: AgentLoad(each[1], each[2], each[3]) for each in session.execute(query) if each[0]}


def _teams(session: Session) -> Mapping[UUID, TeamLoad]:
    query = (
        select(Ticket.team_id, func.count(), func.count(case((Ticket.assignee_id.is_(None), 1))))
        .where(is_open(), Ticket.team_id.is_not(None))
        .group_by(Ticket.team_id)
    )
    return {each[0]: TeamLoad(each[1], each[2]) for each in session.execute(query) if each[0]}
