"""Handing a ticket to another step of its tree. The assignee moves, the owner stays."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.models.errors import Conflict, KnownError
from app.models.records.desk import Actor
from app.models.records.handoffs import PACKET_FIELDS, HandoffKind, HandoffState, Outcome, Packet
from app.models.records.tickets import NewNote, Priority, Status, Undo
from app.models.records.trees import Node, Tree
from app.models.rules.permissions import Action
from app.models.tables import Audit, ContactAttempt, Handoff, Ticket
from app.services.database import Database, Work
from app.services.escalation.attempts import go_on, move, plan_next
from app.services.escalation.ports import packet_words
from app.services.escalation.steps import add_step, end_step, live_step
from app.services.escalation.telling import tree_for
from app.services.tickets.answering import add_note
from app.services.tickets.editing import Stale, locked, require, touch

ESCALATED = "ticket.escalated"
LONGEST = 4_000
"""Letters of each text of a packet."""

_MOVED = ("team_id", "assignee_id", "level", "status", "owner_id")


def escalate(
    database: Database,
    actor: Actor,
    ticket_id: UUID,
    node_key: str,
    packet: Packet,
    ticked: Collection[str] = (),
    bypass: str = "",
) -> Undo:
    """Offer a ticket to the step `node_key` of its tree, with the packet, and ask the first who is there.

    All of the step's prerequisites must be `ticked`; a P1 may pass them with a reason. `KnownError`
    `escalation.not_ticked`, `escalation.packet_empty`, `escalation.packet_long`, `escalation.no_application`,
    `escalation.no_node`, `escalation.done`; `NotAllowed`.
    """
    with database.write(actor) as work:
        ticket = locked(work, Stale(ticket_id))
        require(actor, Action.CHANGE, ticket)
        tree, node = _to(work, ticket, node_key)
        _pass_gate(ticket, node, packet, ticked, bypass)
        before, was = _of(ticket), live_step(work.session, ticket_id)
        told: dict[str, Any] = {"node": node.key, "name": node.name}
        if was is not None:
            told |= {"was": was.id, "was_state": was.state}
            taken = was.state == HandoffState.ACCEPTED.value
            end_step(work, was, HandoffState.ENDED if taken else HandoffState.CANCELLED)
        step = add_step(work, ticket, HandoffKind.FUNCTIONAL, tree, node, packet)
        step.bypass = bypass.strip()
        ticket.owner_id = ticket.owner_id or actor.id
        move(work, ticket, node)
        add_note(work, ticket, NewNote(packet_words(step)))
        go_on(work, ticket, step)
        told |= {"step": step.id, **_of(ticket)}
        entry = work.audit(ESCALATED, ticket.id, ticket_id=ticket.id, before=before, after=told)
        return Undo(entry, ESCALATED, ticket.number)


def undo_escalation(work: Work, entry: Audit) -> None:
    """As if it had not been handed on; `Conflict` where somebody accepted it, or changed it since."""
    ticket = locked(work, Stale(entry.ticket_id or UUID(int=0)))
    step = work.session.get_one(Handoff, UUID(entry.after["step"]))
    told = {name: entry.after[name] for name in _MOVED}
    if HandoffState(step.state) not in (HandoffState.OFFERED, HandoffState.UNANSWERED) or _of(ticket) != told:
        raise Conflict("ticket.changed_since", number=ticket.number, by=entry.actor)
    require(work.actor, Action.ASSIGN, ticket)
    end_step(work, step, HandoffState.CANCELLED)
    if "was" in entry.after:
        was = work.session.get_one(Handoff, UUID(entry.after["was"]))
        _take_up_again(work, ticket, was, HandoffState(entry.after["was_state"]))
    for name in _MOVED:
        value = entry.before[name]
        setattr(ticket, name, UUID(value) if name.endswith("_id") and value is not None else value)
    touch(work, ticket)


def _take_up_again(work: Work, ticket: Ticket, was: Handoff, state: HandoffState) -> None:
    """The step before is the ticket's again, and whoever was asked there is asked still."""
    if state is HandoffState.OFFERED:
        theirs = ContactAttempt.handoff_id == was.id, ContactAttempt.outcome == Outcome.CANCELLED.value
        still = update(ContactAttempt).where(*theirs, ContactAttempt.answered_at == was.ended_at)
        work.session.execute(still.values(outcome=Outcome.PENDING.value, answered_at=None))
    was.state, was.ended_at = state.value, None
    plan_next(work, ticket, was)


def _to(work: Work, ticket: Ticket, node_key: str) -> tuple[Tree, Node]:
    if Status(ticket.status).is_done:
        raise KnownError("escalation.done", number=ticket.number)
    tree = tree_for(work.session, ticket)
    if tree is None:
        raise KnownError("escalation.no_application", number=ticket.number)
    node = tree.node(node_key)
    if node is None:  # the tree was edited since the step was chosen
        raise KnownError("escalation.no_node", node=node_key, tree=tree.name)
    return tree, node


def _pass_gate(ticket: Ticket, node: Node, packet: Packet, ticked: Collection[str], bypass: str) -> None:
    if any(len(getattr(packet, each)) > LONGEST for each in PACKET_FIELDS):
        raise KnownError("escalation.packet_long", most=LONGEST)
    missing = [each for each in node.prerequisites if each not in ticked]
    passes = ticket.priority == Priority.P1 and bool(bypass.strip())
    if missing and not passes:
        code = "escalation.not_ticked_p1" if ticket.priority == Priority.P1 else "escalation.not_ticked"
        raise KnownError(code, what=missing[0], count=len(missing))
    if not packet.happening.strip() and not passes:
        raise KnownError("escalation.packet_empty")


def _of(ticket: Ticket) -> dict[str, Any]:
    found = {name: getattr(ticket, name) for name in _MOVED}
    return {name: str(value) if isinstance(value, UUID) else value for name, value in found.items()}
