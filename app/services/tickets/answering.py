"""Answering a ticket by mail, and writing notes that no customer sees."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert, select

from app.models.records.desk import Actor
from app.models.records.mail import MailKind
from app.models.records.tickets import Answer, MessageKind, NewNote, Quotation, Status
from app.models.rules.permissions import Action
from app.models.rules.workflow import after_answer, closing_time
from app.models.tables import Mention, Message, Participant, Ticket
from app.services.database import Database, Work
from app.services.database.files import keep_files
from app.services.database.unit_of_work import plain
from app.services.database.upsert import insert_new
from app.services.outbox.storing import ANSWER, FORWARD, Letter, queue_mail
from app.services.tickets.editing import CHANGED, Stale, locked, require, touch

_CHANGED_BY_ANSWER = ("status", "assignee_id", "owner_id", "unread", "unanswered_since", "answered_at", "closed_at")
ANSWERED, FORWARDED = "ticket.answered", "ticket.forwarded"
AT_ONCE = timedelta()


def answer(
    database: Database,
    actor: Actor,
    ticket_id: UUID,
    written: Answer,
    quoted: Quotation | None = None,
    hold: timedelta = AT_ONCE,
) -> UUID:
    """Send `written` from the ticket; returns the message's id. The outbox delivers it, after `hold` has passed.

    Until then `recalling.recall` takes it back. An answer takes a ticket that nobody has. `quoted` is the mail it
    answers, put below it. Several answers at once do not conflict: each stands in the conversation. Errors as in
    `outbox.storing.queue_mail`.
    """
    with database.write(actor) as work:
        ticket = locked(work, Stale(ticket_id))
        require(actor, Action.REPLY, ticket)
        if _is_there(work, written.id):
            return written.id
        was = state_of(ticket)
        message_id = queue_mail(work, ticket, Letter(ANSWER, written, quoted, hold))
        _after_answer(work, ticket, written.then_status)
        joined = _join(work, ticket.id, [each.address for each in (*written.to, *written.cc)])
        facts = {"was": was, "is": state_of(ticket), "joined": joined}
        work.audit(ANSWERED, message_id, ticket_id=ticket.id, before={}, after=facts)
        return message_id


def forward(
    database: Database,
    actor: Actor,
    ticket_id: UUID,
    written: Answer,
    quoted: Quotation | None = None,
    hold: timedelta = AT_ONCE,
) -> UUID:
    """Send a part of the conversation to someone else, as `answer` does. They do not become the ticket's requester."""
    with database.write(actor) as work:
        ticket = locked(work, Stale(ticket_id))
        require(actor, Action.REPLY, ticket)
        if _is_there(work, written.id):
            return written.id
        message_id = queue_mail(work, ticket, Letter(FORWARD, written, quoted, hold))
        joined = _join(work, ticket.id, [each.address for each in (*written.to, *written.cc)])
        touch(work, ticket)
        facts = {"to": written.to[0].address, "joined": joined}
        work.audit(FORWARDED, message_id, ticket_id=ticket.id, after=facts)
        return message_id


def note(database: Database, actor: Actor, ticket_id: UUID, written: NewNote) -> UUID:
    """Write a note that only the staff sees; returns its id. Colleagues whom it names are told.

    One that was filed before is not filed again.
    """
    message_id = written.id
    with database.write(actor) as work:
        ticket = locked(work, Stale(ticket_id))
        if not _is_there(work, message_id):
            add_note(work, ticket, written)
        return message_id


def add_note(work: Work, ticket: Ticket, written: NewNote) -> None:
    """A note within a write that does more."""
    work.session.execute(
        insert(Message).values(
            id=written.id,
            ticket_id=ticket.id,
            kind=MessageKind.NOTE.value,
            mail_kind=MailKind.MAIL.value,
            at=written.written_at or work.now,
            stored_at=work.now,
            author=work.actor.name,
            agent_id=work.actor.id,
            to=[],
            cc=[],
            reply_to=[],
            subject="",
            text=written.text,
            folded="",
            html=written.html,
            reasons=[{"rule": "written_here", "facts": {}}],
        )
    )
    files = enumerate(written.attachments)
    keep_files(work.session, ((written.id, index, each, each.content_id is not None) for index, each in files))
    _mention(work, ticket.id, written.id, written.mentions)
    touch(work, ticket)
    work.audit("ticket.noted", written.id, ticket_id=ticket.id)


def _is_there(work: Work, message_id: UUID) -> bool:
    """Whether it was stored before: a lost connection does not tell. Asked while its ticket is locked."""
    return work.session.scalar(select(Message.id).where(Message.id == message_id)) is not None


def state_of(ticket: Ticket) -> dict[str, object]:
    """What an answer changes of a ticket, as JSON can hold it."""
    return plain({name: getattr(ticket, name) for name in _CHANGED_BY_ANSWER})


def _after_answer(work: Work, ticket: Ticket, chosen: Status | None) -> None:
    """The status follows the answer, and a ticket that nobody has is now its author's; one undo for both."""
    before = {"status": ticket.status, "assignee_id": ticket.assignee_id, "owner_id": ticket.owner_id}
    status = after_answer(Status(ticket.status), chosen)
    ticket.status = status.value
    ticket.closed_at = closing_time(status, ticket.closed_at, work.now)
    if ticket.assignee_id is None and work.actor.id is not None:
        ticket.assignee_id = ticket.handed_by_id = work.actor.id
        ticket.owner_id = ticket.owner_id or work.actor.id
    ticket.unread = 0
    heard_from_us(work, ticket)
    touch(work, ticket)
    after = {"status": ticket.status, "assignee_id": ticket.assignee_id, "owner_id": ticket.owner_id}
    if after != before:
        work.audit(CHANGED, ticket.id, ticket_id=ticket.id, before=before, after=after)


def heard_from_us(work: Work, ticket: Ticket) -> None:
    """Nothing of the customer's is unanswered now."""
    ticket.unanswered_since, ticket.answered_at = None, work.now


def _join(work: Work, ticket_id: UUID, addresses: Sequence[str]) -> list[str]:
    """Who is written to takes part, and may come back by the subject's tag; returns those who are new."""
    there = set(work.session.scalars(select(Participant.address).where(Participant.ticket_id == ticket_id)))
    new = sorted({each.lower() for each in addresses} - there)
    insert_new(work.session, Participant, [{"ticket_id": ticket_id, "address": each} for each in new])
    return new


def _mention(work: Work, ticket_id: UUID, message_id: UUID, colleagues: Sequence[UUID]) -> None:
    """Who is called for hears of it; nobody calls for themselves."""
    rows = [
        {"message_id": message_id, "agent_id": each, "at": work.now}
        for each in dict.fromkeys(colleagues)
        if each != work.actor.id
    ]
    if rows:
        work.session.execute(insert(Mention), rows)
        work.changed("mention", message_id, ticket_id)
