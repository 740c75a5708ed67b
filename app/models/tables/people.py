"""Who asks for help, and by what we know them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import Table


class Organisation(Table):
    """A customer, or a part of our own company. `domain` ties people to it by their mail address."""

    __tablename__ = "organisation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    domain: Mapped[str | None] = mapped_column(unique=True)


class Person(Table):
    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    notes: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]


class Identity(Table):
    """A mail address (lower case), a phone number (E.164) or a handle; each belongs to one person."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("kind", "value"), Index(None, "person_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    value: Mapped[str]
