"""Being away: from when until when, and what becomes of one's tickets meanwhile."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from app.models.errors import NotAllowed
from app.models.records.desk import Actor, ActorKind, Role
from app.models.records.handing import Handing, Move
from app.models.rules.handing import spread
from app.models.tables import Agent, Membership, Ticket
from app.services.database import Database
from app.services.staff.load import is_away, load
from app.services.tickets import bulk
from app.services.tickets.bulk import BulkResult, Step, go_on
from app.services.tickets.editing import to_assignee
from app.services.tickets.filtering import is_open


def set_away(database: Database, actor: Actor, agent_id: UUID, until: datetime | None) -> None:
    """Away from now on, until an aware instant or until they are back. `NotAllowed` `not_allowed.away`."""
    _may(actor, agent_id)
    with database.write(actor) as work:
        values = {"away_from": work.now, "away_until": until}
        work.session.execute(update(Agent).where(Agent.id == agent_id).values(**values))
        work.changed("agent", agent_id)
        work.audit("agent.away", agent_id, after={"until": until})


def set_back(database: Database, actor: Actor, agent_id: UUID) -> None:
    """Here again. `NotAllowed` `not_allowed.away`."""
    _may(actor, agent_id)
    with database.write(actor) as work:
        values = {"away_from": None, "away_until": None}
        work.session.execute(update(Agent).where(Agent.id == agent_id).values(**values))
        work.changed("agent", agent_id)
        work.audit("agent.back", agent_id)


def away_now(database: Database) -> set[UUID]:
    """Everybody who is away."""
    with database.read() as session:
        return set(session.scalars(select(Agent.id).where(is_away(database.clock.now()))))


def plan(database: Database, agent_id: UUID, handing: Handing, to: UUID | None = None) -> list[Move]:
    """What would become of a person's open tickets, those with the nearest deadline first. Changes nothing."""
    if handing is Handing.KEEP:
        return []
    counts = {each: told.open for each, told in load(database).agents.items()}
    with database.read() as session:
        query = select(Ticket.id, Ticket.number, Ticket.subject, Ticket.team_id).where(
            is_open(), Ticket.assignee_id == agent_id
        )
        tickets = session.execute(query.order_by(Ticket.due_at.asc().nulls_last(), Ticket.number)).all()
        names = {each.id: each.name for each in session.execute(select(Agent.id, Agent.name))}
        able = select(Membership.team_id, Agent.id).join(Agent, Agent.id == Membership.agent_id)
        able = able.where(Agent.active, Agent.id != agent_id, ~is_away(database.clock.now()).is_(True))
        people: dict[UUID, list[UUID]] = defaultdict(list)
        for each in session.execute(able):
            people[each.team_id].append(each.id)
    given: dict[UUID, UUID | None]
    if handing is Handing.SPREAD:
        given = spread([(each.id, each.team_id) for each in tickets], people, counts)
    else:
        given = {each.id: to if handing is Handing.PERSON else None for each in tickets}
    return [
        Move(each.id, each.number, each.subject, given[each.id], names.get(given[each.id] or UUID(int=0), ""))
        for each in tickets
    ]


def hand_out(database: Database, actor: Actor, moves: Sequence[Move], step: Step = go_on) -> BulkResult:
    """Do what was planned, with one undo for all of it."""
    return bulk.apply_each(database, actor, [(each.ticket_id, to_assignee(each.to)) for each in moves], step)


def _may(actor: Actor, agent_id: UUID) -> None:
    """Everybody for themself, supervisors and administrators for anybody."""
    if actor.kind is ActorKind.AGENT and actor.role is Role.AGENT and actor.id != agent_id:
        raise NotAllowed("not_allowed.away")
