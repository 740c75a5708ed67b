"""Tying tickets to each other: one has to do with another, or is a part of it."""

from uuid import UUID

from sqlalchemy import delete, select

from app.models.errors import Conflict, KnownError
from app.models.records.desk import Actor
from app.models.records.tickets import LinkKind, Undo
from app.models.rules.permissions import Action
from app.models.tables import Audit, Ticket, TicketLink
from app.services.database import Database, Work
from app.services.database.upsert import insert_new
from app.services.tickets.editing import Stale, locked, require, touch

LINKED, UNLINKED = "ticket.linked", "ticket.unlinked"
LINKS = (LINKED, UNLINKED)
_DEEPEST = 50


def link(database: Database, actor: Actor, ticket_id: UUID, other_id: UUID, kind: LinkKind) -> Undo:
    """Tie a ticket to another; as `CHILD` it is a part of the other.

    `KnownError`: `ticket.same`, `ticket.linked_already`, `ticket.would_be_its_own_part`.
    """
    with database.write(actor) as work:
        if ticket_id == other_id:
            raise KnownError("ticket.same")
        tickets = {each: locked(work, Stale(each)) for each in sorted((ticket_id, other_id))}
        require(actor, Action.MEND, tickets[ticket_id])
        if kind is LinkKind.CHILD and ticket_id in _above(work, other_id):
            raise KnownError("ticket.would_be_its_own_part", number=tickets[ticket_id].number)
        if _there(work, ticket_id, other_id, kind):
            raise KnownError("ticket.linked_already", number=tickets[other_id].number)
        return _change(work, LINKED, tickets[ticket_id], tickets[other_id], kind)


def unlink(database: Database, actor: Actor, ticket_id: UUID, other_id: UUID, kind: LinkKind) -> Undo:
    """Take a tie away. `KnownError` `ticket.not_linked` where there is none such."""
    with database.write(actor) as work:
        tickets = {each: locked(work, Stale(each)) for each in sorted((ticket_id, other_id))}
        require(actor, Action.MEND, tickets[ticket_id])
        if not _there(work, ticket_id, other_id, kind):
            raise KnownError("ticket.not_linked", number=tickets[other_id].number)
        return _change(work, UNLINKED, tickets[ticket_id], tickets[other_id], kind)


def undo_link(work: Work, entry: Audit) -> None:
    """Tie again what was untied, or the other way round; `Conflict` where somebody did that already."""
    one, other = (locked(work, Stale(UUID(entry.after[name]))) for name in ("ticket", "other"))
    kind = LinkKind(entry.after["kind"])
    if _there(work, one.id, other.id, kind) is not (entry.action == LINKED):
        raise Conflict("ticket.changed_since", number=one.number, by=entry.actor)
    _write(work, UNLINKED if entry.action == LINKED else LINKED, one, other, kind)


def _change(work: Work, action: str, one: Ticket, other: Ticket, kind: LinkKind) -> Undo:
    _write(work, action, one, other, kind)
    told = {"ticket": one.id, "other": other.id, "kind": kind}
    return Undo(work.audit(action, one.id, ticket_id=one.id, after=told), action, one.number)


def _write(work: Work, action: str, one: Ticket, other: Ticket, kind: LinkKind) -> None:
    row = {"ticket_id": one.id, "other_id": other.id, "kind": kind.value}
    if action == LINKED:
        insert_new(work.session, TicketLink, [row])
    else:
        same = (TicketLink.ticket_id == one.id, TicketLink.other_id == other.id, TicketLink.kind == kind.value)
        work.session.execute(delete(TicketLink).where(*same))
    touch(work, one)
    touch(work, other)


def _there(work: Work, ticket_id: UUID, other_id: UUID, kind: LinkKind) -> bool:
    return work.session.get(TicketLink, (ticket_id, other_id, kind.value)) is not None


def _above(work: Work, ticket_id: UUID) -> set[UUID]:
    """A ticket, what it is a part of, what that is a part of, and so on."""
    found, edge = {ticket_id}, {ticket_id}
    for _ in range(_DEEPEST):
        query = select(TicketLink.other_id).where(
            TicketLink.ticket_id.in_(edge), TicketLink.kind == LinkKind.CHILD.value
        )
        edge = set(work.session.scalars(query)) - found
        if not edge:
            break
        found |= edge
    return found
