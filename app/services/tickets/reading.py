"""A whole ticket, as the desk shows it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.models.errors import KnownError
from app.models.records.calls import CallOutcome, CallView, Direction
from app.models.records.mail import Address, MailKind
from app.models.records.people import Identity as IdentityRecord, IdentityKind, PersonCard
from app.models.records.tickets import (
    AttachmentInfo,
    Concern,
    Delivery,
    LinkKind,
    MessageKind,
    MessageView,
    Reason,
    Status,
    TicketLink as TicketLinkRecord,
    TicketView,
)
from app.models.tables import (
    Attachment,
    Blob,
    Call,
    Identity,
    Message,
    Organisation,
    Outbox,
    Person,
    Tag,
    Ticket,
    TicketLink,
    TicketTag,
)
from app.services.database import Database
from app.services.mail.html import clean
from app.services.mail.quoting import split_html
from app.services.tickets import queue
from app.services.tickets.history import events

RECENT = 5
_LARGEST = 2**31 - 1
"""The largest number that a ticket can have: an integer of PostgreSQL; SQLite takes none of any length either."""


def show(database: Database, ticket_id: UUID, *, remote_images: bool = False) -> TicketView:
    """The ticket with its conversation; `KnownError` `ticket.gone` where there is none."""
    found = queue.rows(database, [ticket_id])
    if not found:
        raise KnownError("ticket.gone")
    with database.read() as session:
        ticket = session.get_one(Ticket, ticket_id)
        query = select(Message).where(Message.ticket_id == ticket_id).order_by(Message.stored_at, Message.id)
        stored = session.scalars(query.options(undefer(Message.html))).all()
        return TicketView(
            row=found[0],
            requester=_card(session, ticket.requester_id, ticket_id),
            application_id=ticket.application_id,
            team_id=ticket.team_id,
            assignee_id=ticket.assignee_id,
            owner_id=ticket.owner_id,
            handed_by_id=ticket.handed_by_id,
            tags=tuple(session.scalars(_tags(ticket_id))),
            links=_links(session, ticket_id),
            merged_into=session.scalar(select(Ticket.number).where(Ticket.id == ticket.merged_into_id)),
            reply_to=answer_goes_to(stored),
            messages=_messages(session, ticket_id, stored, remote_images=remote_images),
            events=tuple(events(session, ticket_id)),
            scheduled_for=ticket.scheduled_for,
            concern=Concern(
                ticket.impact, ticket.urgency, ticket.category, ticket.component, ticket.skill, ticket.language
            ),
        )


def id_of(database: Database, number: int) -> UUID:
    """The identity of the ticket that people call `number`; `KnownError` `ticket.unknown_number`."""
    found = None
    if 0 < number <= _LARGEST:
        with database.read() as session:
            found = session.scalar(select(Ticket.id).where(Ticket.number == number))
    if found is None:
        raise KnownError("ticket.unknown_number", number=number)
    return found


def attachment_content(database: Database, sha256: str) -> bytes:
    """The bytes of a stored file; `KnownError` `attachment.gone` where there are none."""
    with database.read() as session:
        content = session.scalar(select(Blob.content).where(Blob.sha256 == sha256))
    if content is None:
        raise KnownError("attachment.gone")
    return content


def addresses(stored: Sequence[Mapping[str, str]]) -> tuple[Address, ...]:
    """People of a header from their stored form."""
    return tuple(Address.from_stored(each) for each in stored)


def _messages(
    session: Session, ticket_id: UUID, stored: Sequence[Message], *, remote_images: bool
) -> tuple[MessageView, ...]:
    files = _attachments(session, ticket_id)
    sending = {each.message_id: each for each in session.scalars(select(Outbox).where(Outbox.ticket_id == ticket_id))}
    calls = _calls(session, ticket_id)
    return tuple(
        replace(
            _message(each, files[each.id], sending.get(each.id), remote_images=remote_images), call=calls.get(each.id)
        )
        for each in stored
    )


def _calls(session: Session, ticket_id: UUID) -> dict[UUID, CallView]:
    """The phone calls on a ticket, by their messages."""
    query = select(Call).join(Message, Message.id == Call.message_id).where(Message.ticket_id == ticket_id)
    return {
        each.message_id: CallView(each.number, Direction(each.direction), each.seconds, CallOutcome(each.outcome))
        for each in session.scalars(query)
    }


def _message(
    message: Message, files: Sequence[AttachmentInfo], sending: Outbox | None, *, remote_images: bool
) -> MessageView:
    html = folded_html = None
    held_back = 0
    if message.html is not None:
        visible, folded = split_html(message.html)
        above, below = (clean(half, remote_images=remote_images) for half in (visible, folded))
        html, folded_html = above.html, below.html or None
        held_back = above.remote_images + below.remote_images
    return MessageView(
        id=message.id,
        kind=MessageKind(message.kind),
        at=message.at,
        author=message.author,
        author_address=message.author_address,
        to=addresses(message.to),
        cc=addresses(message.cc),
        subject=message.subject,
        text=message.text,
        folded=message.folded,
        html=html,
        folded_html=folded_html,
        remote_images=held_back,
        mail_kind=MailKind(message.mail_kind),
        attachments=tuple(files),
        reasons=tuple(Reason(each["rule"], each["facts"]) for each in message.reasons),
        delivery=Delivery(sending.state) if sending else None,
        delivery_problem=sending.problem if sending else None,
        delivery_facts=sending.problem_facts if sending else {},
    )


def _attachments(session: Session, ticket_id: UUID) -> dict[UUID, list[AttachmentInfo]]:
    query = (
        select(Attachment)
        .join(Message, Message.id == Attachment.message_id)
        .where(Message.ticket_id == ticket_id)
        .order_by(Attachment.position)
    )
    found: dict[UUID, list[AttachmentInfo]] = defaultdict(list)
    for each in session.scalars(query):
        found[each.message_id].append(
            AttachmentInfo(each.id, each.name, each.media_type, each.size, each.sha256, each.content_id, each.inline)
        )
    return found


def _card(session: Session, person_id: UUID | None, but_not: UUID) -> PersonCard | None:
    person = session.get(Person, person_id) if person_id else None
    if person is None:
        return None
    organisation = session.scalar(select(Organisation.name).where(Organisation.id == person.organisation_id))
    identities = session.execute(select(Identity.kind, Identity.value).where(Identity.person_id == person.id))
    recent = session.execute(
        select(Ticket.number, Ticket.subject)
        .where(Ticket.requester_id == person.id, Ticket.id != but_not)
        .order_by(Ticket.opened_at.desc())
        .limit(RECENT)
    )
    return PersonCard(
        id=person.id,
        name=person.name,
        organisation=organisation,
        identities=tuple(IdentityRecord(IdentityKind(each.kind), each.value) for each in identities),
        recent=tuple((each.number, each.subject) for each in recent),
        notes=person.notes,
    )


def _tags(ticket_id: UUID) -> Any:
    return select(Tag.name).join(TicketTag).where(TicketTag.ticket_id == ticket_id).order_by(Tag.name)


def _links(session: Session, ticket_id: UUID) -> tuple[TicketLinkRecord, ...]:
    """Tickets tied to this one, whichever of the two came out of the other."""
    found: list[TicketLinkRecord] = []
    for mine, theirs in ((TicketLink.ticket_id, TicketLink.other_id), (TicketLink.other_id, TicketLink.ticket_id)):
        query = select(TicketLink.kind, Ticket.number, Ticket.subject, Ticket.status).join(Ticket, Ticket.id == theirs)
        rows = session.execute(query.where(mine == ticket_id))
        turned = mine is TicketLink.other_id
        found += [
            TicketLinkRecord(LinkKind(each.kind), each.number, each.subject, turned, Status(each.status).is_done)
            for each in rows
        ]
    return tuple(found)


def answer_goes_to(messages: Sequence[Message]) -> tuple[Address, ...]:
    """Whom an answer goes to: where the newest mail from a person outside asks for it, or its author."""
    for message in reversed(messages):
        if message.kind == MessageKind.MAIL_IN.value and message.mail_kind == MailKind.MAIL.value:
            asked = addresses(message.reply_to)
            return asked or ((Address(message.author_address, message.author),) if message.author_address else ())
    return ()
