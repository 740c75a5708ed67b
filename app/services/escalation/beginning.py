"""The way of an urgent request begins by itself: whoever is there is asked, before anybody looked at a list.

What is not urgent waits in its team's list until somebody takes it or hands it on: it should wake nobody.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from uuid import UUID

from sqlalchemy import exists, select

from app.models.errors import KnownError
from app.models.records.handoffs import HandoffKind
from app.models.records.tickets import Status
from app.models.records.trees import Node, Tree
from app.models.rules.escalation import URGENT, first_step
from app.models.tables import Application, Handoff, Ticket
from app.services.database import Work
from app.services.escalation.attempts import go_on, move
from app.services.escalation.packet import prefilled
from app.services.escalation.steps import add_step
from app.services.escalation.telling import facts_of
from app.services.trees.cover import DeskCover, cover_of
from app.services.trees.standing import standing
from app.services.trees.store import tree_of

BEGAN = "handoff.began"
_AT_ONCE = 20


def begin(work: Work) -> int:
    """A step of the sweep: urgent tickets that nobody has, and that were never handed on, are offered; how many were.

    One that somebody is writing to is left to the next sweep: they may be taking it.
    """
    untouched = (
        Ticket.priority.in_([int(each) for each in URGENT]),
        Ticket.status.in_((Status.NEW.value, Status.OPEN.value)),
        Ticket.assignee_id.is_(None),
        Ticket.merged_into_id.is_(None),
        ~exists().where(Handoff.ticket_id == Ticket.id),
    )
    waiting = select(Ticket.application_id).where(*untouched, Ticket.application_id.is_not(None)).distinct()
    trees = dict(_trees(work, [each for each in work.session.scalars(waiting) if each is not None]))
    if not trees:
        return 0
    query = select(Ticket).where(*untouched, Ticket.application_id.in_(trees)).order_by(Ticket.opened_at)
    tickets = work.session.scalars(query.limit(_AT_ONCE).with_for_update(skip_locked=True)).all()
    return sum(1 for _ in _begun(work, tickets, trees))


def _trees(work: Work, applications: Iterable[UUID]) -> Iterator[tuple[UUID, Tree]]:
    """By application; one whose stored tree is broken begins nowhere."""
    for application in work.session.scalars(select(Application).where(Application.id.in_(applications))):
        with suppress(KnownError):
            yield application.id, tree_of(work.session, application)[0]


def _begun(work: Work, tickets: Iterable[Ticket], trees: Mapping[UUID, Tree]) -> Iterator[Ticket]:
    cover = cover_of(work.session)
    for ticket in tickets:
        tree = trees[ticket.application_id or UUID(int=0)]
        node = _first(work, tree, ticket, cover)
        if node is None:
            continue
        step = add_step(work, ticket, HandoffKind.FUNCTIONAL, tree, node, prefilled(work.session, ticket))
        step.note = "began"
        move(work, ticket, node)
        go_on(work, ticket, step)
        work.audit(BEGAN, step.id, ticket_id=ticket.id, after={"node": node.key})
        yield ticket


def _first(work: Work, tree: Tree, ticket: Ticket, cover: DeskCover) -> Node | None:
    """Where the tree begins, or the nearest that is there; where it lies if a rule or a person gave it elsewhere."""
    here = standing(work.session, ticket, tree).current
    if here and here != tree.start:
        return tree.node(here)
    step = first_step(tree, facts_of(ticket), work.now, cover)
    return tree.node(step.node) if step is not None else None
