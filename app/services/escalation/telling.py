"""Where a ticket is on its way, what was tried there, and what waits for a person."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.models.errors import KnownError
from app.models.records.desk import Level
from app.models.records.handoffs import (
    PACKET_FIELDS,
    AttemptView,
    HandoffKind,
    HandoffState,
    HandoffView,
    Outcome,
    Packet,
    Place,
    Waiting,
    Way,
    WayStep,
)
from app.models.records.tickets import Priority, Status
from app.models.records.trees import NextStep, Node, TicketFacts, Tree, WayKind
from app.models.rules.escalation import first_step, next_step
from app.models.tables import Agent, Application, ContactAttempt, Handoff, Membership, Team, Ticket, Vendor
from app.services.database import Database
from app.services.escalation.steps import STANDS
from app.services.trees.cover import DeskCover, cover_of
from app.services.trees.standing import Standing, standing
from app.services.trees.store import tree_of
from app.services.trees.telling import asked_first

_WAITS = (HandoffState.OFFERED.value, HandoffState.UNANSWERED.value)
_Own = aliased(ContactAttempt)
_LONGEST = 12
"""Steps of a way that are looked ahead: a tree may have a cycle while it is edited."""


def way(database: Database, ticket_id: UUID) -> Way:
    """The steps of a ticket's way as they are now. `KnownError` `ticket.gone`."""
    now = database.clock.now()
    with database.read_at_one_moment() as session:
        ticket = _ticket(session, ticket_id)
        tree = tree_for(session, ticket)
        if tree is None or not tree.nodes:
            return Way()
        cover, here = cover_of(session), standing(session, ticket, tree)
        step = step_after(tree, here, ticket, now, cover)
        if Status(ticket.status).is_done:
            step = None
        ahead = list(_ahead(tree, here, ticket, now, cover, step))
        places = [*((key, Place.WALKED) for key in here.way[:-1]), *((here.current, Place.CURRENT),), *ahead]
        steps = [step_view(cover, node, place, now) for key, place in places if (node := tree.node(key)) is not None]
        returned = select(Handoff.id).where(
            Handoff.ticket_id == ticket_id, Handoff.state == HandoffState.RETURNED.value
        )
        return Way(tuple(steps), step, len(session.scalars(returned).all()))


def handoffs(database: Database, ticket_id: UUID) -> tuple[HandoffView, ...]:
    """All steps that were taken with a ticket, oldest first, each with whom was asked."""
    with database.read() as session:
        rows = session.scalars(select(Handoff).where(Handoff.ticket_id == ticket_id).order_by(Handoff.ordinal)).all()
        names = _Names(session)
        asked: dict[UUID, list[ContactAttempt]] = defaultdict(list)
        query = select(ContactAttempt).where(ContactAttempt.handoff_id.in_([each.id for each in rows]))
        for attempt in session.scalars(query.order_by(ContactAttempt.ordinal)):
            asked[attempt.handoff_id].append(attempt)
        return tuple(_handoff(each, asked[each.id], names) for each in rows)


def handed_to(database: Database, agent_id: UUID) -> tuple[Waiting, ...]:
    """What waits for a person, that which must be answered first before: offered to them, or to a team of theirs
    unless they declined; then what they accepted and still have. What merely stands where it began was not handed."""
    with database.read() as session:
        pending = and_(ContactAttempt.handoff_id == Handoff.id, ContactAttempt.outcome == Outcome.PENDING.value)
        teams = select(Membership.team_id).where(Membership.agent_id == agent_id)
        to_all = and_(
            Handoff.team_id.in_(teams),
            or_(ContactAttempt.kind == WayKind.TEAM.value, Handoff.state == HandoffState.UNANSWERED.value),
            ~exists().where(
                _Own.handoff_id == Handoff.id, _Own.agent_id == agent_id, _Own.outcome == Outcome.DECLINED.value
            ),
        )
        accepted = and_(
            Handoff.state == HandoffState.ACCEPTED.value,
            Handoff.accepted_by_id == agent_id,
            Handoff.note != STANDS,
            Ticket.assignee_id == agent_id,
        )
        offered = and_(Handoff.state.in_(_WAITS), or_(ContactAttempt.agent_id == agent_id, to_all))
        query = (
            select(Handoff, Ticket, ContactAttempt)
            .join(Ticket, Ticket.id == Handoff.ticket_id)
            .outerjoin(ContactAttempt, pending)
            .where(or_(offered, accepted), Ticket.status.not_in((Status.SOLVED.value, Status.CLOSED.value)))
        )
        names = _Names(session)
        found = {
            handoff.id: _waiting(handoff, ticket, attempt, names) for handoff, ticket, attempt in session.execute(query)
        }
        return tuple(sorted(found.values(), key=_urgency))


def _urgency(waiting: Waiting) -> tuple[bool, datetime]:
    return waiting.state is HandoffState.ACCEPTED, waiting.answer_by or waiting.at


