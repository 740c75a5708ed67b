"""Notes that call for a colleague by name, until they have looked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from app.models.records.desk import Actor
from app.models.tables import Mention, Message, Ticket
from app.services.database import Database


@dataclass(frozen=True, slots=True)
class MentionView:
    """`author` calls for somebody in a note on the ticket `number`; `at` is aware UTC."""

    message_id: UUID
    ticket_id: UUID
    number: int
    subject: str
    author: str
    text: str
    at: datetime


def unseen(database: Database, agent_id: UUID, limit: int = 50) -> list[MentionView]:
    """Where a person is called for and has not looked yet, the newest first."""
    query = (
        select(
            Mention.message_id,
            Message.ticket_id,
            Ticket.number,
            Ticket.subject,
            Message.author,
            Message.text,
            Mention.at,
        )
        .join(Message, Message.id == Mention.message_id)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(Mention.agent_id == agent_id, Mention.seen_at.is_(None))
        .order_by(Mention.at.desc())
        .limit(limit)
    )
    with database.read() as session:
        return [MentionView(*each) for each in session.execute(query)]


def seen(database: Database, actor: Actor, ticket_id: UUID) -> None:
    """The actor has looked at this ticket: nothing on it calls for them any more."""
    with database.write(actor) as work:
        on_it = select(Message.id).where(Message.ticket_id == ticket_id)
        looked = (
            update(Mention)
            .where(Mention.agent_id == actor.id, Mention.seen_at.is_(None), Mention.message_id.in_(on_it))
            .values(seen_at=work.now)
            .returning(Mention.message_id)
        )
        for message_id in work.session.scalars(looked).all():
            work.changed("mention", message_id, ticket_id)
