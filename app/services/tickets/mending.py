"""Putting right what intake got wrong: split, move and merge, each with an undo."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, insert, select, update

from app.models.errors import Conflict, KnownError
from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.records.mail import MailKind
from app.models.records.tickets import LinkKind, MessageKind, Status, Undo
from app.models.rules.permissions import Action
from app.models.tables import Audit, Message, Outbox, Participant, Ticket, TicketLink
from app.services.database import Database, Work
from app.services.database.numbers import TicketNumbers
from app.services.database.upsert import insert_new
from app.services.escalation.handing import ESCALATED, undo_escalation
from app.services.escalation.swarm import SWARMED, undo_swarm
from app.services.mail.writing import new_reply_token
from app.services.tickets import editing, linking, recalling
from app.services.tickets.editing import Stale, locked, require, touch

MOVED, SPLIT, MERGED = "ticket.message_moved", "ticket.split", "ticket.merged"


def move(database: Database, actor: Actor, messages: Sequence[UUID], to_ticket_id: UUID) -> Undo:
    """Put messages of one ticket on another one."""
    with database.write(actor) as work:
        source, target = _lock_both(work, _ticket_of(work, messages), to_ticket_id)
        require(actor, Action.MEND, source)
        _carry(work, messages, target.id)
        touch(work, source)
        touch(work, target)
        entry = work.audit(
            MOVED,
            target.id,
            ticket_id=target.id,
            before={"messages": messages, "ticket": source.id},
            after={"ticket": target.id},
        )
        return Undo(entry, MOVED, target.number)


def split(database: Database, actor: Actor, messages: Sequence[UUID]) -> tuple[UUID, Undo]:
    """Open a new ticket, linked to this one, for some of its messages; returns the new ticket's id.

    `KnownError` `ticket.nothing_left` where no message would stay behind.
    """
    with database.write(actor) as work:
        source = locked(work, Stale(_ticket_of(work, messages)))
        require(actor, Action.MEND, source)
        if len(set(messages)) == _count(work, source.id):
            raise KnownError("ticket.nothing_left")
        oldest = select(Message).where(Message.id.in_(messages)).order_by(Message.stored_at, Message.id).limit(1)
        target = _offshoot(work, source, work.session.scalars(oldest).one())
        _carry(work, messages, target.id)
        touch(work, source)
        entry = work.audit(
            SPLIT,
            target.id,
            ticket_id=target.id,
            before={"messages": messages, "ticket": source.id},
            after={"ticket": target.id},
        )
        return target.id, Undo(entry, SPLIT, target.number)


def merge(database: Database, actor: Actor, ticket_id: UUID, into_id: UUID) -> Undo:
    """Put the whole conversation of a ticket on another one and close it. Replies to either reach the other."""
    with database.write(actor) as work:
        source, target = _lock_both(work, ticket_id, into_id)
        require(actor, Action.MEND, source)
        messages = list(work.session.scalars(select(Message.id).where(Message.ticket_id == source.id)))
        before = {"messages": messages, "ticket": source.id, "status": source.status, "closed_at": source.closed_at}
        _carry(work, messages, target.id)
        source.merged_into_id = target.id
        source.status = Status.CLOSED.value
        source.closed_at = source.closed_at or work.now
        target.unread += source.unread
        target.unanswered_since = min(filter(None, (source.unanswered_since, target.unanswered_since)), default=None)
        touch(work, source)
        touch(work, target)
        entry = work.audit(MERGED, source.id, ticket_id=target.id, before=before, after={"ticket": target.id})
        return Undo(entry, MERGED, source.number)


def undo(database: Database, actor: Actor, what: Undo) -> None:
    """Take a change back; `Conflict` where others have built on it since, `KnownError` where it was undone already."""
    with database.write(actor) as work:
        entry = work.session.scalars(select(Audit).where(Audit.id == what.id)).one_or_none()
        undone = select(func.count()).where(Audit.action == "undone", Audit.subject_id == what.id)
        if entry is None or work.session.scalar(undone):
            raise KnownError("undo.gone")
        if entry.action == editing.CHANGED:
            editing.undo_change(work, entry)
        elif entry.action in linking.LINKS:
            linking.undo_link(work, entry)
        elif entry.action == ESCALATED:
            undo_escalation(work, entry)
        elif entry.action in SWARMED:
            undo_swarm(work, entry)
        elif entry.action in recalling.SENT:
            recalling.take_back(work, entry)
        else:
            _carry_back(work, entry)
        work.audit("undone", entry.id, ticket_id=entry.ticket_id, before={"action": entry.action})


def _carry_back(work: Work, entry: Audit) -> None:
    source = locked(work, Stale(UUID(entry.before["ticket"])))
    target = locked(work, Stale(UUID(entry.after["ticket"])))
    messages = [UUID(each) for each in entry.before["messages"]]
    there = select(func.count()).where(Message.id.in_(messages), Message.ticket_id == target.id)
    if work.session.scalar(there) != len(messages):
        raise Conflict("ticket.changed_since", number=target.number, by=entry.actor)
    _carry(work, messages, source.id)
    if entry.action == MERGED:
        source.merged_into_id = None
        source.status = entry.before["status"]
        if not Status(source.status).is_done:
            source.closed_at = None
    if entry.action == SPLIT:
        target.merged_into_id = source.id
        target.status = Status.CLOSED.value
        target.closed_at = work.now
    touch(work, source)
    touch(work, target)


def _carry(work: Work, messages: Sequence[UUID], ticket_id: UUID) -> None:
    """Messages, what is still to be sent of them, and who wrote them go over to a ticket."""
    work.session.flush()
    work.session.execute(update(Message).where(Message.id.in_(messages)).values(ticket_id=ticket_id))
    work.session.execute(update(Outbox).where(Outbox.message_id.in_(messages)).values(ticket_id=ticket_id))
    authors = work.session.scalars(
        select(Message.author_address).where(Message.id.in_(messages), Message.kind == MessageKind.MAIL_IN.value)
    )
    people = [{"ticket_id": ticket_id, "address": each.lower()} for each in sorted(set(filter(None, authors)))]
    insert_new(work.session, Participant, people)
    for each in messages:
        work.changed("message", each, ticket_id)


def _offshoot(work: Work, source: Ticket, first: Message) -> Ticket:
    """A ticket like `source` that starts with `first`, tied to it."""
    person = first.person_id if first.mail_kind == MailKind.MAIL.value and first.person_id else source.requester_id
    target = Ticket(
        id=new_id(),
        number=TicketNumbers(work.session).next(),
        version=1,
        subject=first.subject or source.subject,
        status=Status.OPEN.value,
        priority=source.priority,
        level=source.level,
        channel=source.channel,
        channel_id=source.channel_id,
        reply_token=new_reply_token(),
        requester_id=person,
        application_id=source.application_id,
        team_id=source.team_id,
        opened_at=first.stored_at,
        updated_at=work.now,
        unread=0,
    )
    work.session.add(target)
    work.session.flush()
    work.session.execute(insert(TicketLink).values(ticket_id=target.id, other_id=source.id, kind=LinkKind.SPLIT.value))
    work.changed("ticket", target.id, target.id)
    return target


def _lock_both(work: Work, one: UUID, other: UUID) -> tuple[Ticket, Ticket]:
    """Always in the order of their ids, so that two desks that merge crosswise do not wait for each other."""
    if one == other:
        raise KnownError("ticket.same")
    found = {each: locked(work, Stale(each)) for each in sorted((one, other))}
    if found[other].merged_into_id is not None:
        raise KnownError("ticket.merged_already", number=found[other].number)
    return found[one], found[other]


def _ticket_of(work: Work, messages: Sequence[UUID]) -> UUID:
    """The one ticket that all of them are on; `KnownError` `message.gone` where there is none such."""
    found = work.session.execute(select(Message.ticket_id, Message.id).where(Message.id.in_(messages))).all()
    tickets = {each.ticket_id for each in found}
    if len(tickets) != 1 or len(found) != len(set(messages)):
        raise KnownError("message.gone")
    ticket_id: UUID = tickets.pop()
    return ticket_id


def _count(work: Work, ticket_id: UUID) -> int:
    return work.session.scalar(select(func.count()).where(Message.ticket_id == ticket_id)) or 0
