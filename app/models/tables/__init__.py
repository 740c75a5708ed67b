"""What is stored: SQLAlchemy mapped classes. Only services import them."""

from app.models.tables.base import Instant, Table
from app.models.tables.channels import Channel, ChannelState, Lease, Outbox, Quarantine, Receipt
from app.models.tables.desk import (
    Agent,
    Application,
    CannedReply,
    Membership,
    Presence,
    RoutingRule,
    SavedView,
    Team,
)
from app.models.tables.log import Audit, AuditSeal, Change
from app.models.tables.people import Identity, Organisation, Person
from app.models.tables.tickets import (
    Attachment,
    Blob,
    Call,
    Mention,
    Message,
    Participant,
    Tag,
    Ticket,
    TicketLink,
    TicketTag,
)

__all__ = [
    "Agent",
    "Application",
    "Attachment",
    "Audit",
    "AuditSeal",
    "Blob",
    "Call",
    "CannedReply",
    "Change",
    "Channel",
    "ChannelState",
    "Identity",
    "Instant",
    "Lease",
    "Membership",
    "Mention",
    "Message",
    "Organisation",
    "Outbox",
    "Participant",
    "Person",
    "Presence",
    "Quarantine",
    "Receipt",
    "RoutingRule",
    "SavedView",
    "Table",
    "Tag",
    "Team",
    "Ticket",
    "TicketLink",
    "TicketTag",
]
