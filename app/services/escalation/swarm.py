"""Swarming: the owner keeps the ticket to the end, and up to five others are pulled in for what they know."""

from uuid import UUID

from sqlalchemy import func, select

from app.models.errors import Conflict, KnownError, NotAllowed
from app.models.records.desk import Actor
from app.models.records.handoffs import SwarmOffer, SwarmView
from app.models.records.tickets import NewNote, Undo
from app.models.rules.permissions import Action
from app.models.tables import Agent, Audit, DutyAbsence, DutyRotation, SwarmMember, Ticket
from app.services.database import Database, Work
from app.services.oncall.reading import roster_of
from app.services.staff.load import is_away
from app.services.tickets.answering import add_note
from app.services.tickets.editing import Stale, locked, require, touch
from app.services.wording import tr

MOST = 5
PULLED_IN, LEFT = "swarm.pulled_in", "swarm.left"
SWARMED = (PULLED_IN, LEFT)


def members(database: Database, ticket_id: UUID) -> tuple[SwarmView, ...]:
    """Who is in the swarm now, by when they joined."""
    query = (
        select(SwarmMember, Agent.name)
        .join(Agent, Agent.id == SwarmMember.agent_id)
        .where(SwarmMember.ticket_id == ticket_id, SwarmMember.left_at.is_(None))
        .order_by(SwarmMember.joined_at, Agent.name)
    )
    with database.read() as session:
        return tuple(
            SwarmView(each.agent_id, name, each.skill, each.joined_at) for each, name in session.execute(query)
        )


def skills(database: Database) -> tuple[str, ...]:
    """Every skill that somebody who works here has."""
    with database.read() as session:
        told = session.scalars(select(Agent.skills).where(Agent.active))
        return tuple(sorted({skill for each in told for skill in each}, key=str.casefold))


def offers(database: Database, ticket_id: UUID, skill: str = "") -> tuple[SwarmOffer, ...]:
    """Who can be pulled in: those with the skill (empty: any) who are here and not in yet; who is on duty first."""
    now = database.clock.now()
    with database.read() as session:
        inside = select(SwarmMember.agent_id).where(SwarmMember.ticket_id == ticket_id, SwarmMember.left_at.is_(None))
        ticket = session.get(Ticket, ticket_id)
        if ticket is None:
            raise KnownError("ticket.gone")
        rosters = [roster_of(session, each) for each in session.scalars(select(DutyRotation.team_id).distinct())]
        duties = [each.on_duty(now) for each in rosters]
        until = {each.agent_id: each.until for each in duties if each.agent_id is not None}
        planned = select(DutyAbsence.agent_id).where(DutyAbsence.since <= now, DutyAbsence.until > now)
        here = Agent.active, is_away(now).is_not(True), Agent.id.not_in(planned)
        query = select(Agent).where(*here, Agent.id.not_in(inside))
        found = [
            SwarmOffer(each.id, each.name, tuple(each.skills), each.id in until, until.get(each.id))
            for each in session.scalars(query.order_by(Agent.name))
            if each.id != ticket.owner_id and (not skill or skill.casefold() in map(str.casefold, each.skills))
        ]
    return tuple(sorted(found, key=lambda each: not each.on_duty))


def pull_in(database: Database, actor: Actor, ticket_id: UUID, agent_id: UUID, skill: str = "") -> Undo:
    """Ask somebody into the ticket; it stays its owner's. `KnownError` `swarm.full`, `swarm.inside`, `swarm.gone`."""
    with database.write(actor) as work:
        ticket = locked(work, Stale(ticket_id))
        require(actor, Action.REPLY, ticket)
        agent = work.session.get(Agent, agent_id)
        if agent is None or not agent.active:
            raise KnownError("swarm.gone")
        _require_room(work, ticket_id)
        row = work.session.get(SwarmMember, (ticket_id, agent_id))
        if row is not None and row.left_at is None:
            raise KnownError("swarm.inside", name=agent.name)
        if row is None:
            row = SwarmMember(ticket_id=ticket_id, agent_id=agent_id)
            work.session.add(row)
        row.skill, row.by_id, row.joined_at, row.left_at = skill, actor.id, work.now, None
        ticket.owner_id = ticket.owner_id or ticket.assignee_id or actor.id
        words = tr("template.asked_in", name=agent.name)
        if skill:
            words = tr("template.pulled_in", name=agent.name, skill=skill)
        add_note(work, ticket, NewNote(words, mentions=(agent_id,)))
        told = {"agent_id": agent_id, "skill": skill}
        entry = work.audit(PULLED_IN, ticket_id, ticket_id=ticket_id, after=told)
        return Undo(entry, PULLED_IN, ticket.number)


def leave(database: Database, actor: Actor, ticket_id: UUID, agent_id: UUID) -> Undo | None:
    """Out of the swarm again: by themself, by who called them, or by who leads; None where they are out already.
    `NotAllowed`."""
    with database.write(actor) as work:
        ticket = locked(work, Stale(ticket_id))
        row = work.session.get(SwarmMember, (ticket_id, agent_id))
        if row is None or row.left_at is not None:
            return None
        if actor.id not in (agent_id, row.by_id, ticket.owner_id) and actor.role.value == "agent":
            raise NotAllowed("not_allowed.leave_swarm")
        row.left_at = work.now
        touch(work, ticket)
        entry = work.audit(LEFT, ticket_id, ticket_id=ticket_id, after={"agent_id": agent_id})
        return Undo(entry, LEFT, ticket.number)


def undo_swarm(work: Work, entry: Audit) -> None:
    """Out again who was pulled in, in again who was let go; the note and the owner stay. `Conflict` where they left,
    or were called, meanwhile; `KnownError` `swarm.full`."""
    ticket = locked(work, Stale(entry.ticket_id or UUID(int=0)))
    require(work.actor, Action.REPLY, ticket)
    row = work.session.get_one(SwarmMember, (ticket.id, UUID(entry.after["agent_id"])))
    if (row.left_at is None) is not (entry.action == PULLED_IN):
        raise Conflict("ticket.changed_since", number=ticket.number, by=entry.actor)
    if entry.action == LEFT:
        _require_room(work, ticket.id)
    row.left_at = work.now if entry.action == PULLED_IN else None
    touch(work, ticket)


def _require_room(work: Work, ticket_id: UUID) -> None:
    inside = SwarmMember.ticket_id == ticket_id, SwarmMember.left_at.is_(None)
    if (work.session.scalar(select(func.count()).select_from(SwarmMember).where(*inside)) or 0) >= MOST:
        raise KnownError("swarm.full", most=MOST)
