"""A month of tickets, and every clock derived once more from the log.

`FIRSTLINE_MONTH_TICKETS` says how many; 10,000 take about a quarter of an hour.
"""

import os
import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.calendars import Calendar
from app.models.records.clocks import ClockKind, ClockState, ClockView, Target
from app.models.records.desk import Actor, ActorKind, Level, Role
from app.models.records.handoffs import Packet
from app.models.records.mail import Address
from app.models.records.tickets import Answer, Priority, Status
from app.models.records.trees import ContactWay, Edge, Node, Tree, WayKind
from app.models.rules.opening_hours import read_day
from app.models.rules.targets import REPLY_WITHIN
from app.models.tables import Application, Audit, Handoff, Message, Ticket
from app.services import staff
from app.services.database import Database
from app.services.escalation import attempts, handing, replying, telling as escalating
from app.services.escalation.beginning import begin
from app.services.sla import arranging, telling
from app.services.sla.sweeping import Sweep
from app.services.tickets import answering, editing
from app.services.tickets.editing import Stale
from app.services.trees import store
from tests.fixtures.databases import SYSTEM, add_team
from tests.fixtures.rounds import MailDesk, eml
from tests.simulation.log import Derived, Happened, Hours, derive, derive_levels

TICKETS = int(os.environ.get("FIRSTLINE_MONTH_TICKETS", "150"))
START = datetime(2026, 3, 9, tzinfo=UTC)  # the clocks of Berlin go forward on the 29th
MONTH = timedelta(days=30)
CLOSED = frozenset({date(2026, 3, 19), date(2026, 4, 3)})
OFFICE = Hours("Europe/Berlin", ((time(9), time(12)), (time(13), time(17, 30))), CLOSED)
RESOLUTION = {
    Priority.P1: timedelta(hours=4),
    Priority.P2: timedelta(hours=9),
    Priority.P3: timedelta(hours=30),
    Priority.P4: timedelta(hours=60),
}
pytestmark = pytest.mark.timeout(120 + TICKETS)
DEEDS = ("answer", "answer_and_wait", "ask", "open", "vendor", "customer", "solved", "priority", "assign", "free")
CLIMBING = ("hand", "hand", "accept", "accept", "decline", "give_back")
_STEPS = ("ticket.escalated", "handoff.began", "handoff.went_on", "handoff.returned")
_GIVEN = ("ticket.changed", "handoff.returned", "handoff.stood")
HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True)
class Promised:
    """What a step of the tree promises, the same for all priorities."""

    accept: timedelta
    resolve: timedelta
    hours: Hours


PROMISED = {
    "l1": Promised(timedelta(hours=2), timedelta(hours=6), Hours()),
    "l2": Promised(timedelta(hours=3), timedelta(hours=9), OFFICE),
    "l3": Promised(timedelta(hours=5), timedelta(hours=40), Hours()),
}


@dataclass
class Way:
    """The tree that every second ticket climbs, and its people."""

    application_id: UUID
    actors: list[Actor]


