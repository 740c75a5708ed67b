"""Answering a ticket by mail, and writing notes that no customer sees."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select

from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.records.mail import MailKind
from app.models.records.tickets import Answer, MessageKind, NewAttachment, Status
from app.models.rules.permissions import Action
from app.models.rules.workflow import after_answer, closing_time
from app.models.tables import Message, Participant, Ticket
from app.services.database import Database, Work
from app.services.database.files import keep_files
from app.services.database.upsert import insert_new
from app.services.outbox.storing import ANSWER, FORWARD, Letter, queue_mail
from app.services.tickets.editing import CHANGED, Stale, locked, require, touch


def answer(database: Database, actor: Actor, ticket_id: UUID, written: Answer, quoted: str = "") -> UUID:
    """Send `written` from the ticket; returns the message's id. The outbox delivers it.

    An answer takes a ticket that nobody has. `quoted` is the text it answers, put below it in the mail. Several
    answers at once do not conflict: each stands in the conversation. Errors as in `outbox.storing.queue_mail`.
    """
    with database.write(actor) as work:
        ticket = locked(work, Stale(ticket_id))
        require(actor, Action.REPLY, ticket)
        letter = Letter(
            ANSWER, written.to, written.cc, written.subject, written.text, written.html, quoted, written.attachments
        )
        message_id = queue_mail(work, ticket, letter)
        _after_answer(work, ticket, written.then_status)
        _join(work, ticket.id, [each.address for each in (*written.to, *written.cc)])
        work.audit("ticket.answered", message_id, ticket_id=ticket.id)
        return message_id


def forward(database: Database, actor: Actor, ticket_id: UUID, written: Answer, quoted: str) -> UUID:
    """Send a part of the conversation to someone else. They do not become the ticket's requester."""
    with database.write(actor) as work:
        ticket = locked(work, Stale(ticket_id))
        require(actor, Action.REPLY, ticket)
        letter = Letter(
            FORWARD, written.to, written.cc, written.subject, written.text, written.html, quoted, written.attachments
        )
        message_id = queue_mail(work, ticket, letter)
        _join(work, ticket.id, [each.address for each in (*written.to, *written.cc)])
        touch(work, ticket)
        work.audit("ticket.forwarded", message_id, ticket_id=ticket.id, after={"to": letter.to[0].address})
        return message_id


def note(
    database: Database, actor: Actor, ticket_id: UUID, text: str, attachments: Sequence[NewAttachment] = ()
) -> UUID:
    """Write a note that only the staff sees; returns its id."""
    with database.write(actor) as work:
        ticket = locked(work, Stale(ticket_id))
        message_id = new_id()
        work.session.execute(
            insert(Message).values(
                id=message_id,
                ticket_id=ticket.id,
                kind=MessageKind.NOTE.value,
                mail_kind=MailKind.MAIL.value,
                at=work.now,
                stored_at=work.now,
                author=actor.name,
                agent_id=actor.id,
                to=[],
                cc=[],
                reply_to=[],
                subject="",
                text=text,
                folded="",
                reasons=[{"rule": "written_here", "facts": {}}],
            )
        )
        keep_files(work.session, ((message_id, index, each, False) for index, each in enumerate(attachments)))
        touch(work, ticket)
        work.audit("ticket.noted", message_id, ticket_id=ticket.id)
        return message_id


def quotation(database: Database, message_id: UUID) -> str:
    """What `message_id` says, each line behind `> `: to be put below an answer."""
    with database.read() as session:
        text = session.scalar(select(Message.text).where(Message.id == message_id)) or ""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _after_answer(work: Work, ticket: Ticket, chosen: Status | None) -> None:
    """The status follows the answer, and a ticket that nobody has is now its author's; one undo for both."""
    before = {"status": ticket.status, "assignee_id": ticket.assignee_id, "owner_id": ticket.owner_id}
    status = after_answer(Status(ticket.status), chosen)
    ticket.status = status.value
    ticket.closed_at = closing_time(status, ticket.closed_at, work.now)
    if ticket.assignee_id is None and work.actor.id is not None:
        ticket.assignee_id = work.actor.id
        ticket.owner_id = ticket.owner_id or work.actor.id
    ticket.unread = 0
    ticket.unanswered_since = ticket.due_at = None
    touch(work, ticket)
    after = {"status": ticket.status, "assignee_id": ticket.assignee_id, "owner_id": ticket.owner_id}
    if after != before:
        work.audit(CHANGED, ticket.id, ticket_id=ticket.id, before=before, after=after)


def _join(work: Work, ticket_id: UUID, addresses: Sequence[str]) -> None:
    """Who is written to takes part, and may come back by the subject's tag."""
    insert_new(
        work.session,
        Participant,
        [{"ticket_id": ticket_id, "address": each.lower()} for each in sorted(set(addresses))],
    )
