"""The clocks of tickets."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import Table

_LIVE = text("state <> 'stopped'")
_COMING = text("next_at IS NOT NULL")


class TicketClock(Table):
    """One promise on one ticket; `kind`, `state` and `reason` as in `models.records.clocks`.

    `target` and `spent` are microseconds of open time, `spent` that of the segments that ended. `due_at` is null while
    it rests. `warn_at` and `due_at` are when a share of the budget and the budget are used up, `warned_at` and
    `broken_at` the same once the sweep has seen it, `next_at` the earlier of what it has not seen yet. `handoff_id` is
    the step of the way whose clock it is.
    """

    __tablename__ = "ticket_clock"
    __table_args__ = (
        Index("ix_ticket_clock_ticket", "ticket_id", "started_at"),
        Index("ix_ticket_clock_next", "next_at", "id", sqlite_where=_COMING, postgresql_where=_COMING),
        Index("ix_ticket_clock_live", "calendar_id", sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    handoff_id: Mapped[UUID | None]
    kind: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str]
    target: Mapped[int] = mapped_column(BigInteger)
    spent: Mapped[int] = mapped_column(BigInteger, default=0)
    calendar_id: Mapped[UUID | None] = mapped_column(ForeignKey("business_calendar.id"))
    started_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    warn_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    broken_at: Mapped[datetime | None]


class ClockSegment(Table):
    """A stretch of a clock, and with whom the ticket lay. `spent` (microseconds of open time) is known at its end."""

    __tablename__ = "clock_segment"
    __table_args__ = (Index(None, "clock_id", "ordinal", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    clock_id: Mapped[UUID] = mapped_column(ForeignKey("ticket_clock.id"))
    ordinal: Mapped[int]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    state: Mapped[str]
    reason: Mapped[str]
    calendar_id: Mapped[UUID | None] = mapped_column(ForeignKey("business_calendar.id"))
    spent: Mapped[int] = mapped_column(BigInteger, default=0)
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