def test_every_clock_is_as_the_log_says(mail_desk: MailDesk) -> None:
    count = TICKETS if not mail_desk.database.is_shared else max(TICKETS // 10, 1)
    seed = int(os.environ.get("FIRSTLINE_MONTH_SEED", "1"))
    way = _arrange(mail_desk)
    _play(mail_desk, way, random.Random(seed), count)
    mail_desk.clock.at = START + MONTH + timedelta(days=20)
    _sweep(mail_desk)
    compared = _compare(mail_desk.database, mail_desk.clock.now())
    assert compared >= 2 * count
    with mail_desk.database.read() as session:
        steps = len(session.scalars(select(Handoff.id)).all())
    assert steps >= count // 4


def _arrange(desk: MailDesk) -> Way:
    desk.clock.at = START
    day = read_day("09:00-12:00, 13:00-17:30")
    week = (day, day, day, day, day, (), ())
    special = dict.fromkeys(CLOSED, ())
    calendar = Calendar(new_id(), "Office", "Europe/Berlin", week, special=special)
    arranging.save_calendar(desk.database, SYSTEM, calendar)
    wanted = [
        Target(new_id(), ClockKind.RESOLUTION, each, within, calendar_id=calendar.id)
        for each, within in RESOLUTION.items()
    ]
    arranging.replace_targets(desk.database, SYSTEM, wanted)
    return _plant(desk, calendar)


def _plant(desk: MailDesk, office: Calendar) -> Way:
    teams = [add_team(desk.database, *each) for each in (("Support", Level.L2), ("Development", Level.L3))]
    people = [
        staff.add_agent(desk.database, SYSTEM, name, f"{name.lower()}@desk.example", Role.AGENT, [teams[place].id])
        for name, place in (("Ann", 0), ("Bob", 0), ("Cid", 1))
    ]
    application_id = new_id()
    with desk.database.write(SYSTEM) as work:
        row = {"id": application_id, "name": "Payments", "audience": "customer", "support_model": "tiered"}
        work.session.execute(insert(Application).values(team_id=desk.account.team_id, **row))

    def node(key: str, level: Level, team_id: UUID, *asked: UUID) -> Node:
        promised = PROMISED[key]
        return Node(
            key, key, level, team_id, contacts=tuple(ContactWay(WayKind.PERSON, each, HALF_HOUR) for each in asked),
            calendar_id=office.id if promised.hours is OFFICE else None, repeat=1,
            accept_within={None: promised.accept}, resolve_within={None: promised.resolve},
        )  # fmt: skip

    assert desk.account.team_id is not None
    assert desk.agent.id is not None
    nodes = (
        node("l1", Level.L1, desk.account.team_id, desk.agent.id),
        node("l2", Level.L2, teams[0].id, people[0].id, people[1].id),
        node("l3", Level.L3, teams[1].id, people[2].id),
    )
    edges = (Edge("l1", "l2"), Edge("l2", "l3"))
    store.save(desk.database, SYSTEM, Tree(new_id(), "Payments", nodes, edges, "l1", application_id, 0))
    actors = [Actor(ActorKind.AGENT, each.name, each.id, each.role, "desk", frozenset(each.teams)) for each in people]
    return Way(application_id, [desk.agent, *actors])


def _play(desk: MailDesk, way: Way, chance: random.Random, count: int) -> None:
    """Everything in the order of its time, with a sweep every simulated six hours."""
    deeds = [(START + timedelta(hours=6 * each), -1, "sweep") for each in range(int(MONTH / timedelta(hours=6)))]
    for number in range(1, count + 1):
        at = START + MONTH * chance.random() * 0.8
        deeds.append((at, number, "opens"))
        for _ in range(chance.randint(1, 8)):
            at += timedelta(seconds=chance.expovariate(1 / (14 * 3600)) + 1)
            deeds.append((at, number, chance.choice((*DEEDS, *CLIMBING) if number % 2 else DEEDS)))
    tickets: dict[int, UUID] = {}
    for at, number, deed in sorted(deeds):
        desk.clock.at = at
        if deed == "sweep":
            _sweep(desk)
        elif deed == "opens":
            desk.receive(eml(f"Case {number}", mail_id=f"{number}@acme.example"))
            with desk.database.read() as session:
                query = select(Message.ticket_id).where(Message.mail_id == f"{number}@acme.example")
                tickets[number] = session.scalars(query).one()
            if number % 2:
                editing.set_application(desk.database, SYSTEM, Stale(tickets[number]), way.application_id)
        elif deed in CLIMBING:
            _climb(desk.database, way, tickets[number], deed, chance)
        else:
            _do(desk, tickets[number], number, deed, chance)


def _do(desk: MailDesk, ticket_id: UUID, number: int, deed: str, chance: random.Random) -> None:
    database, seen = desk.database, Stale(ticket_id)
    to_status = {
        "open": Status.OPEN,
        "vendor": Status.WAITING_VENDOR,
        "customer": Status.WAITING_CUSTOMER,
        "solved": Status.SOLVED,
    }
    if deed in ("answer", "answer_and_wait"):
        then = Status.WAITING_CUSTOMER if deed == "answer_and_wait" else Status.OPEN
        written = Answer((Address("anna@acme.example"),), (), f"Re: Case {number}", "Try again.", then_status=then)
        answering.answer(database, SYSTEM, ticket_id, written)
    elif deed == "ask":
        mail_id = f"{number}-{desk.clock.now().timestamp()}@acme.example"
        desk.receive(eml(f"Re: Case {number}", mail_id=mail_id, answers=f"{number}@acme.example"))
    elif deed == "priority":
        editing.set_priority(database, SYSTEM, seen, chance.choice(list(Priority)))
    elif deed in ("assign", "free"):
        editing.assign(database, SYSTEM, seen, desk.agent.id if deed == "assign" else None)
    else:
        editing.set_status(database, SYSTEM, seen, to_status[deed])


def _climb(database: Database, way: Way, ticket_id: UUID, deed: str, chance: random.Random) -> None:
    """What somebody does about the way of a ticket, where that can be done just now."""
    live = [each for each in escalating.handoffs(database, ticket_id) if each.state.is_live]
    with suppress(KnownError):
        if deed == "hand":
            handing.escalate(database, SYSTEM, ticket_id, chance.choice(["l2", "l3"]), Packet("It fails."))
        for step in live:
            who = way.actors[{"l1": 0, "l2": chance.choice([1, 2]), "l3": 3}[step.node]]
            if deed == "accept":
                replying.accept(database, who, step.id)
            elif deed == "decline":
                replying.decline(database, who, step.id, "Not mine.")
            elif deed == "give_back":
                replying.give_back(database, who, step.id, "Not ours.")


def _sweep(desk: MailDesk) -> None:
    Sweep(desk.database, SYSTEM, "desk-1", (begin, attempts.sweep)).run()


def _compare(database: Database, now: datetime) -> int:
    """Each stored clock beside the derived one; how many there were."""
    with database.read() as session:
        tickets = session.scalars(select(Ticket)).all()
        logs = {each.id: _log(session, each.id, each.opened_at) for each in tickets}
    compared = 0
    for ticket in tickets:
        derived = derive(logs[ticket.id], ticket.opened_at, resolution=True)
        derived += derive_levels(logs[ticket.id])
        derived.sort(key=lambda each: (each.started_at, each.kind))
        kept = [each for each in telling.clocks(database, ticket.id) if each.stopped_at != each.started_at]
        theirs = sorted(kept, key=lambda each: (each.started_at, each.kind))
        assert [(each.kind, each.started_at) for each in theirs] == [(each.kind, each.started_at) for each in derived]
        for clock, again in zip(theirs, derived, strict=True):
            _same(clock, again, Priority(ticket.priority), now)
        compared += len(derived)
    return compared


def _same(clock: ClockView, again: Derived, priority: Priority, now: datetime) -> None:
    hours, budget = _promise(clock.kind, again.node, priority)
    target = clock.target
    if clock.stopped_at is None:
        assert target == budget
    assert clock.stopped_at == again.stopped_at
    assert clock.spent == again.spent(now, hours)
    until = again.stopped_at or now
    for share, told in ((0.75, clock.warned_at), (1.0, clock.broken_at)):
        at = again.used_up(target * share, hours)
        assert told == (at if at is not None and at <= until else None), (clock.kind, share)
    if clock.stopped_at is None and clock.state is ClockState.RUNNING:
        assert clock.due_at == again.used_up(target, hours)


def _promise(kind: ClockKind, node: str, priority: Priority) -> tuple[Hours, timedelta]:
    if kind is ClockKind.ACCEPT:
        return PROMISED[node].hours, PROMISED[node].accept
    if kind is ClockKind.RESOLVE:
        return PROMISED[node].hours, PROMISED[node].resolve
    return (OFFICE, RESOLUTION[priority]) if kind is ClockKind.RESOLUTION else (Hours(), REPLY_WITHIN[priority])


def _log(session: Session, ticket_id: UUID, opened: datetime) -> list[Happened]:
    messages = select(Message.stored_at).where(Message.ticket_id == ticket_id, Message.kind == "mail_in")
    found = [Happened(each, "asked") for each in session.scalars(messages) if each > opened]
    for entry in session.scalars(select(Audit).where(Audit.ticket_id == ticket_id).order_by(Audit.sequence)):
        if entry.action == "ticket.answered":
            found.append(Happened(entry.at, "answered"))
        if entry.action in _STEPS:
            found.append(Happened(entry.at, "step", entry.after["node"]))
        if entry.action == "handoff.stood":
            found.append(Happened(entry.at, "stood", entry.after["node"]))
        given = entry.action in _GIVEN and entry.after.get("assignee_id")
        if given or entry.action == "handoff.accepted":
            found.append(Happened(entry.at, "accepted"))
        if entry.action == "ticket.changed":
            found += [Happened(entry.at, name, entry.after[name]) for name in ("status",) if name in entry.after]
    return sorted(found, key=lambda each: each.at)
