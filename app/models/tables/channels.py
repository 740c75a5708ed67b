"""The ways in and out: accounts, how far they were read, what could not be read, what is to be sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import Table

_UNSETTLED = text("NOT settled")
_WAITING = text("state IN ('queued', 'sending')")


class Channel(Table):
    """An account: `config` is its connector's; secrets live in the keyring under `name`.

    `address` is what customers write to, `sender_name` what they see. Requests that no routing rule places go to
    `team_id`. `acknowledge` sends a receipt to who opened a ticket.
    """

    __tablename__ = "channel"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    config: Mapped[dict[str, Any]]
    address: Mapped[str]
    sender_name: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    acknowledge: Mapped[bool] = mapped_column(default=False)
    plus_address: Mapped[bool] = mapped_column(default=False)
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))


class ChannelState(Table):
    """How far a channel was read, and how it fares: `problem` is the code of what stops it, None while it works.

    `kind` is that of the connector whose cursor it is: a channel may move to another.
    """

    __tablename__ = "channel_state"

    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    cursor: Mapped[str | None]
    kind: Mapped[str | None]
    polled_at: Mapped[datetime | None]
    problem: Mapped[str | None]
    problem_facts: Mapped[dict[str, Any]]
    problem_since: Mapped[datetime | None]


class Lease(Table):
    """Who may do what only one may do at a time. `fence` grows with every new holder; a stale one is refused."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    fence: Mapped[int]
    expires_at: Mapped[datetime]


class Receipt(Table):
    """A message of a channel was taken in, once: the key is what makes "never twice" hold.

    `outcome` is one of `models.records.intake.Outcome`. `settled` says that the channel was told (moved, flagged), so
    that what a killed process left is settled by the next.
    """

    __tablename__ = "receipt"
    __table_args__ = (
        Index("ix_receipt_unsettled", "channel_id", sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED),
    )

    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"), primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    outcome: Mapped[str]
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("message.id"), index=True)
    settled: Mapped[bool] = mapped_column(default=False)


class Quarantine(Table):
    """What could not be taken in, with the reason and the bytes if we have them."""

    __tablename__ = "quarantine"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"), index=True)
    external_id: Mapped[str]
    at: Mapped[datetime]
    problem: Mapped[str]
    facts: Mapped[dict[str, Any]]
    size: Mapped[int]
    raw: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class Outbox(Table):
    """A mail to be sent, stored with the change it tells of.

    `kind` is `answer`, `acknowledgement`, `forward` or `notice`; a notice of duty belongs to no ticket.

    `state` is a `Delivery`; one found in `sending` by a new holder of the lease may have been sent and is looked up.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "channel_id", "next_attempt_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_outbox_ticket", "ticket_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"))
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket.id"))
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("message.id"), unique=True)
    kind: Mapped[str]
    mail_id: Mapped[str] = mapped_column(unique=True)
    sender: Mapped[str]
    recipients: Mapped[list[Any]]
    raw: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    problem: Mapped[str | None]
    problem_facts: Mapped[dict[str, Any]]
