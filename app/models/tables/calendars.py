"""When somebody is served, and what is promised."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import Table


class BusinessCalendar(Table):
    """As `models.records.calendars.Calendar`; `week`, `closures` and `special` in its JSON form
    (`services.sla.calendars`)."""

    __tablename__ = "business_calendar"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    zone: Mapped[str]
    week: Mapped[list[Any]]
    country: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")
    closures: Mapped[list[Any]] = mapped_column(default=list)
    special: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)


class ServiceTarget(Table):
    """What is promised for a kind of clock and a priority: `microseconds` of open time.

    Without an application and an organisation it is for all; the calendar is the application's, unless it has its own.
    """

    __tablename__ = "service_target"
    __table_args__ = (Index(None, "application_id"), Index(None, "organisation_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    priority: Mapped[int]
    microseconds: Mapped[int] = mapped_column(BigInteger)
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("application.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    calendar_id: Mapped[UUID | None] = mapped_column(ForeignKey("business_calendar.id"))
