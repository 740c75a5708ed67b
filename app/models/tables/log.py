"""What happened: for people (audit) and for other desks (change)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import Table

_GROWING = BigInteger().with_variant(Integer(), "sqlite")


class Audit(Table):
    """Who did what, when, from which desk. Append-only. `before` and `after` hold the fields that changed.

    `id` is what an undo names, `transaction` as in `Change`. `digest` is made of all the others when the entry is
    written (`models.rules.audit_chain`), and stays if a person's data is erased from it later.
    """

    __tablename__ = "audit"
    __table_args__ = (Index(None, "ticket_id"), Index("ix_audit_transaction", "transaction", "sequence"))

    sequence: Mapped[int] = mapped_column(_GROWING, Identity(always=True), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    actor_id: Mapped[UUID | None]
    desk: Mapped[str]
    action: Mapped[str]
    subject_id: Mapped[UUID | None]
    ticket_id: Mapped[UUID | None]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    transaction: Mapped[int] = mapped_column(BigInteger, server_default="0")
    digest: Mapped[str] = mapped_column(server_default="")


class AuditSeal(Table):
    """A link of the chain over the audit: which entries it covers, by `sequence` and in order, and the hash of that.

    `transaction` and `last` are the place of its last entry; the next seal goes on behind it.
    """

    __tablename__ = "audit_seal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    transaction: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    entries: Mapped[list[Any]]
    previous: Mapped[str]
    hash: Mapped[str]


class Change(Table):
    """What other desks read to know what to look at again. Append-only.

    `transaction` is PostgreSQL's id of the writing transaction (0 on SQLite, where writers queue): readers stop
    before the oldest one still running, so a row that commits late is never skipped.
    """

    __tablename__ = "change"
    __table_args__ = (Index("ix_change_transaction", "transaction", "sequence"),)

    sequence: Mapped[int] = mapped_column(_GROWING, Identity(always=True), primary_key=True)
    transaction: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    topic: Mapped[str]
    subject_id: Mapped[str]
    ticket_id: Mapped[UUID | None]
