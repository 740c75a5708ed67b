"""Filing one thing that waited: exactly once, whatever happened when it was tried before."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models.errors import DatabaseError, KnownError
from app.models.records.desk import Actor
from app.models.records.tickets import Status
from app.models.rules.mentioning import mentioned
from app.models.tables import Agent, Call, Message, Ticket
from app.services import staff
from app.services.database import Database
from app.services.offline.records import Outcome, TicketNote, Unfiled
from app.services.phone.filing import file_call
from app.services.tickets import answering

_NO_RIGHTS = "database.no_rights"


def file_one(database: Database, actor: Actor, thing: Unfiled) -> Outcome:
    """File it under the id it was born with; where it is already, if it was filed before.

    `KnownError`: `waiting.merged` and `waiting.closed` where that became of its ticket, `ticket.gone`,
    `waiting.not_here` where its author left the staff, `waiting.contradiction` where it names what is not there any
    more, and those of `file_call`.
    """
    there = _look(database, actor, thing)
    if there is not None:
        return there
    try:
        return _file(database, actor, thing)
    except IntegrityError as error:
        there = _look(database, actor, thing)  # a try that nobody heard of again may have come through meanwhile
        if there is None:
            raise KnownError("waiting.contradiction") from error
        return there


def keeps_waiting(error: KnownError) -> bool:
    """Whether it is the database's trouble, and not the thing's own."""
    return isinstance(error, DatabaseError) and error.code != _NO_RIGHTS


def _file(database: Database, actor: Actor, thing: Unfiled) -> Outcome:
    if not isinstance(thing.what, TicketNote):
        filed = file_call(database, actor, thing.what, thing.region)
        return Outcome(thing, filed.ticket_id, filed.number, filed.new)
    what = thing.what
    people = [(each.id, each.name) for each in staff.agents(database)]
    answering.note(database, actor, what.ticket_id, replace(what.note, mentions=mentioned(what.note.text, people)))
    return Outcome(thing, what.ticket_id, what.number)


def _look(database: Database, actor: Actor, thing: Unfiled) -> Outcome | None:
    """Where it is already; None where it is to be filed now, and can be."""
    with database.read() as session:
        there = _there(session, thing)
        if there is None:
            _still_here(session, actor)
            _still_open(session, thing)
        return there


def _there(session: Session, thing: Unfiled) -> Outcome | None:
    query = select(Ticket.id, Ticket.number).join(Message, Message.ticket_id == Ticket.id)
    if isinstance(thing.what, TicketNote):
        query = query.where(Message.id == thing.id)
    else:
        query = query.join(Call, Call.message_id == Message.id).where(Call.id == thing.id)
    found = session.execute(query).first()
    return Outcome(thing, found.id, found.number) if found else None


def _still_here(session: Session, actor: Actor) -> None:
    if not session.scalar(select(Agent.active).where(Agent.id == actor.id)):
        raise KnownError("waiting.not_here", name=actor.name)


def _still_open(session: Session, thing: Unfiled) -> None:
    """It goes where its author meant it to go, or nowhere."""
    ticket_id: UUID | None = thing.what.ticket_id
    if ticket_id is None:
        return
    found = session.execute(
        select(Ticket.number, Ticket.status, Ticket.merged_into_id).where(Ticket.id == ticket_id)
    ).first()
    if found is None:
        raise KnownError("ticket.gone")
    if found.merged_into_id is not None:
        into = session.scalar(select(Ticket.number).where(Ticket.id == found.merged_into_id))
        raise KnownError("waiting.merged", number=found.number, into=into or 0)
    closed = found.status == Status.CLOSED.value
    if isinstance(thing.what, TicketNote) and closed and not thing.what.was_done:
        raise KnownError("waiting.closed", number=found.number)
