"""The steps of a ticket's way as they are stored: with their node as it was when the ticket came there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.handoffs import HandoffKind, HandoffState, Outcome, Packet
from app.models.records.mail import MailKind
from app.models.records.tickets import MessageKind, Priority, Status
from app.models.records.trees import Node, Tree
from app.models.rules.escalation import URGENT
from app.models.tables import BusinessCalendar, ContactAttempt, Handoff, Message, Team, Ticket, Vendor
from app.services.database import Work
from app.services.trees.form import by_identity, entry_of, of_identity, to_content, to_tree

STANDS, RAISED = "stands", "raised"
"""Notes of a step that a ticket began on: nobody was asked, it waits in its team's list; and it was urgent later."""
TOLD_ALL = "told_all"
"""Note of a step at which the way ended and nobody had answered."""
_LIVE = [each.value for each in HandoffState if each.is_live]


def live_step(session: Session, ticket_id: UUID) -> Handoff | None:
    """The step that a ticket is on, locked; None where it never left the first."""
    query = select(Handoff).where(Handoff.ticket_id == ticket_id, Handoff.state.in_(_LIVE))
    return session.scalars(query.order_by(Handoff.ordinal.desc()).limit(1).with_for_update()).first()


def locked_step(session: Session, handoff_id: UUID) -> Handoff:
    """`KnownError` `escalation.gone`."""
    found = session.scalars(select(Handoff).where(Handoff.id == handoff_id).with_for_update()).one_or_none()
    if found is None:
        raise KnownError("escalation.gone")
    return found


def add_step(work: Work, ticket: Ticket, kind: HandoffKind, tree: Tree, node: Node, packet: Packet) -> Handoff:
    """The next step of a ticket, offered. What the node names that is gone is left out: of a team or a vendor nobody is
    asked then, and without its calendar it is round the clock."""
    node = replace(
        node,
        team_id=still_there(work, Team, node.team_id),
        vendor_id=still_there(work, Vendor, node.vendor_id),
        calendar_id=still_there(work, BusinessCalendar, node.calendar_id),
    )
    last = select(func.max(Handoff.ordinal)).where(Handoff.ticket_id == ticket.id)
    step = Handoff(
        id=new_id(),
        ticket_id=ticket.id,
        ordinal=(work.session.scalar(last) or 0) + 1,
        kind=kind.value,
        state=HandoffState.OFFERED.value,
        tree_id=tree.id,
        node_key=node.key,
        node=stored_node(node),
        level=int(node.level),
        team_id=node.team_id,
        vendor_id=node.vendor_id,
        packet={name: getattr(packet, name) for name in packet.__slots__},
        by_id=work.actor.id,
        at=work.now,
        reason="",
        bypass="",
        note="",
        place=-1,
        round=1,
        hierarchic=[],
    )
    work.session.add(step)
    work.session.flush()
    work.changed("handoff", step.id, ticket.id)
    return step


def still_there(work: Work, table: type[Team | Vendor | BusinessCalendar], identity: UUID | None) -> UUID | None:
    """`identity`, unless what it names was removed while a tree went on naming it."""
    there = identity is not None and work.session.get(table, identity) is not None
    return identity if there else None


def is_calling(ticket: Ticket) -> bool:
    """Whether a request is urgent and nobody has it: people are asked without anybody handing it on."""
    waits = Status(ticket.status) in (Status.NEW, Status.OPEN) and ticket.assignee_id is None
    return waits and Priority(ticket.priority) in URGENT


def end_step(work: Work, step: Handoff, state: HandoffState, reason: str = "") -> None:
    """It is not the ticket's step any more; whoever was asked need not answer."""
    step.state, step.ended_at, step.next_at = state.value, work.now, None
    step.reason = reason or step.reason
    cancel_attempts(work, step)
    work.changed("handoff", step.id, step.ticket_id)


def cancel_attempts(work: Work, step: Handoff) -> None:
    work.session.execute(
        update(ContactAttempt)
        .where(ContactAttempt.handoff_id == step.id, ContactAttempt.outcome == Outcome.PENDING.value)
        .values(outcome=Outcome.CANCELLED.value, answered_at=work.now)
    )


def tell(work: Work, ticket: Ticket, text: str) -> None:
    """Say in the conversation what the desk did by itself; the staff alone sees it."""
    work.session.execute(
        insert(Message).values(
            id=new_id(),
            ticket_id=ticket.id,
            kind=MessageKind.EVENT.value,
            mail_kind=MailKind.MAIL.value,
            at=work.now,
            stored_at=work.now,
            author=work.actor.name,
            agent_id=work.actor.id,
            to=[],
            cc=[],
            reply_to=[],
            subject="",
            text=text,
            folded="",
            reasons=[],
        )
    )
    work.changed("ticket", ticket.id, ticket.id)


def stored_node(node: Node) -> dict[str, Any]:
    """A node as a step keeps it: its document, and its promises for the clocks."""
    document = to_content(Tree(UUID(int=0), node.name, (node,), (), node.key), by_identity)
    return {
        "name": node.name,
        "calendar_id": str(node.calendar_id) if node.calendar_id else None,
        "accept_within": _seconds(node.accept_within),
        "resolve_within": _seconds(node.resolve_within),
        "document": document,
    }


def node_of(step: Handoff) -> Node:
    """The node as it was when the ticket came there, whatever became of the tree since."""
    return to_tree(entry_of(step.node["document"]), of_identity, UUID(int=0)).nodes[0]


def _seconds(within: Mapping[Priority | None, timedelta]) -> dict[str, float]:
    return {str(int(each)) if each is not None else "": time.total_seconds() for each, time in within.items()}
