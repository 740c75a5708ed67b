"""What happened on a ticket since somebody looked at it: shown before their answer goes."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.records.desk import Actor
from app.models.records.tickets import MessageKind, Status, TicketView
from app.models.tables import Agent, Audit, Message, Ticket
from app.services.database import Database

_SHOWN = 240


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person saw of a ticket."""

    messages: frozenset[UUID]
    status: Status
    assignee_id: UUID | None


@dataclass(frozen=True, slots=True)
class News:
    """One new thing: a message with its kind and beginning; or, without a kind, a change by `author`.

    `status` is the new one. `assignee` is the new assignee's name, empty where there is none now; None where it is not
    that which changed.
    """

    author: str
    kind: MessageKind | None = None
    text: str = ""
    message_id: UUID | None = None
    status: Status | None = None
    assignee: str | None = None
    assignee_id: UUID | None = None


def seen_of(ticket: TicketView) -> Seen:
    return Seen(frozenset(each.id for each in ticket.messages), ticket.row.status, ticket.assignee_id)


def news_since(database: Database, ticket_id: UUID, actor: Actor, seen: Seen) -> list[News]:
    """What others did since; nothing of what the actor did, or what a machine answered."""
    with database.read() as session:
        query = (
            select(Message.id, Message.kind, Message.author, Message.agent_id, func.substr(Message.text, 1, _SHOWN))
            .where(Message.ticket_id == ticket_id)
            .order_by(Message.stored_at, Message.id)
        )
        new = [
            News(author, MessageKind(kind), " ".join(text.split()), message_id)
            for message_id, kind, author, agent_id, text in session.execute(query)
            if message_id not in seen.messages and (actor.id is None or agent_id != actor.id)
        ]
        ticket = session.get(Ticket, ticket_id)
        return new + (_changes(session, ticket, actor, seen) if ticket else [])


def _changes(session: Session, ticket: Ticket, actor: Actor, seen: Seen) -> list[News]:
    status, assignee = Status(ticket.status), ticket.assignee_id
    if (status, assignee) == (seen.status, seen.assignee_id):
        return []
    query = select(Audit.actor, Audit.actor_id).where(Audit.ticket_id == ticket.id).order_by(Audit.sequence.desc())
    last = session.execute(query.limit(1)).first()
    if last is None or last.actor_id == actor.id:
        return []
    found = []
    if status is not seen.status and last.actor_id is not None:  # a customer's mail reopens it, and is told itself
        found.append(News(last.actor, status=status))
    if assignee != seen.assignee_id:
        name = session.scalar(select(Agent.name).where(Agent.id == assignee)) or ""
        found.append(News(last.actor, assignee=name, assignee_id=assignee))
    return found
