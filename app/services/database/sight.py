"""What a person does not get to see: the tickets of restricted applications, and all that hangs on them.

Each reading of a `Database` that has a viewer goes through here, whatever it asks for: rows, counts, searches. A shared
database that knows the person by a login of their own enforces the same by row level security (`rights`).
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from app.models.records.desk import Actor
from app.models.rules.permissions import sees_everything
from app.models.tables import (
    Application,
    Attachment,
    Audit,
    Blob,
    Call,
    Change,
    ClockSegment,
    ContactAttempt,
    Handoff,
    Membership,
    Mention,
    Message,
    Outbox,
    Participant,
    Presence,
    SwarmMember,
    Table,
    Ticket,
    TicketClock,
    TicketTag,
)

_OPTIONS = "firstline_sight"
_ON_TICKETS = (
    Audit,
    Change,
    ContactAttempt,
    Handoff,
    Outbox,
    Participant,
    Presence,
    SwarmMember,
    TicketClock,
    TicketTag,
)
_ON_MESSAGES = (Attachment, Call, Mention)


def hide(session: Session, viewer: Actor) -> None:
    """From now on the session finds nothing of what `viewer` may not see."""
    hidden = hidden_applications(session, viewer)
    if hidden:
        session.info[_OPTIONS] = _criteria(hidden, viewer)


def narrow(state: ORMExecuteState) -> None:
    """Leave out of a statement what its session hides. Listens to `do_orm_execute`."""
    options = state.session.info.get(_OPTIONS)
    if options and (state.is_select or state.is_update or state.is_delete):
        state.statement = state.statement.options(*options)


def hidden_applications(session: Session, viewer: Actor) -> list[UUID]:
    """The restricted applications that are none of `viewer`'s teams' business."""
    if sees_everything(viewer):
        return []
    theirs = Application.team_id.in_(_teams_of(viewer))
    return list(session.scalars(select(Application.id).where(Application.restricted, theirs.is_not(True))))


def _criteria(hidden: list[UUID], viewer: Actor) -> list[Any]:
    ticket, message = Ticket.__table__.alias(), Message.__table__.alias()
    shown = _shown(ticket.c, hidden, viewer)
    by_table: dict[type[Table], ColumnElement[bool]] = {Ticket: _shown(Ticket, hidden, viewer)}
    by_table[Message] = exists().where(ticket.c.id == Message.ticket_id, shown)
    for table in _ON_TICKETS:
        by_table[table] = or_(table.ticket_id.is_(None), exists().where(ticket.c.id == table.ticket_id, shown))
    for one in _ON_MESSAGES:
        by_table[one] = exists().where(message.c.id == one.message_id, message.c.ticket_id == ticket.c.id, shown)
    clock = TicketClock.__table__.alias()
    kept = (clock.c.id == ClockSegment.clock_id, clock.c.ticket_id == ticket.c.id, shown)
    by_table[ClockSegment] = exists().where(*kept)
    attachment = Attachment.__table__.alias()
    held = (attachment.c.message_id == message.c.id, message.c.ticket_id == ticket.c.id, shown)
    by_table[Blob] = exists().where(attachment.c.sha256 == Blob.sha256, *held)
    return [with_loader_criteria(table, told, include_aliases=True) for table, told in by_table.items()]


def _shown(ticket: Any, hidden: list[UUID], viewer: Actor) -> ColumnElement[bool]:
    """That a ticket is there for `viewer`."""
    return or_(
        ticket.application_id.is_(None),
        ticket.application_id.not_in(hidden),
        ticket.team_id.in_(_teams_of(viewer)),
        ticket.assignee_id == viewer.id,
        ticket.owner_id == viewer.id,
        ticket.handed_by_id == viewer.id,
    )


def _teams_of(viewer: Actor) -> Any:
    return select(Membership.team_id).where(Membership.agent_id == viewer.id)
