"""Who is on duty when; as in `models.records.on_call`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import Table


class DutyRotation(Table):
    """`members` are ids in the order of their turns, `week` the JSON form of its spans, `starts_on` an ISO date."""

    __tablename__ = "duty_rotation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"), index=True)
    name: Mapped[str]
    zone: Mapped[str]
    unit: Mapped[str]
    every: Mapped[int] = mapped_column(default=1)
    starts_on: Mapped[str]
    hand_over: Mapped[int]
    layer: Mapped[int] = mapped_column(default=0)
    members: Mapped[list[Any]] = mapped_column(default=list)
    week: Mapped[list[Any]] = mapped_column(default=list)
    version: Mapped[int] = mapped_column(default=1)


class DutyOverride(Table):
    __tablename__ = "duty_override"
    __table_args__ = (Index(None, "team_id", "until"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id"))
    since: Mapped[datetime]
    until: Mapped[datetime]
    instead_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    by_id: Mapped[UUID | None]
    note: Mapped[str] = mapped_column(default="")


class DutyAbsence(Table):
    """When somebody will not be there, besides what they say of now in `agent.away_from`.

    `uid` is the event's in the calendar it was read from; empty where it was entered here.
    """

    __tablename__ = "duty_absence"
    __table_args__ = (Index(None, "agent_id", "until"), Index(None, "uid"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id"))
    since: Mapped[datetime]
    until: Mapped[datetime]
    uid: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class DutyNotice(Table):
    """A hand-over that somebody was told of by mail: each is told once."""

    __tablename__ = "duty_notice"
    __table_args__ = (UniqueConstraint("team_id", "agent_id", "at"), Index(None, "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    team_id: Mapped[UUID] = mapped_column(ForeignKey("team.id"))
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime]
    told_at: Mapped[datetime]
