"""The way of a request begins by itself, so that what its level promised is counted and who leads it hears of it.

An urgent one that nobody has is offered to whoever is there, before anybody looked at a list. What is not urgent stands
on its step and waits in its team's list until somebody takes it or hands it on: it should wake nobody.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, exists, false, func, literal_column, null, or_, select

from app.models.errors import KnownError
from app.models.records.handoffs import HandoffKind, HandoffState, Packet
from app.models.records.tickets import Status
from app.models.records.trees import Node, Tree
from app.models.rules.escalation import URGENT, first_step
from app.models.tables import Application, Handoff, Ticket
from app.services.database import Database, Work
from app.services.database.changes import EVERYTHING, ChangeFeed
from app.services.escalation.attempts import go_on, move, plan_next
from app.services.escalation.packet import prefilled
from app.services.escalation.settling import accept
from app.services.escalation.steps import STANDS, add_step
from app.services.escalation.telling import facts_of
from app.services.sla.keeping import keep
from app.services.tickets.filtering import is_open
from app.services.trees.cover import DeskCover, cover_of
from app.services.trees.standing import standing
from app.services.trees.store import tree_of

BEGAN, STOOD = "handoff.began", "handoff.stood"
_AT_ONCE = 20
"""Offered in one write: each asks somebody, and others wait for its end."""
_STAND_AT_ONCE = 200
_AGAIN = timedelta(minutes=2)
_AT_MOST = 500
"""Changed tickets that are named in one question; of more, all are looked at."""
_TOPICS = frozenset({"tree", "application", "agent", "team", "calendar", EVERYTHING})
_LIVE = [literal_column(f"'{each.value}'", Text) for each in HandoffState if each.is_live]
"""Not handed over as values: the planner shall see that the index of steps that go on answers the question."""
_NOT_BEGUN = and_(
    is_open(),
    func.nullif(Ticket.application_id, null()).is_not(None),  # in a form by which no index of closed ones is taken
    Ticket.merged_into_id.is_(None),
    ~exists().where(Handoff.ticket_id == Ticket.id, Handoff.state.in_(_LIVE)),
)
_CALLING = and_(
    Ticket.priority.in_([int(each) for each in URGENT]),
    Ticket.status.in_((Status.NEW.value, Status.OPEN.value)),
    Ticket.assignee_id.is_(None),
)


class Beginning:
    """`begin` as a step of the sweep; keep one for as long as this process sweeps.

    All open tickets are looked at first, when a tree may differ, and every few minutes, for cover comes with the hour;
    between these only what changed since.
    """

    def __init__(self, database: Database) -> None:
        self._feed = ChangeFeed(database)
        self._looked_at: datetime | None = None
        self._changed: set[UUID] = set()

    def __call__(self, work: Work) -> int:
        told = self._feed.read()
        self._changed.update(each.ticket_id for each in told if each.ticket_id is not None)
        if len(self._changed) > _AT_MOST or any(each.topic in _TOPICS for each in told):
            self._looked_at = None
        if self._looked_at is None or not self._looked_at <= work.now < self._looked_at + _AGAIN:
            done, looked_at = begin(work), work.now
        else:
            done, looked_at = begin(work, self._changed) if self._changed else 0, self._looked_at
        if not done:  # nothing is left of what was looked for; a look that failed is made again
            self._looked_at = looked_at
            self._changed.clear()
        return done


def begin(work: Work, among: Collection[UUID] | None = None) -> int:
    """Tickets on no step of their tree are on one from now on, of all or of these; how many were put there.

    One that somebody is writing to is left to the next sweep: they may be taking it.
    """
    there = _NOT_BEGUN if among is None else and_(_NOT_BEGUN, Ticket.id.in_(among))
    trees = dict(_trees(work, there))
    if not trees:
        return 0
    return _offer(work, trees, there) + _stand(work, trees, there)


def _trees(work: Work, there: ColumnElement[bool]) -> Iterator[tuple[UUID, Tree]]:
    """Of the applications of these tickets; one whose stored tree is broken begins nowhere.

    Asked for in the order of an index that holds open tickets only, since the planner would read an application's
    closed ones too if it were asked for each application once.
    """
    waiting = set(work.session.scalars(select(Ticket.application_id).where(there).order_by(Ticket.updated_at)))
    for application in work.session.scalars(select(Application).where(Application.id.in_(waiting))):
        with suppress(KnownError):
            yield application.id, tree_of(work.session, application)[0]


def _offer(work: Work, trees: Mapping[UUID, Tree], there: ColumnElement[bool]) -> int:
    """Urgent tickets that nobody has: somebody is asked. One that was on its way before stays with its team."""
    beginning = [each for each, tree in trees.items() if tree.node(tree.start) is not None]
    # one look into an index for each: beside an `or` the planner would read all steps that there ever were
    any_step = select(Handoff.id).where(Handoff.ticket_id == Ticket.id).limit(1).scalar_subquery()
    never = and_(any_step.is_(None), Ticket.application_id.in_(beginning))
    query = select(Ticket).where(there, _CALLING, or_(never, _of_its_team(trees))).order_by(Ticket.opened_at)
    tickets = work.session.scalars(query.limit(_AT_ONCE).with_for_update(skip_locked=True)).all()
    cover = cover_of(work.session) if tickets else None
    done = 0
    for ticket in tickets:
        assert cover is not None
        tree = _tree_of(trees, ticket)
        node = _first(work, tree, ticket, cover)
        if node is None:
            continue
        step = add_step(work, ticket, HandoffKind.FUNCTIONAL, tree, node, prefilled(work.session, ticket))
        step.note = "began"
        move(work, ticket, node)
        go_on(work, ticket, step)
        work.audit(BEGAN, step.id, ticket_id=ticket.id, after={"node": node.key})
        done += 1
    return done


def _first(work: Work, tree: Tree, ticket: Ticket, cover: DeskCover) -> Node | None:
    """Where the tree begins, or the nearest that is there; where it lies if a rule or a person gave it elsewhere."""
    here = standing(work.session, ticket, tree).current
    if here and here != tree.start:
        return tree.node(here)
    step = first_step(tree, facts_of(ticket), work.now, cover)
    return tree.node(step.node) if step is not None else None


def _stand(work: Work, trees: Mapping[UUID, Tree], there: ColumnElement[bool]) -> int:
    """All others stand on the step of the team that has them; who has one has accepted it."""
    query = select(Ticket).where(there, ~_CALLING, _of_its_team(trees)).order_by(Ticket.opened_at)
    tickets = work.session.scalars(query.limit(_STAND_AT_ONCE).with_for_update(skip_locked=True)).all()
    for ticket in tickets:
        tree = _tree_of(trees, ticket)
        node = tree.node(standing(work.session, ticket, tree).current)
        assert node is not None
        step = add_step(work, ticket, HandoffKind.FUNCTIONAL, tree, node, Packet())
        step.note = STANDS
        if ticket.assignee_id is not None:
            accept(work, step, ticket.assignee_id)
        plan_next(work, ticket, step)
        keep(work, ticket.id)
        work.audit(STOOD, step.id, ticket_id=ticket.id, after={"node": node.key, "assignee_id": ticket.assignee_id})
    return len(tickets)


def _of_its_team(trees: Mapping[UUID, Tree]) -> ColumnElement[bool]:
    """Whether a ticket's team has a node in its application's tree."""
    found = [
        and_(Ticket.application_id == application_id, Ticket.team_id.in_(teams))
        for application_id, tree in trees.items()
        if (teams := {each.team_id for each in tree.nodes if each.team_id is not None})
    ]
    return or_(*found) if found else false()


def _tree_of(trees: Mapping[UUID, Tree], ticket: Ticket) -> Tree:
    assert ticket.application_id is not None
    return trees[ticket.application_id]
