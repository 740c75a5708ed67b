"""What happened that a person wants to hear of: looked up from what the change feed says was changed."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.models.records.desk import Actor
from app.models.records.handoffs import Outcome
from app.models.records.notices import Notice, NoticeKind
from app.models.records.tickets import Delivery, MessageKind, Priority
from app.models.tables import Agent, Audit, ContactAttempt, Handoff, Mention, Message, Outbox, Ticket
from app.services.database import Database
from app.services.tickets.filtering import is_open

_MOST = 200


def news(database: Database, actor: Actor, tickets: Collection[UUID], since: datetime) -> list[Notice]:
    """What came to `actor` on these tickets after `since` (aware): nothing of what they did themself.

    New tickets of their teams that nobody has, tickets given to them, mails on theirs, mentions, and mails of theirs
    that were given up, and handoffs that wait for them. A ticket is told of once for each kind.
    """
    if actor.id is None or not tickets:
        return []
    looked = list(tickets)[:_MOST]
    with database.read() as session:
        found = [
            *_opened(session, actor, looked, since),
            *_assigned(session, actor, looked, since),
            *_answered(session, actor, looked, since),
            *_mentioned(session, actor, looked, since),
            *_unsent(session, actor, looked, since),
            *_handed(session, actor, looked, since),
        ]
    return list({(each.kind, each.ticket_id): each for each in found}.values())


def due(database: Database, actor: Actor, after: datetime, until: datetime) -> list[Notice]:
    """Tickets of theirs whose deadline lies behind `after` and not behind `until` (both aware)."""
    if actor.id is None:
        return []
    there = and_(is_open(), Ticket.assignee_id == actor.id, Ticket.due_at > after, Ticket.due_at <= until)
    with database.read() as session:
        return _notices(session, NoticeKind.DUE, there)


def _opened(session: Session, actor: Actor, tickets: list[UUID], since: datetime) -> list[Notice]:
    free = and_(Ticket.assignee_id.is_(None), Ticket.team_id.in_(actor.teams))
    there = and_(Ticket.id.in_(tickets), Ticket.updated_at > since, Ticket.version == 1, is_open(), free)
    return _notices(session, NoticeKind.NEW, there)


def _assigned(session: Session, actor: Actor, tickets: list[UUID], since: datetime) -> list[Notice]:
    """Somebody gave it to them: told by the audit, for a ticket may have been theirs before."""
    query = (
        select(Audit.ticket_id, Audit.actor, Audit.before, Audit.after)
        .where(Audit.ticket_id.in_(tickets), Audit.at > since, Audit.action == "ticket.changed")
        .where(or_(Audit.actor_id.is_(None), Audit.actor_id != actor.id))
    )
    by = {
        each.ticket_id: each.actor for each in session.execute(query) if each.after.get("assignee_id") == str(actor.id)
    }
    there = and_(Ticket.id.in_(by), Ticket.assignee_id == actor.id)
    return _notices(session, NoticeKind.ASSIGNED, there, by)


_FROM_OUTSIDE = (MessageKind.MAIL_IN.value, MessageKind.VENDOR.value)


def _answered(session: Session, actor: Actor, tickets: list[UUID], since: datetime) -> list[Notice]:
    query = (
        select(Message.ticket_id, Message.author)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(Message.ticket_id.in_(tickets), Message.stored_at > since, Ticket.assignee_id == actor.id)
        .where(Message.kind.in_(_FROM_OUTSIDE), Message.stored_at > Ticket.opened_at)
    )
    by = {each.ticket_id: each.author for each in session.execute(query)}
    return _notices(session, NoticeKind.ANSWERED, Ticket.id.in_(by), by)


def _mentioned(session: Session, actor: Actor, tickets: list[UUID], since: datetime) -> list[Notice]:
    query = (
        select(Message.ticket_id, Agent.name)
        .join(Mention, Mention.message_id == Message.id)
        .outerjoin(Agent, Agent.id == Message.agent_id)
        .where(Message.ticket_id.in_(tickets), Mention.agent_id == actor.id, Mention.at > since)
        .where(Mention.seen_at.is_(None), or_(Message.agent_id.is_(None), Message.agent_id != actor.id))
    )
    by = {each.ticket_id: each.name or "" for each in session.execute(query)}
    return _notices(session, NoticeKind.MENTIONED, Ticket.id.in_(by), by)


def _unsent(session: Session, actor: Actor, tickets: list[UUID], since: datetime) -> list[Notice]:
    query = (
        select(Outbox.ticket_id)
        .join(Message, Message.id == Outbox.message_id)
        .where(Outbox.ticket_id.in_(tickets), Outbox.state == Delivery.DEAD.value, Message.agent_id == actor.id)
        .where(Outbox.next_attempt_at > since)
    )
    return _notices(session, NoticeKind.UNSENT, Ticket.id.in_(list(session.scalars(query))))


def _handed(session: Session, actor: Actor, tickets: list[UUID], since: datetime) -> list[Notice]:
    """Somebody waits for their answer to a handoff, or for that of their team."""
    asked = or_(
        ContactAttempt.agent_id == actor.id,
        and_(ContactAttempt.agent_id.is_(None), Handoff.team_id.in_(actor.teams)),
    )
    query = (
        select(ContactAttempt.ticket_id, Agent.name)
        .join(Handoff, Handoff.id == ContactAttempt.handoff_id)
        .outerjoin(Agent, Agent.id == Handoff.by_id)
        .where(ContactAttempt.ticket_id.in_(tickets), ContactAttempt.at > since, asked)
        .where(ContactAttempt.outcome.in_((Outcome.PENDING.value, Outcome.TOLD.value)))
    )
    by = {each.ticket_id: each.name or "" for each in session.execute(query)}
    return _notices(session, NoticeKind.HANDED, Ticket.id.in_(by), by)


def _notices(
    session: Session, kind: NoticeKind, there: ColumnElement[bool], by: dict[UUID, str] | None = None
) -> list[Notice]:
    query = select(Ticket.id, Ticket.number, Ticket.subject, Ticket.priority).where(there).order_by(Ticket.number)
    return [
        Notice(kind, each.id, each.number, each.subject, (by or {}).get(each.id, ""), each.priority == Priority.P1)
        for each in session.execute(query.limit(_MOST))
    ]
