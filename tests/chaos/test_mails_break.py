"""Mails come and answers go while the server is killed and nobody hears what became of a COMMIT.

Three workers compete for one mailbox and its outbox, two agents for the tickets. Afterwards each mail is there once,
each answer went out once, and each ticket has the one who was told it is theirs. More: FIRSTLINE_CHAOS_ROUNDS=500.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.rows import tuple_row

from app.models.errors import ChannelError, Conflict, DatabaseError
from app.models.records.desk import Actor, Level, Role
from app.models.records.mail import Address
from app.models.records.tickets import Answer
from app.services import accounts, audit, staff
from app.services.channels import registry
from app.services.channels.interface import Outgoing
from app.services.database import Database, open_database, upgrade
from app.services.tickets import answering, editing
from app.services.tickets.editing import Stale
from app.services.work.rounds import ChannelRounds
from tests.chaos.wire import Wire
from tests.fixtures.channels import MemoryChannel, no_credentials
from tests.fixtures.databases import SYSTEM, SettableClock, add_team
from tests.fixtures.rounds import ADDRESS, eml
from tests.fixtures.servers import SUPERUSER, SUPERUSER_PASSWORD, PostgresServer, running_postgres

SEEDS = int(os.environ.get("FIRSTLINE_CHAOS_SEEDS", "1"))
ROUNDS = int(os.environ.get("FIRSTLINE_CHAOS_ROUNDS", "30"))
LASTING = timedelta(milliseconds=300)
"""How long a lease holds here: short enough to be lost in the middle of a round."""
_EVERY_NTH_KILLS = 10
_TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


class BrittleChannel(MemoryChannel):
    """Now and then a mail goes out, and nobody hears that it did."""

    dice: random.Random

    def send(self, message: Outgoing) -> None:
        super().send(message)
        if self.dice.random() < 0.1:
            raise ChannelError("imap.lost", passing=True, server="memory", reason="cut off")


@dataclass
class Agent:
    """What one agent was told: which answers went into the outbox, which tickets are theirs."""

    database: Database
    actor: Actor
    dice: random.Random
    answers: dict[UUID, tuple[UUID, Answer]] = field(default_factory=dict)
    acknowledged: set[UUID] = field(default_factory=set)
    mine: set[UUID] = field(default_factory=set)

    def work(self) -> None:
        with self.database.read() as session:
            tickets = [UUID(str(each)) for (each,) in session.connection().exec_driver_sql("SELECT id FROM ticket")]
        if not tickets:
            return
        ticket_id = self.dice.choice(tickets)
        if self.dice.random() < 0.5:
            editing.assign(self.database, self.actor, Stale(ticket_id, fields={"assignee_id": None}), self.actor.id)
            self.mine.add(ticket_id)
            return
        written = Answer((Address("anna@acme.example", ""),), (), "Your ticket", "It works again.")
        self.answers[written.id] = (ticket_id, written)
        self.answer_again(written.id)

    def answer_again(self, answer_id: UUID) -> None:
        answering.answer(self.database, self.actor, *self.answers[answer_id])
        self.acknowledged.add(answer_id)

    def settle(self) -> None:
        for each in self.answers.keys() - self.acknowledged:
            self.answer_again(each)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with running_postgres(log_min_messages="fatal") as started:
        yield started


class World:
    """One mailbox, three workers and two agents on one server."""

    def __init__(self, server: PostgresServer, seed: int, channel: BrittleChannel) -> None:
        self.server, self.name, self.channel = server, f"mails{seed}_{uuid4().hex[:6]}", channel
        self.dice = random.Random(seed)
        channel.dice = random.Random(seed)
        self.clock = SettableClock(datetime.now(UTC))
        self.owner = open_database(server.create(self.name), self.clock)
        upgrade(self.owner)
        team = add_team(self.owner, "Service Desk", Level.L1)
        self.account = accounts.new_account("support", "memory", ADDRESS, {}, sender_name="Desk", team_id=team.id)
        accounts.add(self.owner, SYSTEM, self.account)
        self.wire = Wire(lambda: server.port, seed)
        self.agents = [self._agent(name, team.id, seed) for name in ("ann", "bob")]
        self.workers = [self._worker(f"worker-{number}") for number in range(3)]
        self.refused: Counter[str] = Counter()
        self.kills = 0

    def _open(self) -> Database:
        url = f"postgresql://{SUPERUSER}:{SUPERUSER_PASSWORD}@127.0.0.1:{self.wire.port}/{self.name}"
        return open_database(url, self.clock)

    def _agent(self, name: str, team_id: UUID, seed: int) -> Agent:
        mail = f"{name}@desk.example"
        staff.add_agent(self.owner, SYSTEM, name, mail, Role.AGENT, [team_id])
        return Agent(self._open(), staff.sign_in(self.owner, mail), random.Random(f"{name}{seed}"))

    def _databases(self) -> list[Database]:
        return [each.database for each in self.agents] + [each.database for each in self.workers]

    def _worker(self, holder: str) -> ChannelRounds:
        return ChannelRounds(self._open(), SYSTEM, holder, no_credentials, 1_000_000, LASTING)

    def close(self) -> None:
        for each in self._databases():
            each.close()
        self.wire.close()
        self.owner.close()

    def round(self, number: int) -> None:
        """Some mails and a burst of work with a misfortune in it."""
        for _ in range(self.dice.randint(0, 4)):
            count = len(self.channel.delivered)
            sender, mail_id = f"anna{count % 5}@acme.example", f"m{count}@acme.example"
            self.channel.deliver(eml(f"Ticket {count}", sender=sender, mail_id=mail_id))
        self.wire.before, self.wire.after = self.dice.choice([(0, 0), (0.1, 0), (0, 0.1), (0.05, 0.05)])
        rested = Event()
        works: list[Callable[[], object]] = [each.work for each in self.agents]
        works += [lambda each=each: each.run(self.account) for each in self.workers]  # type: ignore[misc]
        with ThreadPoolExecutor(len(works)) as pool:
            busy = [pool.submit(self._work_until, rested, each) for each in works]
            time.sleep(self.dice.uniform(0.02, 0.15))
            try:
                self._strike(number)
                time.sleep(self.dice.uniform(0.02, 0.1))
            finally:
                rested.set()
            for each in busy:
                each.result(60)
        self.wire.before = self.wire.after = 0
        self.clock.forward(minutes=self.dice.choice([0, 3, 90]))

    def _strike(self, number: int) -> None:
        if number % _EVERY_NTH_KILLS == 0:
            self.server.kill()
            self.server.start()
            self.kills += 1
        elif self.dice.random() < 0.5:
            with self.server.connect() as connection:
                connection.execute(_TERMINATE, (self.name,))

    def _work_until(self, rested: Event, work: Callable[[], object]) -> None:
        while not rested.is_set():
            try:
                work()
            except (DatabaseError, Conflict) as error:
                self.refused[error.code] += 1

    def settle(self) -> None:
        """The world is whole again: whoever does not know tries again, and the workers carry what is left."""
        for each in self._databases():
            each.engine.dispose()
        for agent in self.agents:
            agent.settle()
        for _ in range(20):
            self.clock.forward(hours=2)
            time.sleep(LASTING.total_seconds() / 10)
            for worker in self.workers:
                worker.run(self.account)

    def check(self) -> None:
        with psycopg.connect(self.server.url(self.name), row_factory=tuple_row) as connection:
            self._check_intake(connection)
            self._check_outbox(connection)
            self._check_takes(connection)
        audit.seal(self.owner, SYSTEM, "check")
        verdict = audit.verify(self.owner)
        assert (verdict.flaws, verdict.waiting) == (0, 0), verdict

    def _check_intake(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        delivered = {each.external_id for each in self.channel.delivered}
        assert _counted(connection, "SELECT external_id FROM receipt") == Counter(delivered)
        mails = Counter(f"m{number}@acme.example" for number in range(len(delivered)))
        assert _counted(connection, "SELECT mail_id FROM message WHERE kind = 'mail_in'") == mails
        numbers = _counted(connection, "SELECT number FROM ticket")
        assert len(numbers) == sum(numbers.values()) == len(delivered)
        assert set(self.channel.settled) == delivered

    def _check_outbox(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        sent = Counter(each.message_id for each in self.channel.sent)
        assert set(sent.values()) == {1}, "a mail went out twice"
        assert sent == _counted(connection, "SELECT mail_id FROM outbox WHERE state = 'sent'")
        assert not _counted(connection, "SELECT mail_id FROM outbox WHERE state <> 'sent'")
        answers = Counter(str(each) for agent in self.agents for each in agent.answers)
        assert _counted(connection, "SELECT message_id FROM outbox WHERE kind = 'answer'") == answers
        assert _counted(connection, "SELECT subject_id FROM audit WHERE action = 'ticket.answered'") == answers

    def _check_takes(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        query = "SELECT id, assignee_id FROM ticket WHERE assignee_id IS NOT NULL"
        has = {UUID(str(ticket)): UUID(str(agent)) for ticket, agent in connection.execute(query)}
        for agent in self.agents:
            assert {has.get(each) for each in agent.mine} <= {agent.actor.id}
        query = "SELECT ticket_id FROM audit WHERE after->>'assignee_id' <> COALESCE(before->>'assignee_id', '')"
        taken = _counted(connection, query)
        assert taken == Counter(map(str, has))


def _counted(connection: "psycopg.Connection[tuple[object, ...]]", query: str) -> Counter[str]:
    return Counter(str(row[0]) for row in connection.execute(query.encode()))


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_each_mail_comes_and_goes_once_whatever_breaks(
    server: PostgresServer, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = BrittleChannel()
    find: Callable[[str], object] = registry.manifest
    fake = channel.manifest()
    for module in ("app.services.accounts", "app.services.work.rounds"):
        monkeypatch.setattr(f"{module}.manifest", lambda kind: fake if kind == "memory" else find(kind))
    world = World(server, seed, channel)
    try:
        for number in range(1, ROUNDS + 1):
            world.round(number)
        world.settle()
        world.check()
        print(f"{len(channel.delivered)} mails in, {len(channel.sent)} out, {world.kills} kills,", end=" ")
        print(f"{world.wire.strikes} COMMITs cut, refused {dict(world.refused)}")
        assert len(channel.delivered) > ROUNDS
        assert world.refused["database.lost"] > 0
        assert world.refused["ticket.overtaken"] > 0
    finally:
        world.close()
