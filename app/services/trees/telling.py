"""A tree as it stands at an instant: who is on duty, until when, who is next, what is wrong, and where a ticket is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.models.errors import KnownError
from app.models.records.clocks import ClockKind, ClockState, ClockView
from app.models.records.desk import Audience, SupportModel
from app.models.records.trees import Finding, Node, NodeView, Tree, TreeView, WayKind
from app.models.rules.escalation import contact_at
from app.models.rules.spans import joined
from app.models.rules.tree_checks import Surroundings, check
from app.models.tables import Application, Ticket
from app.services.database import Database
from app.services.sla.telling import clocks_at
from app.services.trees.cover import DeskCover, cover_of
from app.services.trees.standing import Standing, standing
from app.services.trees.store import application_of, tree_of

LOOKED_AHEAD = timedelta(days=7)
"""How far gaps are looked for: every hour of the week."""
_SOON = timedelta(days=1)


def tell(
    database: Database, application_id: UUID, at: datetime, ticket_id: UUID | None = None, tree: Tree | None = None
) -> TreeView:
    """The application's tree at `at`, or `tree` in its place (one that is not saved), and the way of a ticket.

    `KnownError` `tree.no_application`, `tree.broken`, `ticket.gone`.
    """
    with database.read_at_one_moment() as session:
        application = application_of(session, application_id)
        kept, inherited = tree_of(session, application)
        shown = tree if tree is not None else kept
        place = _Place(Standing(()), None, ())
        if ticket_id is not None:
            place = _place(session, ticket_id, shown, at)
        return _view(cover_of(session), application, shown, at, place, inherited=inherited and tree is None)


@dataclass(frozen=True)
class _Place:
    """Where a ticket is, its number, and its clocks."""

    standing: Standing
    number: int | None
    clocks: tuple[ClockView, ...]

    @property
    def clock(self) -> ClockView | None:
        """The clock that runs here: the level's own before the ticket's, whichever ends first."""
        live = [each for each in self.clocks if each.state is not ClockState.STOPPED]
        own = [each for each in live if each.handoff_id is not None and each.handoff_id == self.standing.handoff_id]
        promised = [each for each in live if each.kind not in (ClockKind.ACCEPT, ClockKind.RESOLVE)]
        ending = {each.due_at: each for each in own or promised if each.due_at is not None}
        return ending[min(ending)] if ending else None


def _place(session: Session, ticket_id: UUID, tree: Tree, at: datetime) -> _Place:
    ticket = session.get(Ticket, ticket_id)
    if ticket is None:
        raise KnownError("ticket.gone")
    return _Place(standing(session, ticket, tree), ticket.number, clocks_at(session, ticket_id, at))


def _view(
    cover: DeskCover, application: Application, tree: Tree, at: datetime, place: _Place, *, inherited: bool
) -> TreeView:
    found = check(tree, surroundings(cover, application, at))
    return TreeView(
        tree,
        at,
        application.name,
        Audience(application.audience),
        SupportModel(application.support_model),
        inherited,
        tuple(_node(cover, each, at, found, place) for each in tree.nodes),
        found,
        place.standing.way,
        place.number,
    )


def surroundings(cover: DeskCover, application: Application, at: datetime) -> Surroundings:
    """What the application's tree stands among in the week that begins at `at`."""
    until = at + LOOKED_AHEAD
    return Surroundings(
        Audience(application.audience),
        SupportModel(application.support_model),
        {each: cover.active_members(each) for each in cover.teams},
        frozenset(each.id for each in cover.agents.values() if each.active),
        frozenset(each for each in cover.vendors if cover.can_write_to(each)),
        cover.counted,
        joined(cover.hours_by(application.calendar_id).spans(at, until)),
        lambda node: cover.open_hours(node, at, until),
        lambda node: cover.uncovered(node, at, until),
    )


def _node(cover: DeskCover, node: Node, at: datetime, found: tuple[Finding, ...], place: _Place) -> NodeView:
    hours = cover.hours(node)
    duty = cover.on_duty(node.team_id, at) if node.team_id and cover.takes_turns(node.team_id, at) else None
    is_open = hours.is_open(at)
    gaps = cover.uncovered(node, at, at + _SOON)
    is_here = place.standing.current == node.key
    clock = place.clock if is_here else None
    manager = node.manager_id or (cover.manager(node.team_id) if node.team_id else None)
    return NodeView(
        node,
        cover.team_name(node.team_id),
        cover.vendor_name(node.vendor_id),
        cover.name_of(manager),
        cover.name_of(duty.agent_id) if duty is not None else asked_first(cover, node, at),
        duty,
        cover.name_of(duty.next_id) if duty is not None else "",
        is_open,
        None if is_open else hours.next_open(at),
        gaps[0] if gaps else None,
        tuple(each for each in found if node.key in (each.node, *(each.edge or ())[:1])),
        node.key in place.standing.way,
        is_here,
        clock.spent / clock.target if clock is not None and clock.target else None,
        clock.due_at if clock is not None else None,
    )


def asked_first(cover: DeskCover, node: Node, at: datetime) -> str:
    """Who is asked where nobody takes turns: the first contact that reaches somebody; a whole team by its name."""
    for place, way in enumerate(node.contacts):
        contact = contact_at(node, place, 1, at, at, cover)
        if not contact.note:
            return who_is(cover, node, way.kind, contact.agent_id)
    return ""


def who_is(cover: DeskCover, node: Node, kind: WayKind, agent_id: UUID | None) -> str:
    """The name of whom a contact means: a person's, the team's or the vendor's."""
    if agent_id is not None:
        return cover.name_of(agent_id)
    names: Mapping[WayKind, str] = {
        WayKind.TEAM: cover.team_name(node.team_id),
        WayKind.VENDOR: cover.vendor_name(node.vendor_id),
    }
    return names.get(kind, "")
