"""A desk with three levels and a vendor, for the tests of escalation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from app.models.identifiers import new_id
from app.models.records.desk import Actor, ActorKind, Agent, Level, Role, Team
from app.models.records.handoffs import AttemptView, HandoffView, Packet
from app.models.records.tickets import Priority, TicketView, Undo
from app.models.records.trees import ContactWay, Edge, EdgeConditions, EdgeKind, Node, Tree, WayKind
from app.models.tables import Application, Team as TeamRow, Ticket, Vendor
from app.services import staff
from app.services.escalation import attempts, handing, telling
from app.services.sla.sweeping import Sweep
from app.services.trees import store
from tests.fixtures.databases import SYSTEM, add_team
from tests.fixtures.rounds import MailDesk, eml

QUARTER = timedelta(minutes=15)
PACKET = Packet("Payments fail since 9.", "Restarted the client.", "The queue is full.", "Acme", "Queue length")
CHECKED = "Log attached"


@dataclass
class Ladder:
    """Service Desk, Application Support (Ann, Bob; Mia leads it), Development (Cid), and the vendor."""

    desk: MailDesk
    teams: dict[str, Team] = field(default_factory=dict)
    people: dict[str, Agent] = field(default_factory=dict)
    vendor_id: UUID = field(default_factory=new_id)
    application_id: UUID = field(default_factory=new_id)

    def actor(self, name: str) -> Actor:
        person = self.people[name]
        return Actor(ActorKind.AGENT, person.name, person.id, person.role, "desk-1", frozenset(person.teams))

    @property
    def ticket(self) -> TicketView:
        return self.desk.ticket(1)

    def ask(self, priority: Priority = Priority.P3) -> UUID:
        self.desk.receive(eml(mail_id="a@acme.example"))
        ticket_id = self.ticket.row.id
        with self.desk.database.write(SYSTEM) as work:
            values: Mapping[str, Any] = {"application_id": self.application_id, "priority": int(priority)}
            work.session.execute(update(Ticket).where(Ticket.id == ticket_id).values(**values))
        return ticket_id

    def hand(self, to: str = "l2", by: Actor | None = None, **told: Any) -> Undo:
        told = {"ticked": (CHECKED,)} | told
        actor = by or self.desk.agent
        return handing.escalate(self.desk.database, actor, self.ticket.row.id, to, told.pop("packet", PACKET), **told)

    @property
    def steps(self) -> tuple[HandoffView, ...]:
        return telling.handoffs(self.desk.database, self.ticket.row.id)

    @property
    def step(self) -> HandoffView:
        return self.steps[-1]

    def asked(self, place: int = -1) -> list[tuple[str, str]]:
        """Who was asked in a step, and what became of it."""
        return [(each.who, each.outcome.value) for each in self.steps[place].attempts]

    @property
    def attempts(self) -> tuple[AttemptView, ...]:
        return self.step.attempts

    def sweep(self, **later: float) -> int:
        self.desk.clock.forward(**later)
        return Sweep(self.desk.database, SYSTEM, "desk-1", (attempts.sweep,)).run()


def ladder(desk: MailDesk) -> Ladder:
    made = Ladder(desk)
    for name, level in (("Service Desk", 1), ("Application Support", 2), ("Development", 3)):
        made.teams[name] = add_team(desk.database, name, Level(level))
    for name, team in (("Ann", 2), ("Bob", 2), ("Mia", 2), ("Cid", 3)):
        role = Role.SUPERVISOR if name == "Mia" else Role.AGENT
        where = made.teams["Application Support" if team == 2 else "Development"]
        made.people[name] = staff.add_agent(
            desk.database, SYSTEM, name, f"{name.lower()}@desk.example", role, [where.id]
        )
    with desk.database.write(SYSTEM) as work:
        mail = "help@vendor.example"
        work.session.execute(insert(Vendor).values(id=made.vendor_id, name="Ledgerline", contract="C-7", mail=mail,
                                                   phone="", portal=""))  # fmt: skip
        first = work.session.scalar(select(TeamRow.id).where(TeamRow.name == "Service Desk"))
        work.session.execute(
            insert(Application).values(
                id=made.application_id, name="Payments", audience="customer", support_model="tiered", team_id=first
            )
        )
    store.save(desk.database, SYSTEM, tree(made))
    return made


def tree(made: Ladder) -> Tree:
    def person(name: str) -> ContactWay:
        return ContactWay(WayKind.PERSON, made.people[name].id, QUARTER)

    second = Node(
        "l2", "Application Support", Level.L2, made.teams["Application Support"].id,
        contacts=(person("Ann"), person("Bob")), repeat=1,
        accept_within={None: timedelta(hours=2)}, resolve_within={None: timedelta(hours=8)},
        prerequisites=(CHECKED,),
    )  # fmt: skip
    third = Node("l3", "Development", Level.L3, made.teams["Development"].id, contacts=(person("Cid"),), repeat=1)
    vendor = Node(
        "vendor", "Ledgerline", Level.VENDOR, vendor_id=made.vendor_id, contacts=(ContactWay(WayKind.VENDOR),), repeat=1
    )
    boss = Node("boss", "Mia", Level.L2, contacts=(person("Mia"),))
    urgent = EdgeConditions(priorities=(Priority.P1,))
    return Tree(
        new_id(),
        "Payments",
        (Node("l1", "Service Desk", Level.L1, made.teams["Service Desk"].id), second, third, vendor, boss),
        (
            Edge("l1", "l2"),
            Edge("l2", "l3"),
            Edge("l3", "vendor"),
            Edge("l2", "boss", EdgeKind.HIERARCHIC, urgent),
            Edge("l2", "boss", EdgeKind.HIERARCHIC, after=timedelta(hours=4)),
        ),
        "l1",
        made.application_id,
        0,
    )
