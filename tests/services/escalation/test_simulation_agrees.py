"""What a simulation promises is what happens: the same people are asked at the same instants, in the same order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import select

from app.models.identifiers import new_id
from app.models.records.desk import Actor, Level, Role
from app.models.records.handoffs import HandoffState, Packet
from app.models.records.tickets import Priority
from app.models.records.trees import ContactWay, Edge, EdgeConditions, EdgeKind, Node, TicketFacts, Tree, WayKind
from app.models.tables import ContactAttempt, Handoff, Ticket
from app.services.database.numbers import TicketNumbers
from app.services.escalation.attempts import sweep
from app.services.escalation.handing import escalate
from app.services.escalation.simulating import simulate
from app.services.trees import store
from tests.fixtures.databases import SYSTEM, SettableClock
from tests.fixtures.trees import TreeDesk
from tests.services.trees.test_telling import add_office

Told = tuple[datetime, str, str, UUID | None, str]
FRIDAY = datetime(2026, 3, 6, 14, 50, tzinfo=UTC)
MOST_SWEEPS = 500


def some_tree(desk: TreeDesk, chance: Random, office: UUID) -> Tree:
    """Six steps in a row with ways past each other, some closed at night, some without anybody; and a manager."""
    onto, _ = store.of_application(desk.database, desk.id("Shop"))
    teams = [desk.id(each) for each in ("Service Desk", "Application Support", "Shop Development")]
    people = [desk.id(each) for each in ("Ann", "Dev", "Pat")]

    def contact() -> ContactWay:
        kind = chance.choice([WayKind.ON_DUTY, WayKind.NEXT_ON_DUTY, WayKind.TEAM, WayKind.PERSON, WayKind.MANAGER])
        person = chance.choice(people) if kind is WayKind.PERSON else None
        return ContactWay(kind, person, timedelta(minutes=chance.choice([5, 15, 40])))

    def node(place: int) -> Node:
        accept: dict[Priority | None, timedelta] = {}
        if chance.random() < 0.6:
            accept[None] = timedelta(minutes=chance.choice([20, 90]))
        contacts = tuple(contact() for _ in range(chance.randint(1, 3)))
        calendar = office if chance.random() < 0.3 else None
        return Node(
            f"n{place}", f"N{place}", Level.L2, chance.choice(teams), calendar_id=calendar, contacts=contacts,
            repeat=chance.randint(1, 3), accept_within=accept,
        )  # fmt: skip

    nodes = [node(place) for place in range(6)]
    lead = Node("lead", "Lead", Level.L3, manager_id=desk.id("Sue"), contacts=(ContactWay(WayKind.MANAGER),))
    edges = [Edge(f"n{place}", f"n{place + step}") for place in range(5) for step in (1, 2) if place + step < 6]
    chance.shuffle(edges)
    when = EdgeConditions(priorities=(Priority.P1,))
    after = timedelta(minutes=chance.choice([7, 33]))
    edges += [
        Edge(f"n{place}", "lead", EdgeKind.HIERARCHIC, when, after) for place in range(6) if chance.random() < 0.5
    ]
    return replace(onto, nodes=(*nodes, lead), edges=tuple(edges), start="n0")


def a_ticket(desk: TreeDesk, priority: Priority, at: datetime) -> UUID:
    found = new_id()
    with desk.database.write(SYSTEM) as work:
        work.session.add(
            Ticket(
                id=found, number=TicketNumbers(work.session).next(), subject="Down", status="open", channel="desk",
                priority=int(priority), level=1, reply_token=str(found), opened_at=at, updated_at=at,
                team_id=desk.id("Service Desk"), application_id=desk.id("Shop"),
            )
        )  # fmt: skip
    return found


def what_happens(desk: TreeDesk, clock: SettableClock, ticket: UUID, node: str, actor: Actor) -> list[Told]:
    """Everything that was tried until nothing is due any more, each sweep at the very instant that is."""
    escalate(desk.database, actor, ticket, node, Packet("It stands still."))
    for _ in range(MOST_SWEEPS):
        with desk.database.read() as session:
            due = session.scalar(select(Handoff.next_at).where(Handoff.next_at.is_not(None)).order_by(Handoff.next_at))
        if due is None:
            break
        clock.at = max(clock.at, due)
        with desk.database.write(SYSTEM) as work:
            sweep(work)
    else:
        pytest.fail("the sweep never ends")
    with desk.database.read() as session:
        of_ticket = select(ContactAttempt).where(ContactAttempt.ticket_id == ticket)
        attempts = session.scalars(of_ticket.order_by(ContactAttempt.at, ContactAttempt.id)).all()
        live = session.scalars(select(Handoff).where(Handoff.ticket_id == ticket).order_by(Handoff.ordinal.desc()))
        assert next(iter(live)).state == HandoffState.UNANSWERED
    return [
        (each.at, each.node_key, each.kind, each.agent_id, "nobody" if each.outcome == "nobody" else "")
        for each in attempts
    ]


def what_was_promised(desk: TreeDesk, priority: Priority, at: datetime) -> list[Told]:
    found = simulate(desk.database, desk.id("Shop"), TicketFacts(priority), at)
    reached = ("", "informed", "told_all")
    return [
        (each.at, each.node, each.kind.value, each.agent_id, "" if each.note in reached else "nobody")
        for each in found.calls
    ]


@pytest.mark.parametrize("seed", range(12))
def test_the_sweep_does_what_the_simulation_said(tree_desk: TreeDesk, clock: SettableClock, seed: int) -> None:
    chance, office = Random(seed), add_office(tree_desk)
    tree_desk.take_turns("Application Support", "Ada", "Dba")
    tree_desk.take_turns("Shop Development", "Dev", week=[[], [], [], [], [[0, 18 * 3600]], [], []])
    actor = tree_desk.actor(Role.SUPERVISOR)
    for priority in (Priority.P1, Priority.P3):
        saved = store.of_application(tree_desk.database, tree_desk.id("Shop"))[0]
        drawn = some_tree(tree_desk, chance, office)
        store.save(tree_desk.database, SYSTEM, replace(drawn, id=saved.id, version=saved.version))
        clock.at = FRIDAY
        promised = what_was_promised(tree_desk, priority, clock.at)
        ticket = a_ticket(tree_desk, priority, clock.at)
        happened = what_happens(tree_desk, clock, ticket, promised[0][1], actor)
        assert sorted(happened, key=str) == sorted(promised, key=str)  # who is told in the same instant has no order
