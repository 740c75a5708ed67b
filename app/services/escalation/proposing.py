"""Where a ticket may be handed on to, as the tree sees it now. Nothing is changed."""

from datetime import datetime
from uuid import UUID

from app.models.errors import KnownError
from app.models.records.handoffs import Place, Proposal, Proposed
from app.models.records.tickets import Priority
from app.models.records.trees import EdgeKind, Node, Tree
from app.models.rules.escalation import asked_at
from app.models.tables import Ticket
from app.services.database import Database
from app.services.escalation.simulating import call_of
from app.services.escalation.telling import step_after, step_view, tree_for
from app.services.trees.cover import DeskCover, cover_of
from app.services.trees.standing import standing

_CONTACTS = 20


def propose(database: Database, ticket_id: UUID) -> Proposal:
    """The steps in the order of what fits: the one proposed, the others that lead on from here, then all the rest.

    Managers are no step of the way. `KnownError` `ticket.gone`, `escalation.no_application`, `escalation.no_way`.
    """
    now = database.clock.now()
    with database.read_at_one_moment() as session:
        ticket = session.get(Ticket, ticket_id)
        if ticket is None:
            raise KnownError("ticket.gone")
        tree = tree_for(session, ticket)
        if tree is None:
            raise KnownError("escalation.no_application", number=ticket.number)
        cover, here = cover_of(session), standing(session, ticket, tree)
        step = step_after(tree, here, ticket, now, cover)
        first = (step.node, *step.others) if step is not None else ()
        keys = dict.fromkeys((*first, *(each.key for each in tree.nodes)))
        nodes = [node for key in keys if key != here.current and (node := tree.node(key)) is not None]
        offered = [each for each in nodes if not _is_only_told(tree, each)]
        if not offered:
            raise KnownError("escalation.no_way", number=ticket.number)
        current = tree.node(here.current)
        priority = Priority(ticket.priority)
        found = tuple(
            _proposed(cover, tree, each, priority, now, proposed=bool(first) and each.key == first[0])
            for each in offered
        )
        return Proposal(ticket_id, ticket.number, priority, now, current.name if current else "", step, found)


def _is_only_told(tree: Tree, node: Node) -> bool:
    """Whether only lines to who leads go there."""
    kinds = {each.kind for each in tree.edges if each.target == node.key}
    return kinds == {EdgeKind.HIERARCHIC} and node.key != tree.start


def _proposed(
    cover: DeskCover, tree: Tree, node: Node, priority: Priority, now: datetime, *, proposed: bool
) -> Proposed:
    place = Place.NEXT if proposed else Place.LATER
    asked = [each for each, _ in zip(asked_at(node, priority, now, cover), range(_CONTACTS), strict=False)]
    contacts = tuple(call_of(cover, tree, each) for each in asked)
    return Proposed(step_view(cover, node, place, now), node.prerequisites, contacts)
