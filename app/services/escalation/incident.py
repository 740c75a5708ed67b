"""Major incidents: one ticket that others are parts of, and one update to everybody who asked."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.records.mail import Address
from app.models.records.people import IdentityKind
from app.models.records.tickets import Answer, LinkKind, Undo
from app.models.rules.permissions import Action
from app.models.tables import Identity, Person, Ticket, TicketLink
from app.services.database import Database
from app.services.database.upsert import insert_new
from app.services.outbox.storing import ANSWER, Letter, queue_mail
from app.services.tickets.answering import heard_from_us
from app.services.tickets.editing import Edit, Stale, apply_edit, locked, require, touch
from app.services.tickets.filtering import is_open

UPDATED = "incident.updated"


def declare(database: Database, actor: Actor, ticket_id: UUID, *, major: bool = True) -> Undo:
    """The ticket is a major incident from now on, or is none any more."""
    with database.write(actor) as work:
        return apply_edit(work, Stale(ticket_id), Edit(Action.CHANGE, {"major": major}))


def add(database: Database, actor: Actor, parent_id: UUID, child_ids: Iterable[UUID]) -> int:
    """These tickets are parts of the incident; how many were not yet. `KnownError` `incident.not_major`,
    `ticket.same`, `ticket.would_be_its_own_part`."""
    with database.write(actor) as work:
        children = sorted(set(child_ids))
        if parent_id in children:
            raise KnownError("ticket.same")
        tickets = {each: locked(work, Stale(each)) for each in sorted((parent_id, *children))}
        parent = tickets[parent_id]
        if not parent.major:
            raise KnownError("incident.not_major", number=parent.number)
        child = TicketLink.kind == LinkKind.CHILD.value
        above = set(work.session.scalars(select(TicketLink.other_id).where(TicketLink.ticket_id == parent_id, child)))
        there = set(work.session.scalars(select(TicketLink.ticket_id).where(TicketLink.other_id == parent_id, child)))
        new = [each for each in children if each not in there]
        for each in new:
            require(actor, Action.MEND, tickets[each])
            if each in above:
                raise KnownError("ticket.would_be_its_own_part", number=tickets[each].number)
            touch(work, tickets[each])
        rows = [{"ticket_id": each, "other_id": parent_id, "kind": LinkKind.CHILD.value} for each in new]
        insert_new(work.session, TicketLink, rows)
        touch(work, parent)
        for each in new:
            told = {"ticket": each, "other": parent_id, "kind": LinkKind.CHILD}
            work.audit("ticket.linked", each, ticket_id=each, after=told)
        return len(new)


def update_all(database: Database, actor: Actor, parent_id: UUID, text: str) -> int:
    """Mail `text` to the requester of the incident and of each open part, each from their own ticket; how many.

    All of it is queued or nothing. `KnownError` `incident.no_text`, `incident.not_major`, `answer.no_channel`.
    """
    if not text.strip():
        raise KnownError("incident.no_text")
    with database.write(actor) as work:
        parts = select(TicketLink.ticket_id).where(
            TicketLink.other_id == parent_id, TicketLink.kind == LinkKind.CHILD.value
        )
        open_parts = set(work.session.scalars(select(Ticket.id).where(Ticket.id.in_(parts), is_open())))
        tickets = [locked(work, Stale(each)) for each in sorted({parent_id, *open_parts})]
        parent = next(each for each in tickets if each.id == parent_id)
        require(actor, Action.REPLY, parent)
        if not parent.major:
            raise KnownError("incident.not_major", number=parent.number)
        told = 0
        for ticket in tickets:
            address = _requester(work.session, ticket)
            if address is None:
                continue
            written = Answer((address,), (), f"Re: {ticket.subject}", text.strip(), id=new_id())
            queue_mail(work, ticket, Letter(ANSWER, written))
            heard_from_us(work, ticket)
            touch(work, ticket)
            told += 1
        work.audit(UPDATED, parent_id, ticket_id=parent_id, after={"told": told})
        return told


def _requester(session: Session, ticket: Ticket) -> Address | None:
    person = session.get(Person, ticket.requester_id) if ticket.requester_id is not None else None
    mails = select(Identity.value).where(
        Identity.person_id == ticket.requester_id, Identity.kind == IdentityKind.MAIL.value
    )
    value = session.scalar(mails.order_by(Identity.value).limit(1)) if person is not None else None
    return Address(value, person.name) if value is not None and person is not None else None
