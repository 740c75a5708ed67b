"""The rotations of a team and who is on duty by them."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.records.calendars import Span
from app.models.records.on_call import Absence, OnDuty, Override, Rotation, ShiftUnit
from app.models.rules.on_call import Roster
from app.models.tables import Agent, DutyAbsence, DutyOverride, DutyRotation
from app.services.database import Database


def rotations(database: Database, team_id: UUID) -> list[Rotation]:
    """The rotations of a team, the highest layer first."""
    with database.read() as session:
        return list(roster_of(session, team_id).rotations)


def overrides(database: Database, team_id: UUID, since: datetime) -> list[Override]:
    """The overrides of a team that end after `since` (aware), in the order in which they were made."""
    with database.read() as session:
        return _overrides(session, team_id, since)


def absences(database: Database, people: Collection[UUID]) -> list[Absence]:
    """When these people are or will be away."""
    with database.read() as session:
        return _absences(session, people)


def duty_of(database: Database, team_id: UUID, at: datetime) -> OnDuty:
    """Who is on duty for a team at an aware instant."""
    with database.read() as session:
        return roster_of(session, team_id).on_duty(at)


def roster(database: Database, team_id: UUID) -> Roster:
    """All that decides who is on duty for a team."""
    with database.read() as session:
        return roster_of(session, team_id)


def roster_of(session: Session, team_id: UUID) -> Roster:
    """As `roster`, within a look at the database."""
    rows = session.scalars(select(DutyRotation).where(DutyRotation.team_id == team_id))
    found = [rotation_record(each) for each in rows]
    given = _overrides(session, team_id)
    people = {member for each in found for member in each.members} | {each.agent_id for each in given}
    working = select(Agent.id).where(Agent.id.in_(people), Agent.active)
    return Roster(found, given, _absences(session, people), frozenset(session.scalars(working)))


def _overrides(session: Session, team_id: UUID, since: datetime | None = None) -> list[Override]:
    query = select(DutyOverride).where(DutyOverride.team_id == team_id)
    if since is not None:
        query = query.where(DutyOverride.until > since)
    rows = session.scalars(query.order_by(DutyOverride.id))
    return [
        Override(each.id, each.team_id, each.agent_id, each.since, each.until, each.instead_of_id, each.note)
        for each in rows
    ]


def _absences(session: Session, people: Collection[UUID]) -> list[Absence]:
    """What was planned, and what they say of now."""
    planned = session.scalars(select(DutyAbsence).where(DutyAbsence.agent_id.in_(people)))
    found = [Absence(each.agent_id, each.since, each.until, each.note) for each in planned]
    away = select(Agent.id, Agent.away_from, Agent.away_until).where(Agent.id.in_(people), Agent.away_from.is_not(None))
    return found + [Absence(each.id, each.away_from, each.away_until) for each in session.execute(away)]


def rotation_record(row: DutyRotation) -> Rotation:
    return Rotation(
        row.id,
        row.team_id,
        row.name,
        row.zone,
        ShiftUnit(row.unit),
        date.fromisoformat(row.starts_on),
        row.hand_over,
        row.every,
        row.layer,
        tuple(map(UUID, row.members)),
        tuple(tuple(Span(opens, closes) for opens, closes in day) for day in row.week),
        row.version,
    )
