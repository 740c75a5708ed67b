"""What is stored: SQLAlchemy mapped classes. Only services import them."""

from app.models.tables.base import Instant, Table
from app.models.tables.calendars import BusinessCalendar, ServiceTarget
from app.models.tables.channels import Channel, ChannelState, Lease, Outbox, Quarantine, Receipt
from app.models.tables.clocks import ClockSegment, TicketClock
from app.models.tables.desk import (
    Agent,
    Application,
    ApplicationPerson,
    CannedReply,
    Membership,
    Presence,
    RoutingRule,
    SavedView,
    Team,
    Vendor,
)
from app.models.tables.escalation import ContactAttempt, EscalationTree, Handoff, SwarmMember
from app.models.tables.log import Audit, AuditSeal, Change
from app.models.tables.on_call import DutyAbsence, DutyNotice, DutyOverride, DutyRotation
from app.models.tables.people import Identity, Organisation, Person
from app.models.tables.remote_help import HostKey, RemoteConnection, Script, ScriptRun, ScriptRunTarget
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
    "ApplicationPerson",
    "Attachment",
    "Audit",
    "AuditSeal",
    "Blob",
    "BusinessCalendar",
    "Call",
    "CannedReply",
    "Change",
    "Channel",
    "ChannelState",
    "ClockSegment",
    "ContactAttempt",
    "DutyAbsence",
    "DutyNotice",
    "DutyOverride",
    "DutyRotation",
    "EscalationTree",
    "Handoff",
    "HostKey",
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
    "RemoteConnection",
    "RoutingRule",
    "SavedView",
    "Script",
    "ScriptRun",
    "ScriptRunTarget",
    "ServiceTarget",
    "SwarmMember",
    "Table",
    "Tag",
    "Team",
    "Ticket",
    "TicketClock",
    "TicketLink",
    "TicketTag",
    "Vendor",
]
