"""Duty that changes hands soon, for those whose it is or will be."""

from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select

from app.models.records.on_call import HandOver
from app.models.tables import Agent, DutyOverride, DutyRotation, Team
from app.services.database import Database
from app.services.oncall.reading import roster_of

_LEAST = timedelta(microseconds=1)
"""The shift that begins at the very end of a span is looked at as well."""


def hand_overs(database: Database, agent_id: UUID, after: datetime, until: datetime) -> list[HandOver]:
    """The hand-overs to and from a person behind `after` and not behind `until` (aware), in order."""
    found = []
    with database.read() as session:
        rostered = select(DutyRotation.team_id).union(select(DutyOverride.team_id).where(DutyOverride.until > after))
        names = dict(session.execute(select(Agent.id, Agent.name)).all())
        for team in session.scalars(select(Team).where(Team.id.in_(rostered))):
            roster = roster_of(session, team.id)
            for before, then in pairwise(roster.shifts(after, until + _LEAST)):
                if before.agent_id == then.agent_id or agent_id not in (before.agent_id, then.agent_id):
                    continue
                begins = then.agent_id == agent_id
                other_id = before.agent_id if begins else then.agent_id
                other = names.get(other_id, "") if other_id is not None else ""
                ends = roster.on_duty(then.since).until if begins else None
                found.append(HandOver(team.id, team.name, then.since, begins, ends, other))
    return sorted(found, key=lambda each: each.at)
