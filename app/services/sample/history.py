"""What the demo desk did in the days before, from `resources/sample/history.toml`: played through the desk's own
services under a clock of its own, so that its history, deadlines and outbox are as they would be."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.models.records.desk import Actor, ActorKind, Agent
from app.models.records.handoffs import PACKET_FIELDS, Packet
from app.models.records.tickets import Answer, NewNote, Priority, Status
from app.models.tables import Message, Ticket
from app.services import accounts, staff
from app.services.channels.interface import Batch, Incoming
from app.services.database import Database
from app.services.escalation import handing
from app.services.escalation.telling import tree_for
from app.services.intake.taking import Intake
from app.services.resources import resources
from app.services.sample.mailbox import compose, mail_id
from app.services.tickets import answering, editing, reading
from app.services.tickets.editing import Stale


@dataclass
class _Then:
    """A clock that stands where it is put."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True)
class _Step:
    at: datetime
    ticket: str
    told: Mapping[str, Any]


def add_history(database: Database, actor: Actor) -> None:
    """Fill a sample desk with the tickets of the last weeks."""
    told = tomllib.loads(resources().joinpath("sample", "history.toml").read_text(encoding="utf-8"))["ticket"]
    start = database.clock.now()
    steps = []
    for ticket in told:
        came = start - timedelta(hours=ticket["hours"])
        steps.append(_Step(came, ticket["id"], {"opens": ticket}))
        steps += [_Step(came + timedelta(hours=each["after"]), ticket["id"], each) for each in ticket["steps"]]
    play = _Play(database, actor, start)
    for step in sorted(steps, key=lambda each: each.at):
        play.step(step)


@dataclass
class _Play:
    """Does one step after the other, each at its time and by its person."""

    database: Database
    actor: Actor
    start: datetime
    _tickets: dict[str, UUID] = field(default_factory=dict)
    _opened: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._clock = _Then(self.start)
        self._then = Database(self.database.engine, self._clock)
        self._agents = {each.name: each for each in staff.agents(self.database)}
        self._teams = {each.name: each.id for each in staff.teams(self.database)}
        self._account = accounts.listed(self.database)[0]
        self._intake = Intake(self._then, self.actor)
        self._origin = accounts.origin_of(self.database, self._account)

    def step(self, step: _Step) -> None:
        self._clock.at = step.at
        match step.told:
            case {"opens": opened}:
                self._opened[step.ticket] = opened
                self._tickets[step.ticket] = self._take(step.ticket, opened)
            case {"customer": words}:
                first = self._opened[step.ticket]
                reply = {**first, "id": f"{step.ticket}-{step.at:%d%H%M}", "answers": step.ticket, "text": words}
                self._take(reply["id"], {**reply, "subject": f"Re: {first['subject']}"})
            case {"by": name}:
                agent = self._agents[name]
                self._do(_seated(agent), self._tickets[step.ticket], step.told)

    def _take(self, name: str, told: Mapping[str, Any]) -> UUID:
        """Take a mail in as if it had just come; returns its ticket."""
        raw = compose({**told, "minutes": 1}, self._clock.at)
        self._intake.take(self._origin, Batch([Incoming(f"history-{name}", raw, len(raw))], ""))
        with self.database.read() as session:
            ticket_id = session.scalar(select(Message.ticket_id).where(Message.mail_id == mail_id(name)))
        assert ticket_id is not None
        editing.mark_read(self._then, self.actor, ticket_id)
        return ticket_id

    def _do(self, who: Actor, ticket_id: UUID, told: Mapping[str, Any]) -> None:
        seen, database = Stale(ticket_id), self._then
        match told:
            case {"answer": words}:
                ticket = reading.show(database, ticket_id)
                then = Status(told["then"]) if "then" in told else None
                subject = f"Re: {ticket.row.subject}"
                answering.answer(
                    database, who, ticket_id, Answer(ticket.reply_to, (), subject, words, then_status=then)
                )
            case {"note": words}:
                answering.note(database, who, ticket_id, NewNote(words))
            case {"status": status}:
                editing.set_status(database, who, seen, Status(status))
            case {"priority": priority}:
                editing.set_priority(database, who, seen, Priority(priority))
            case {"team": name}:
                editing.set_team(database, who, seen, self._teams[name])
            case {"put_off": hours}:
                editing.schedule(database, who, seen, self._clock.at + timedelta(hours=hours))
            case {"escalate": node}:
                self._escalate(who, ticket_id, node, told)
            case {"assign": name}:
                editing.assign(database, who, seen, self._agents[name].id)

    def _escalate(self, who: Actor, ticket_id: UUID, node: str, told: Mapping[str, Any]) -> None:
        with self.database.read() as session:
            tree = tree_for(session, session.get_one(Ticket, ticket_id))
        step = tree.node(node) if tree is not None else None
        if step is not None:
            packet = Packet(**{name: told[name] for name in PACKET_FIELDS})
            handing.escalate(self._then, who, ticket_id, node, packet, step.prerequisites)


def _seated(agent: Agent) -> Actor:
    return Actor(ActorKind.AGENT, agent.name, agent.id, agent.role, "sample", frozenset(agent.teams))
