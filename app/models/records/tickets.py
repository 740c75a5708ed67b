"""A ticket and its conversation, as callers see them. Instants are aware UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from app.models.identifiers import new_id
from app.models.records.calls import CallView
from app.models.records.desk import Level
from app.models.records.history import HistoryEntry
from app.models.records.mail import Address, MailKind
from app.models.records.people import PersonCard


class Status(StrEnum):
    """Where a ticket stands. Open are all but solved and closed. SCHEDULED goes on by itself at its time."""

    NEW = "new"
    OPEN = "open"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_VENDOR = "waiting_vendor"
    SCHEDULED = "scheduled"
    SOLVED = "solved"
    CLOSED = "closed"

    @property
    def is_done(self) -> bool:
        return self in (Status.SOLVED, Status.CLOSED)


class Priority(IntEnum):
    """P1 is the most urgent."""

    P1 = 1
    P2 = 2
    P3 = 3
    P4 = 4


class MessageKind(StrEnum):
    """A customer's mail, a vendor's, a mail of ours, a note, a phone call, an event the desk wrote down.

    No customer sees what a vendor wrote, a note or an event: none of it is answered, quoted or passed on to them.
    """

    MAIL_IN = "mail_in"
    VENDOR = "vendor"
    MAIL_OUT = "mail_out"
    NOTE = "note"
    CALL = "call"
    EVENT = "event"


class LinkKind(StrEnum):
    """How a ticket is tied to another.

    `FOLLOW_UP` was opened by a late reply to the other, which was closed; `SPLIT` was cut out of it; `CHILD` is a part
    of the other; `RELATED` has something to do with it.
    """

    FOLLOW_UP = "follow_up"
    SPLIT = "split"
    CHILD = "child"
    RELATED = "related"


class Delivery(StrEnum):
    """How an answer of ours fares. `DEAD` was given up and wants a person."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the desk did something: the rule that decided, and the facts it saw.

    Its words are the entry `reason.<rule>`, formatted with `facts`.
    """

    rule: str
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One line of a queue.

    `unread` counts messages from outside that no agent has seen yet; `due_at` is the next deadline. `claimed_by` is who
    writes to a ticket that nobody has: it will be theirs with the answer.
    """

    id: UUID
    number: int
    subject: str
    status: Status
    priority: Priority
    requester: str
    application: str | None
    level: Level
    team: str | None
    assignee: str | None
    channel: str
    opened_at: datetime
    updated_at: datetime
    unread: int
    version: int
    due_at: datetime | None = None
    claimed_by: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentInfo:
    """A stored file without its bytes, which `tickets.attachment_content(sha256)` brings when it is opened."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    content_id: str | None
    inline: bool


@dataclass(frozen=True, slots=True)
class MessageView:
    """One entry of a conversation.

    `text` is what the author wrote, `folded` the quoted rest and the signature. `html` and `folded_html` are the
    same two halves, cleaned and safe to render, where the mail had HTML; `remote_images` counts the pictures held
    back from them. `delivery` and `delivery_problem` (a `KnownError` code with `delivery_facts`) tell of mails of ours
    alone, `call` of phone calls. `reasons` say why the message is on this ticket.
    """

    id: UUID
    kind: MessageKind
    at: datetime
    author: str
    author_address: str | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    text: str
    folded: str
    html: str | None
    folded_html: str | None
    remote_images: int
    mail_kind: MailKind
    attachments: tuple[AttachmentInfo, ...]
    reasons: tuple[Reason, ...]
    delivery: Delivery | None = None
    delivery_problem: str | None = None
    delivery_facts: Mapping[str, Any] = field(default_factory=dict)
    call: CallView | None = None


@dataclass(frozen=True, slots=True)
class TicketLink:
    """A tie to another ticket. With `from_other` it is the other one that came out of this, or is a part of it."""

    kind: LinkKind
    number: int
    subject: str
    from_other: bool = False
    done: bool = False


@dataclass(frozen=True, slots=True)
class Concern:
    """What a ticket is about, by which it finds its way up; empty where nobody said. `impact` and `urgency` are 1 to 3
    (`models.records.clocks.Weight`), None where they do not give its priority."""

    impact: int | None = None
    urgency: int | None = None
    category: str = ""
    component: str = ""
    skill: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class TicketView:
    """A whole ticket. `messages` are oldest first. `merged_into` is the number of the ticket that took it in;
    `scheduled_for` until when it is put off."""

    row: TicketRow
    requester: PersonCard | None
    application_id: UUID | None
    team_id: UUID | None
    assignee_id: UUID | None
    owner_id: UUID | None
    tags: tuple[str, ...]
    links: tuple[TicketLink, ...]
    merged_into: int | None
    reply_to: tuple[Address, ...]
    messages: tuple[MessageView, ...]
    events: tuple[HistoryEntry, ...] = ()
    handed_by_id: UUID | None = None
    concern: Concern = Concern()
    scheduled_for: datetime | None = None

    @property
    def standing(self) -> dict[str, UUID | None]:
        """By what `models.rules.permissions.may` tells who may do what to it."""
        return {"assignee": self.assignee_id, "team": self.team_id, "handed_by": self.handed_by_id}


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file that an agent adds to an answer."""

    name: str
    media_type: str
    content: bytes
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail an agent sends from a ticket. `html` is optional; `text` is always there.

    `id` is the message's: who does not know whether it was sent sends it under the same one again.
    """

    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    text: str
    html: str | None = None
    attachments: tuple[NewAttachment, ...] = ()
    then_status: Status | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Quotation:
    """The mail that goes below an answer: each line behind `> `, and the same as HTML, if it goes out as HTML."""

    text: str
    html: str


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note as it is written. `mentions` are the colleagues it calls for.

    `id` stays with it, however often it is filed; `written_at` is None for now.
    """

    text: str
    html: str | None = None
    attachments: tuple[NewAttachment, ...] = ()
    mentions: tuple[UUID, ...] = ()
    id: UUID = field(default_factory=new_id)
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    """What takes a change back, handed to `tickets.undo`. The words of `action` are `action.<action>`."""

    id: UUID
    action: str
    number: int
