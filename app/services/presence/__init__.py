"""Who looks at which ticket, and who writes there: each open window says so, and is forgotten when it stops.

Not audited, and no change of a ticket: a look is not something that anybody did.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from app.models.records.desk import Actor
from app.models.records.presence import Present
from app.models.records.tickets import TicketRow
from app.models.tables import Agent, Presence, Ticket
from app.services.database import Database
from app.services.database.moment import moment, moment_there

TOPIC = "presence"
"""Of the change feed; a change's id is that of the ticket that somebody came to, left, or began to write for."""

EVERY = timedelta(seconds=15)
GONE_AFTER = timedelta(seconds=45)
"""Three times `EVERY`: one that was late is not gone."""

_FORGOTTEN = timedelta(days=1)


def report(database: Database, actor: Actor, session: UUID, ticket_id: UUID | None, *, typing: bool = False) -> None:
    """The window `session` of `actor` shows this ticket, or none. Others hear of it when that is news."""
    if actor.id is None:
        return
    with database.write(actor) as work:
        now = moment(work.session, work.now)
        known = work.session.get(Presence, session)
        if ticket_id is not None and work.session.get(Ticket, ticket_id) is None:
            ticket_id = None  # it is gone, and nobody can be at it
        before = (known.ticket_id, known.typing) if known is not None else (None, False)
        if known is None:
            work.session.execute(delete(Presence).where(Presence.seen_at < now - _FORGOTTEN))
            known = Presence(session=session, agent_id=actor.id)
            work.session.add(known)
        known.ticket_id, known.typing, known.seen_at = ticket_id, typing, now
        if before != (ticket_id, typing):
            for each in {before[0], ticket_id} - {None}:
                work.changed(TOPIC, str(each))


def leave(database: Database, actor: Actor, session: UUID) -> None:
    """The window is closed."""
    with database.write(actor) as work:
        known = work.session.get(Presence, session)
        if known is not None:
            if known.ticket_id is not None:
                work.changed(TOPIC, str(known.ticket_id))
            work.session.delete(known)


def others(database: Database, ticket_id: UUID, session: UUID) -> list[Present]:
    """Who else is at a ticket now, those who write first; a person with two windows is there once.

    Who writes for a ticket that nobody has is about to take it: an answer does. That holds nobody up, and goes when
    they stop, or when somebody has it.
    """
    claiming = and_(Presence.typing, Ticket.assignee_id.is_(None)).label("claiming")
    with database.read() as found:
        query = (
            select(Presence.agent_id, Agent.name, Presence.typing, claiming)
            .join(Agent, Agent.id == Presence.agent_id)
            .join(Ticket, Ticket.id == Presence.ticket_id)
            .where(Presence.ticket_id == ticket_id, Presence.session != session, _is_heard(found, database))
            .order_by(Presence.typing.desc(), Agent.name)
        )
        people = {each.agent_id: each for each in reversed(found.execute(query).all())}
    there = [Present(each.agent_id, each.name, each.typing, each.claiming) for each in people.values()]
    return sorted(there, key=lambda each: (not each.typing, each.name))


def claimed(database: Database, rows: Sequence[TicketRow]) -> list[TicketRow]:
    """The rows, with who writes to those that nobody has. It is a claim of courtesy: it ends when they stop."""
    free = [each.id for each in rows if each.assignee is None]
    if not free:
        return list(rows)
    with database.read() as session:
        query = (
            select(Presence.ticket_id, Agent.name)
            .join(Agent, Agent.id == Presence.agent_id)
            .where(Presence.ticket_id.in_(free), Presence.typing, _is_heard(session, database))
            .order_by(Agent.name.desc())
        )
        writing = {each.ticket_id: each.name for each in session.execute(query)}
    return [replace(each, claimed_by=writing[each.id]) if each.id in writing else each for each in rows]


def _is_heard(session: Session, database: Database) -> ColumnElement[bool]:
    """That a window said not long ago that it is there."""
    heard: ColumnElement[bool] = Presence.seen_at >= moment_there(session, database.clock.now()) - GONE_AFTER
    return heard
