"""Tickets and messages made up for views."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.models.identifiers import new_id
from app.models.records.desk import Level
from app.models.records.mail import Address, MailKind
from app.models.records.tickets import (
    AttachmentInfo,
    MessageKind,
    MessageView,
    Priority,
    Reason,
    Status,
    TicketRow,
    TicketView,
)

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANNA = Address("anna@acme.example", "Anna Björn")
DESK = Address("desk@firstline.example", "Service Desk")


def a_message(kind: MessageKind = MessageKind.MAIL_IN, **told: Any) -> MessageView:
    usual: dict[str, Any] = {
        "id": new_id(),
        "kind": kind,
        "at": AT,
        "author": ANNA.name,
        "author_address": ANNA.address,
        "to": (DESK,),
        "cc": (),
        "subject": "Printer",
        "text": "It prints blank pages.",
        "folded": "",
        "html": None,
        "folded_html": None,
        "remote_images": 0,
        "mail_kind": MailKind.MAIL,
        "attachments": (),
        "reasons": (Reason("no_thread", {}),),
    }
    return MessageView(**(usual | told))


def a_file(name: str = "report.pdf", **told: Any) -> AttachmentInfo:
    usual: dict[str, Any] = {
        "id": new_id(),
        "name": name,
        "media_type": "application/pdf",
        "size": 12_345,
        "sha256": "0" * 64,
        "content_id": None,
        "inline": False,
    }
    return AttachmentInfo(**(usual | told))


def a_row(**told: Any) -> TicketRow:
    usual: dict[str, Any] = {
        "id": new_id(),
        "number": 7,
        "subject": "Printer",
        "status": Status.OPEN,
        "priority": Priority.P3,
        "requester": ANNA.name,
        "application": None,
        "level": Level.L1,
        "team": "Service Desk",
        "assignee": None,
        "channel": "imap",
        "opened_at": AT,
        "updated_at": AT,
        "unread": 0,
        "version": 1,
    }
    return TicketRow(**(usual | told))


def a_ticket(*messages: MessageView, **told: Any) -> TicketView:
    """A ticket whose messages are an hour apart."""
    spread = tuple(replace(each, at=AT + timedelta(hours=place)) for place, each in enumerate(messages))
    usual: dict[str, Any] = {
        "row": a_row(),
        "requester": None,
        "application_id": None,
        "team_id": None,
        "assignee_id": None,
        "owner_id": None,
        "tags": (),
        "links": (),
        "merged_into": None,
        "reply_to": (ANNA,),
        "messages": spread,
    }
    return TicketView(**(usual | told))
