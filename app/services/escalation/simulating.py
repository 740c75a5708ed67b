"""What would happen if a request came in and nobody ever answered: who is asked when. Nothing is changed."""

from datetime import datetime
from uuid import UUID

from app.models.records.trees import PlannedContact, SimulatedCall, Simulation, TicketFacts, Tree
from app.models.rules.escalation import contact_plan
from app.services.database import Database
from app.services.trees.cover import DeskCover, cover_of
from app.services.trees.store import application_of, tree_of
from app.services.trees.telling import who_is


def simulate(
    database: Database, application_id: UUID, facts: TicketFacts, at: datetime, tree: Tree | None = None
) -> Simulation:
    """By the application's tree, or by `tree` in its place (one that is not saved), with the people, absences and
    rotations that are known now. `KnownError` `tree.no_application`, `tree.broken`."""
    with database.read_at_one_moment() as session:
        application = application_of(session, application_id)
        kept, inherited = tree_of(session, application)
        shown, cover = tree if tree is not None else kept, cover_of(session)
        calls = tuple(call_of(cover, shown, each) for each in contact_plan(shown, facts, at, cover))
    return Simulation(application.name, at, facts, inherited and tree is None, calls)


def call_of(cover: DeskCover, tree: Tree, contact: PlannedContact) -> SimulatedCall:
    node = tree.node(contact.node)
    return SimulatedCall(
        contact.at,
        contact.node,
        node.name if node is not None else "",
        contact.kind,
        contact.agent_id,
        who_is(cover, node, contact.kind, contact.agent_id) if node is not None else "",
        contact.answer_by,
        contact.round,
        contact.note,
    )
