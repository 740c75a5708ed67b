"""Major incidents: one ticket that others are parts of, and one update to everybody who asked."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.records.incidents import IncidentParent, IncidentView, Told
from app.models.records.mail import Address
from app.models.records.people import IdentityKind
from app.models.records.tickets import Answer, LinkKind, MessageKind, Undo
from app.models.rules.permissions import Action
from app.models.tables import Identity, Message, Person, Ticket, TicketLink
from app.services.database import Database
from app.services.database.upsert import insert_new
from app.services.outbox.storing import ANSWER, Letter, queue_mail
from app.services.tickets.answering import heard_from_us
from app.services.tickets.editing import Edit, Stale, apply_edit, locked, require, touch
from app.services.tickets.filtering import is_open
from app.services.tickets.linking import LINKED
from app.services.tickets.reading import answer_goes_to

UPDATED = "incident.updated"
_IS_PART = TicketLink.kind == LinkKind.CHILD.value


def declare(database: Database, actor: Actor, ticket_id: UUID, *, major: bool = True) -> Undo:
    """The ticket is a major incident from now on, or is none any more."""
    with database.write(actor) as work:
        return apply_edit(work, Stale(ticket_id), Edit(Action.CHANGE, {"major": major}))


def view(database: Database, ticket_id: UUID) -> IncidentView:
    """What the ticket has to do with a major incident; all of nothing where it is gone."""
    with database.read() as session:
        ticket = session.get(Ticket, ticket_id)
        above = (
            select(Ticket.id, Ticket.number, Ticket.subject)
            .join(TicketLink, TicketLink.other_id == Ticket.id)
            .where(TicketLink.ticket_id == ticket_id, _IS_PART, Ticket.major)
            .order_by(Ticket.number)
        )
        parents = tuple(IncidentParent(each.id, each.number, each.subject) for each in session.execute(above))
        if ticket is None or not ticket.major:
            return IncidentView(False, parents, 0, 0, 0, ())
        parts = list(session.scalars(_parts_of(ticket_id)))
        still_open = list(session.scalars(select(Ticket).where(Ticket.id.in_(_parts_of(ticket_id)), is_open())))
        numbers = {each.number: _requester(session, each) for each in (ticket, *still_open)}
        lost = tuple(sorted(number for number, address in numbers.items() if address is None))
        return IncidentView(True, parents, len(parts), len(still_open), len(numbers) - len(lost), lost)


def add(database: Database, actor: Actor, parent_id: UUID, child_ids: Iterable[UUID]) -> tuple[Undo, ...]:
    """These tickets are parts of the incident; what takes back each that was none yet. `KnownError`
    `incident.not_major`, `ticket.same`, `ticket.would_be_its_own_part`."""
    with database.write(actor) as work:
        children = sorted(set(child_ids))
        if parent_id in children:
            raise KnownError("ticket.same")
        tickets = {each: locked(work, Stale(each)) for each in sorted((parent_id, *children))}
        parent = tickets[parent_id]
        if not parent.major:
            raise KnownError("incident.not_major", number=parent.number)
        upwards = select(TicketLink.other_id).where(TicketLink.ticket_id == parent_id, _IS_PART)
        above = set(work.session.scalars(upwards))
        there = set(work.session.scalars(_parts_of(parent_id)))
        new = [tickets[each] for each in children if each not in there]
        for each in new:
            require(actor, Action.MEND, each)
            if each.id in above:
                raise KnownError("ticket.would_be_its_own_part", number=each.number)
            touch(work, each)
        rows = [{"ticket_id": each.id, "other_id": parent_id, "kind": LinkKind.CHILD.value} for each in new]
        insert_new(work.session, TicketLink, rows)
        touch(work, parent)
        undos = []
        for each in new:
            told = {"ticket": each.id, "other": parent_id, "kind": LinkKind.CHILD}
            undos.append(Undo(work.audit(LINKED, each.id, ticket_id=each.id, after=told), LINKED, each.number))
        return tuple(undos)


def update_all(database: Database, actor: Actor, parent_id: UUID, text: str) -> Told:
    """Mail `text` to the requester of the incident and of each open part, each from their own ticket.

    All of it is queued or nothing. `KnownError` `incident.no_text`, `incident.not_major`, `incident.nobody` where no
    requester has an address, `answer.no_channel`.
    """
    if not text.strip():
        raise KnownError("incident.no_text")
    with database.write(actor) as work:
        open_parts = set(work.session.scalars(select(Ticket.id).where(Ticket.id.in_(_parts_of(parent_id)), is_open())))
        tickets = [locked(work, Stale(each)) for each in sorted({parent_id, *open_parts})]
        parent = next(each for each in tickets if each.id == parent_id)
        require(actor, Action.REPLY, parent)
        if not parent.major:
            raise KnownError("incident.not_major", number=parent.number)
        lost = []
        for ticket in tickets:
            address = _requester(work.session, ticket)
            if address is None:
                lost.append(ticket.number)
                continue
            written = Answer((address,), (), f"Re: {ticket.subject}", text.strip(), id=new_id())
            queue_mail(work, ticket, Letter(ANSWER, written))
            heard_from_us(work, ticket)
            touch(work, ticket)
        told = Told(len(tickets) - len(lost), tuple(sorted(lost)))
        if not told.mails:
            raise KnownError("incident.nobody", number=parent.number)
        work.audit(UPDATED, parent_id, ticket_id=parent_id, after={"told": told.mails, "unreached": told.unreached})
        return told


def _parts_of(parent_id: UUID) -> Select[UUID]:
    return select(TicketLink.ticket_id).where(TicketLink.other_id == parent_id, _IS_PART)


def _requester(session: Session, ticket: Ticket) -> Address | None:
    """Where the requester last wrote from or wants answers; else the first address that is known of them."""
    mails = select(Message).where(Message.ticket_id == ticket.id, Message.kind == MessageKind.MAIL_IN.value)
    asked = answer_goes_to(session.scalars(mails.order_by(Message.stored_at, Message.id)).all())
    if asked:
        return asked[0]
    person = session.get(Person, ticket.requester_id) if ticket.requester_id is not None else None
    known = select(Identity.value).where(
        Identity.person_id == ticket.requester_id, Identity.kind == IdentityKind.MAIL.value
    )
    value = session.scalar(known.order_by(Identity.value).limit(1)) if person is not None else None
    return Address(value, person.name) if value is not None and person is not None else None