def tree_for(session: Session, ticket: Ticket) -> Tree | None:
    """The tree that a ticket climbs; None where it belongs to no application."""
    application = session.get(Application, ticket.application_id) if ticket.application_id is not None else None
    return tree_of(session, application)[0] if application is not None else None


def facts_of(ticket: Ticket) -> TicketFacts:
    """What the edges of a tree ask of a ticket."""
    return TicketFacts(Priority(ticket.priority), ticket.category, ticket.component, ticket.skill, ticket.language)


def step_after(tree: Tree, here: Standing, ticket: Ticket, now: datetime, cover: DeskCover) -> NextStep | None:
    """Where a ticket would go from where it stands; to the beginning where it stands nowhere."""
    if not here.current:
        return first_step(tree, facts_of(ticket), now, cover)
    return next_step(tree, here.current, facts_of(ticket), now, cover)


def step_view(cover: DeskCover, node: Node, place: Place, now: datetime) -> WayStep:
    """A step with who is there at `now`."""
    duty = cover.on_duty(node.team_id, now) if node.team_id is not None and cover.is_rostered(node.team_id) else None
    hours = cover.hours(node)
    return WayStep(
        node.key,
        node.name,
        node.level,
        cover.team_name(node.team_id) or cover.vendor_name(node.vendor_id),
        place,
        cover.name_of(duty.agent_id) if duty is not None else asked_first(cover, node, now),
        duty.until if duty is not None else None,
        cover.name_of(duty.next_id) if duty is not None else "",
        is_open := hours.is_open(now),
        None if is_open else hours.next_open(now),
    )


def _ahead(
    tree: Tree, here: Standing, ticket: Ticket, now: datetime, cover: DeskCover, step: NextStep | None
) -> Iterator[tuple[str, Place]]:
    """The step that is next, and those that would follow it."""
    seen, place = {here.current}, Place.NEXT
    while step is not None and step.node not in seen and len(seen) < _LONGEST:
        yield step.node, place
        seen.add(step.node)
        place = Place.LATER
        step = next_step(tree, step.node, facts_of(ticket), now, cover)


def _ticket(session: Session, ticket_id: UUID) -> Ticket:
    found = session.get(Ticket, ticket_id)
    if found is None:
        raise KnownError("ticket.gone")
    return found


class _Names:
    """What people, teams and vendors are called."""

    def __init__(self, session: Session) -> None:
        self._agents = dict(session.execute(select(Agent.id, Agent.name)).all())
        self._teams = dict(session.execute(select(Team.id, Team.name)).all())
        self._vendors = dict(session.execute(select(Vendor.id, Vendor.name)).all())

    def agent(self, agent_id: UUID | None) -> str:
        return self._agents.get(agent_id, "") if agent_id is not None else ""

    def party(self, handoff: Handoff) -> str:
        """The team or the vendor that a ticket was handed to."""
        if handoff.team_id is not None:
            return self._teams.get(handoff.team_id, "")
        return self._vendors.get(handoff.vendor_id, "") if handoff.vendor_id is not None else ""


def packet_of(handoff: Handoff) -> Packet:
    """The packet as it was written then."""
    return Packet(**{name: str(handoff.packet.get(name, "")) for name in PACKET_FIELDS})


def _handoff(row: Handoff, asked: Iterable[ContactAttempt], names: _Names) -> HandoffView:
    return HandoffView(
        row.id,
        row.ticket_id,
        row.ordinal,
        HandoffKind(row.kind),
        HandoffState(row.state),
        row.node_key,
        _node_name(row),
        Level(row.level),
        names.party(row),
        packet_of(row),
        names.agent(row.by_id),
        row.at,
        names.agent(row.accepted_by_id),
        row.accepted_at,
        row.ended_at,
        row.reason,
        row.bypass,
        row.note,
        tuple(_attempt(each, row, names) for each in asked),
    )


def _attempt(row: ContactAttempt, handoff: Handoff, names: _Names) -> AttemptView:
    return AttemptView(
        row.id,
        row.ordinal,
        row.node_key,
        WayKind(row.kind),
        row.agent_id,
        names.agent(row.agent_id) or names.party(handoff),
        row.at,
        row.answer_by,
        Outcome(row.outcome),
        row.answered_at,
        row.reason,
    )


def _waiting(handoff: Handoff, ticket: Ticket, attempt: ContactAttempt | None, names: _Names) -> Waiting:
    return Waiting(
        handoff.id,
        ticket.id,
        ticket.number,
        ticket.subject,
        Priority(ticket.priority),
        HandoffState(handoff.state),
        HandoffKind(handoff.kind),
        _node_name(handoff),
        Level(handoff.level),
        packet_of(handoff),
        names.agent(handoff.by_id),
        handoff.at,
        attempt.answer_by if attempt is not None else None,
        to_team=attempt is None or attempt.agent_id is None,
    )


def _node_name(handoff: Handoff) -> str:
    return str(handoff.node.get("name", handoff.node_key))
