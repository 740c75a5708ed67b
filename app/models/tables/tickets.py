"""Tickets, their conversations and the files in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.tables.base import Table

_OPEN = text("status NOT IN ('solved', 'closed')")
_LISTED_OPEN = text("status NOT IN ('solved', 'closed') AND merged_into_id IS NULL")
_MERGED = text("merged_into_id IS NOT NULL")
_LISTED_DONE = text("status IN ('solved', 'closed') AND merged_into_id IS NULL")

_UNCLOCKED = text("status NOT IN ('solved', 'closed') AND unanswered_since IS NOT NULL AND due_clock IS NULL")


class Ticket(Table):
    """A request for help.

    `number` is for people, `reply_token` an unguessable part of the reply address, `unread` counts messages from
    outside that no agent has seen. `version` grows with every change. `owner_id` answers for it to the end,
    `assignee_id` works on it now. `handed_by_id` is the agent who last gave it to another person or team.
    `unanswered_since` is when the oldest message came that no answer followed, `answered_at` when the customer last
    heard from us, `due_at` when the first of its running
    clocks runs out, and `due_clock` which that is. `impact` and `urgency` (1 to 3, 1 the worst) give its priority where
    they are known; `category`, `component`, `skill` and `language` are what the steps of an escalation ask for.
    `scheduled_for` is when it goes on by itself. `major` is an incident with children. `erased_at` is when its words
    were erased for their age.

    The partial indexes serve the queues: open tickets are few, closed ones many. That of merged ones holds no others,
    for SQLite would take it for a short way to all that were not.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index("ix_ticket_open_updated", "updated_at", "id", sqlite_where=_LISTED_OPEN, postgresql_where=_LISTED_OPEN),
        Index("ix_ticket_open_assignee", "assignee_id", "updated_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_ticket_open_team", "team_id", "updated_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_ticket_done_updated", "updated_at", "id", sqlite_where=_LISTED_DONE, postgresql_where=_LISTED_DONE),
        Index("ix_ticket_open_due", "due_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_ticket_unclocked", "id", sqlite_where=_UNCLOCKED, postgresql_where=_UNCLOCKED),
        Index("ix_ticket_merged_into_id", "merged_into_id", sqlite_where=_MERGED, postgresql_where=_MERGED),
        Index("ix_ticket_requester", "requester_id", "opened_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(default=1)
    subject: Mapped[str]
    status: Mapped[str]
    priority: Mapped[int]
    level: Mapped[int]
    channel: Mapped[str]
    channel_id: Mapped[UUID | None] = mapped_column(ForeignKey("channel.id"))
    reply_token: Mapped[str]
    requester_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("application.id"), index=True)
    team_id: Mapped[UUID | None] = mapped_column(ForeignKey("team.id"))
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    handed_by_id: Mapped[UUID | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket.id"))
    opened_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    unread: Mapped[int] = mapped_column(default=0)
    unanswered_since: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    due_clock: Mapped[str | None]
    scheduled_for: Mapped[datetime | None]
    impact: Mapped[int | None]
    urgency: Mapped[int | None]
    category: Mapped[str] = mapped_column(default="", server_default="")
    component: Mapped[str] = mapped_column(default="", server_default="")
    skill: Mapped[str] = mapped_column(default="", server_default="")
    language: Mapped[str] = mapped_column(default="", server_default="")
    major: Mapped[bool] = mapped_column(default=False, server_default=false())
    erased_at: Mapped[datetime | None]


class TicketLink(Table):
    """`ticket_id` is tied to `other_id`: its follow-up, split off it, its child, or related; `kind` is a `LinkKind`."""

    __tablename__ = "ticket_link"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(primary_key=True)


class Participant(Table):
    """Who takes part in a ticket by mail: only they may join it by a subject tag."""

    __tablename__ = "participant"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)


class Tag(Table):
    __tablename__ = "tag"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class TicketTag(Table):
    __tablename__ = "ticket_tag"

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    tag_id: Mapped[UUID] = mapped_column(ForeignKey("tag.id"), primary_key=True, index=True)


class Message(Table):
    """One entry of a conversation.

    `at` is when it was written as its author says, `stored_at` when we took it in: conversations are sorted by
    `stored_at`, since authors' clocks lie. `html` is as it came, cleaned whenever it is read. `fingerprint` tells
    one mail seen in two mailboxes from two mails under one Message-ID. `reasons` say why it is on this ticket.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_ticket", "ticket_id", "stored_at", "id"),
        Index(
            "ix_message_mail_id",
            "mail_id",
            sqlite_where=text("mail_id IS NOT NULL"),
            postgresql_where=text("mail_id IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    kind: Mapped[str]
    mail_kind: Mapped[str]
    at: Mapped[datetime]
    stored_at: Mapped[datetime]
    author: Mapped[str]
    author_address: Mapped[str | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"))
    to: Mapped[list[Any]]
    cc: Mapped[list[Any]]
    reply_to: Mapped[list[Any]]
    subject: Mapped[str]
    text: Mapped[str]
    folded: Mapped[str]
    html: Mapped[str | None] = mapped_column(deferred=True)
    mail_id: Mapped[str | None]
    fingerprint: Mapped[str | None]
    reasons: Mapped[list[Any]]


class Blob(Table):
    """The bytes of a file, once, however often it came."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Attachment(Table):
    """A file on a message, under the name it came with."""

    __tablename__ = "attachment"
    __table_args__ = (UniqueConstraint("message_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"))
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    content_id: Mapped[str | None]
    inline: Mapped[bool]


class Mention(Table):
    """A note that calls for a colleague by `@name`; `seen_at` is null until they looked."""

    __tablename__ = "mention"
    __table_args__ = (Index("ix_mention_agent", "agent_id", "at"),)

    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"), primary_key=True)
    agent_id: Mapped[UUID] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


class Call(Table):
    """A phone call; its words are the message `message_id`.

    The id is made where it is logged, so that it is filed once.

    `number` is in E.164, or as it was shown, or empty where it was withheld. `seconds` is how long it took.
    """

    __tablename__ = "call"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"), unique=True)
    agent_id: Mapped[UUID | None] = mapped_column(ForeignKey("agent.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[str]
    direction: Mapped[str]
    started_at: Mapped[datetime]
    seconds: Mapped[int]
    outcome: Mapped[str]
