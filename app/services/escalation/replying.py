"""Answering to a handoff: taking it, declining it, giving it back."""

from uuid import UUID

from sqlalchemy import select

from app.models.errors import Conflict, KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.records.handoffs import HandoffKind, HandoffState, Outcome
from app.models.records.tickets import NewNote
from app.models.records.trees import Node, Tree, WayKind
from app.models.rules.permissions import Action, may
from app.models.tables import Agent, ContactAttempt, Handoff, Team, Ticket
from app.services.database import Database, Work
from app.services.escalation.attempts import go_on, move, plan_next
from app.services.escalation.settling import accept as settle_accepted
from app.services.escalation.steps import add_step, end_step, locked_step, node_of
from app.services.escalation.telling import packet_of, tree_for
from app.services.tickets.answering import add_note
from app.services.tickets.editing import Stale, locked, touch
from app.services.wording import tr

ACCEPTED, DECLINED, RETURNED = "handoff.accepted", "handoff.declined", "handoff.returned"


def accept(database: Database, actor: Actor, handoff_id: UUID) -> None:
    """Take what was offered. `Conflict` `escalation.taken` where somebody else did, `escalation.over` where it went
    elsewhere; `NotAllowed` unless one was asked, is of the team, or leads."""
    with database.write(actor) as work:
        step, ticket = _offered(work, handoff_id)
        _require(work, step)
        settle_accepted(work, step, actor.id)
        ticket.assignee_id = actor.id
        ticket.handed_by_id = actor.id
        ticket.owner_id = ticket.owner_id or step.by_id or actor.id
        touch(work, ticket)
        plan_next(work, ticket, step)
        work.audit(ACCEPTED, step.id, ticket_id=ticket.id, after={"node": step.node_key})


def decline(database: Database, actor: Actor, handoff_id: UUID, reason: str) -> None:
    """Not by me: the next contact is asked. `KnownError` `escalation.no_reason`; errors as `accept`."""
    said = _reason(reason)
    with database.write(actor) as work:
        step, ticket = _offered(work, handoff_id)
        _require(work, step)
        mine = _pending(work, step, actor.id)
        if mine is not None:
            mine.outcome, mine.answered_at, mine.reason = Outcome.DECLINED.value, work.now, said
        else:
            _log_declined(work, step, said)
        work.session.flush()
        work.audit(DECLINED, step.id, ticket_id=ticket.id, after={"node": step.node_key, "reason": said})
        work.changed("handoff", step.id, ticket.id)
        if mine is not None and step.state == HandoffState.OFFERED.value:
            go_on(work, ticket, step)


def give_back(database: Database, actor: Actor, handoff_id: UUID, reason: str) -> None:
    """Back to where it came from, to who handed it on if they are still there. Errors as `decline`.

    `KnownError` `escalation.no_way_back` where the tree has no such step any more.
    """
    said = _reason(reason)
    with database.write(actor) as work:
        step, ticket = _live(work, handoff_id)
        _require(work, step)
        tree, node = _before(work, step, ticket)
        by = step.by_id
        end_step(work, step, HandoffState.RETURNED, said)
        back = add_step(work, ticket, HandoffKind.RETURN, tree, node, packet_of(step))
        back.reason = said
        move(work, ticket, node)
        add_note(work, ticket, NewNote(tr("template.given_back", reason=said)))
        if by is not None and _works(work, by):
            ticket.assignee_id = by
            settle_accepted(work, back, by)
            plan_next(work, ticket, back)
        else:
            go_on(work, ticket, back)
        told = {"node": node.key, "reason": said, "assignee_id": ticket.assignee_id}
        work.audit(RETURNED, step.id, ticket_id=ticket.id, after=told)


def _live(work: Work, handoff_id: UUID) -> tuple[Handoff, Ticket]:
    """The step and its ticket, the ticket locked first as in every write."""
    ticket_id = work.session.scalar(select(Handoff.ticket_id).where(Handoff.id == handoff_id))
    if ticket_id is None:
        raise KnownError("escalation.gone")
    ticket = locked(work, Stale(ticket_id))
    step = locked_step(work.session, handoff_id)
    if not HandoffState(step.state).is_live:
        raise Conflict("escalation.over")
    return step, ticket


def _offered(work: Work, handoff_id: UUID) -> tuple[Handoff, Ticket]:
    step, ticket = _live(work, handoff_id)
    if step.state == HandoffState.ACCEPTED.value:
        by = work.session.get(Agent, step.accepted_by_id) if step.accepted_by_id is not None else None
        raise Conflict("escalation.taken", by=by.name if by is not None else "")
    return step, ticket


def _require(work: Work, step: Handoff) -> None:
    actor = work.actor
    theirs = step.team_id in actor.teams or step.accepted_by_id == actor.id or may(actor, Action.ARRANGE)
    if not theirs and _pending(work, step, actor.id) is None:
        raise NotAllowed("not_allowed.answer_handoff")


def _pending(work: Work, step: Handoff, agent_id: UUID | None) -> ContactAttempt | None:
    """The attempt that asks just them."""
    pending = ContactAttempt.handoff_id == step.id, ContactAttempt.outcome == Outcome.PENDING.value
    query = select(ContactAttempt).where(*pending, ContactAttempt.agent_id == agent_id)
    return work.session.scalars(query).first() if agent_id is not None else None


def _log_declined(work: Work, step: Handoff, reason: str) -> None:
    """One of a team that was asked as a whole: the others may still take it."""
    asked = select(ContactAttempt.ordinal).where(ContactAttempt.handoff_id == step.id)
    last = max(work.session.scalars(asked), default=0)
    work.session.add(
        ContactAttempt(
            id=new_id(),
            handoff_id=step.id,
            ticket_id=step.ticket_id,
            ordinal=last + 1,
            node_key=step.node_key,
            kind=WayKind.PERSON.value,
            agent_id=work.actor.id,
            at=work.now,
            outcome=Outcome.DECLINED.value,
            answered_at=work.now,
            reason=reason,
        )
    )


def _before(work: Work, step: Handoff, ticket: Ticket) -> tuple[Tree, Node]:
    """The step that this one came from: the last that was taken before, or where the tree begins."""
    tree = tree_for(work.session, ticket)
    query = select(Handoff).where(
        Handoff.ticket_id == ticket.id,
        Handoff.ordinal < step.ordinal,
        Handoff.node_key != step.node_key,
        Handoff.state == HandoffState.ENDED.value,
    )
    last = work.session.scalars(query.order_by(Handoff.ordinal.desc()).limit(1)).first()
    node = node_of(last) if last is not None else tree.node(tree.start) if tree is not None else None
    if tree is None or node is None or (node.team_id is not None and work.session.get(Team, node.team_id) is None):
        raise KnownError("escalation.no_way_back", number=ticket.number)
    return tree, node


def _works(work: Work, agent_id: UUID) -> bool:
    agent = work.session.get(Agent, agent_id)
    away = agent is not None and agent.away_from is not None and (
        agent.away_until is None or agent.away_until > work.now
    )  # fmt: skip
    return agent is not None and agent.active and not away


def _reason(reason: str) -> str:
    if not reason.strip():
        raise KnownError("escalation.no_reason")
    return reason.strip()[:1000]
