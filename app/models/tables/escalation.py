"""Trees, and the way that tickets go along them; as in `models.records.trees` and `handoffs`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import Table

_LIVE = text("state IN ('offered', 'unanswered', 'accepted')")
_COMING = text("next_at IS NOT NULL")


class EscalationTree(Table):
    """One tree as one document: `content` is its JSON form (`services.trees.form`). A template has no application."""

    __tablename__ = "escalation_tree"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("application.id"), unique=True)
    content: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]


class Handoff(Table):
    """One step of a ticket's way; `ordinal` counts them. `node` is the node's JSON form as it was then.

    `next_at` is when the next attempt is due, null where none is. `place` and `round` are the contact tried last and
    how often the list was gone through. `hierarchic` tells of the manager's edges that were taken (their targets).
    """

    __tablename__ = "handoff"
    __table_args__ = (
        UniqueConstraint("ticket_id", "ordinal"),
        Index("ix_handoff_live", "ticket_id", sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_handoff_next", "next_at", "id", sqlite_where=_COMING, postgresql_where=_COMING),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    ordinal: Mapped[int]
    kind: Mapped[str]
    state: Mapped[str]
    tree_id: Mapped[UUID | None]
    node_key: Mapped[str]
    node: Mapped[dict[str, Any]]
    level: Mapped[int]
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"), index=True)
    vendor_id: Mapped[UUID | None] = mapped_column(ForeignKey("vendor.id"))
    packet: Mapped[dict[str, Any]]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime]
    accepted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    bypass: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    place: Mapped[int] = mapped_column(default=-1)
    round: Mapped[int] = mapped_column(default=1)
    next_at: Mapped[datetime | None]
    hierarchic: Mapped[list[Any]] = mapped_column(default=list)


class ContactAttempt(Table):
    """One attempt to reach somebody for a handoff. `agent_id` is null for a team, a vendor, and where nobody was."""

    __tablename__ = "contact_attempt"
    __table_args__ = (
        UniqueConstraint("handoff_id", "ordinal"),
        Index(None, "agent_id", "outcome"),
        Index(None, "ticket_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    handoff_id: Mapped[UUID] = mapped_column(ForeignKey("handoff.id"))
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    ordinal: Mapped[int]
    node_key: Mapped[str]
    kind: Mapped[str]
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    at: Mapped[datetime]
    answer_by: Mapped[datetime | None]
    outcome: Mapped[str]
    answered_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")


class SwarmMember(Table):
    """Who was pulled into a ticket besides its owner, and for which skill."""

    __tablename__ = "swarm_member"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id"), primary_key=True, index=True)
    skill: Mapped[str] = mapped_column(default="")
    by_id: Mapped[UUID | None]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
