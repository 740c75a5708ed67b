"""A mailbox that moves to the cloud keeps its tickets: no mail is read twice, threads go on, no answer goes twice."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.models.records.channels import ChannelAccount
from app.models.records.desk import Role
from app.models.records.intake import IntakeReport, Outcome
from app.models.records.tickets import Answer, Delivery
from app.models.tables import Message, Quarantine, Ticket
from app.services import accounts, staff
from app.services.accounts import moving
from app.services.channels.interface import Credentials, Identity
from app.services.database import Database
from app.services.tickets import answering, reading
from app.services.work.rounds import ChannelRounds
from tests.fixtures.databases import SYSTEM, SettableClock
from tests.fixtures.rounds import eml
from tests.peers.ews import EwsServer
from tests.peers.ews.running import DESK, PASSWORD, USER, running as exchange
from tests.peers.graph import GraphServer
from tests.peers.graph.prism import Prism
from tests.peers.graph.running import ANNA, CLIENT, FixedTokens, running as graph
from tests.peers.mail_server import MailServer

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
Deliver = Callable[[bytes], object]


@dataclass
class House:
    """A desk, its old mailbox at home, and its new one in the cloud."""

    database: Database
    clock: SettableClock
    rounds: ChannelRounds
    cloud: GraphServer
    deliver: Deliver
    submitted: Callable[[], list[bytes]]

    def round(self) -> IntakeReport:
        report = self.rounds.run(accounts.named(self.database, "support"))
        assert report is not None
        return report

    def taken(self) -> dict[Outcome, int]:
        """What became of what came in a round that went well."""
        report = self.round()
        assert report.problem is None, (report.problem, report.problem_facts)
        return {outcome: count for outcome, count in report.outcomes.items() if count}

    def migrate(self, *mails: bytes) -> None:
        """The mailbox is copied to the cloud, where the same mails come out in other bytes."""
        for number, raw in enumerate(mails):
            self.cloud.store.deliver(DESK, in_other_bytes(raw), received=START + timedelta(minutes=number))

    def move(self, **settings: Any) -> ChannelAccount:
        account = accounts.named(self.database, "support")
        config = {"client_id": CLIENT, "graph_address": self.cloud.url, "timeout": 5, **settings}
        config = moving.carried(account, "graph") | config
        return moving.move(self.database, SYSTEM, account, "graph", config)

    def ticket(self, number: int) -> Any:
        return reading.show(self.database, reading.id_of(self.database, number))

    def answer(self, number: int, text: str) -> None:
        lena = staff.sign_in(self.database, "lena@acme.example")
        ticket = self.ticket(number)
        answer = Answer(ticket.reply_to, (), f"Re: {ticket.row.subject}", text)
        answering.answer(self.database, lena, ticket.row.id, answer)

    def count(self, table: type[Any]) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


def in_other_bytes(raw: bytes) -> bytes:
    """As Exchange writes a mail anew: another order of headers, more of them, another encoding of the same text."""
    mail = message_from_bytes(raw, policy=default)
    text = mail.get_content()
    headers = [(name, value) for name, value in mail.items() if not name.lower().startswith(("content-", "mime-"))]
    again = type(mail)(policy=default.clone(linesep="\r\n"))
    for name, value in reversed([each for each in headers if each[0] != "Received"]):
        again[name] = value
    for _, value in [each for each in headers if each[0] == "Received"]:
        again["Received"] = str(value).replace("; ", ";  ")
    again["X-MS-Exchange-Organization-AuthSource"] = "mail.outlook.example"
    again.set_content(text, cte="base64")
    assert again.as_bytes() != raw
    return again.as_bytes()


def credentials(_name: str, identity: Identity | None) -> Credentials:
    return Credentials({"password": PASSWORD}.get, FixedTokens() if identity else None)


def open_house(database: Database, clock: SettableClock, cloud: GraphServer, **old: Any) -> House:
    staff.add_agent(database, SYSTEM, "Lena Vogt", "lena@acme.example", Role.AGENT)
    rounds = ChannelRounds(database, SYSTEM, "desk-1", old.pop("credentials", credentials), 10**6)
    return House(database, clock, rounds, cloud, **old)


@pytest.fixture
def house(
    database: Database, clock: SettableClock, tmp_path: Path, witness: Prism | None
) -> Iterator[tuple[House, EwsServer]]:
    with exchange(tmp_path) as (server, authority), graph(witness=witness) as cloud:
        settings = {"address": DESK, "user": USER, "server": server.url, "ca_file": str(authority), "timeout": 5}
        accounts.add(database, SYSTEM, accounts.new_account("support", "exchange", DESK, settings))

        def submitted() -> list[bytes]:
            return [mime for _, _, mime in server.store.submitted] + [mime for _, mime in cloud.store.submitted]

        at_home = open_house(
            database, clock, cloud, deliver=lambda raw: server.store.deliver(DESK, raw), submitted=submitted
        )
        yield at_home, server
        at_home.rounds.close()


def nameless(subject: str, text: str = "The disk is full.", hop: int = 1) -> bytes:
    """A machine's mail without a Message-ID, and with the stamp of the server that took it."""
    stamp = f"from probe ([192.0.2.{hop}]) by mail.acme.example with SMTP; Mon, 02 Mar 2026 08:00:0{hop} +0000"
    return eml(subject, text, sender="probe@acme.example", headers={"Received": stamp})


MAILS = [
    eml("VPN is slow", mail_id="one@acme.example"),
    eml("Printer is out of paper", mail_id="two@acme.example", sender="Bo <bo@acme.example>"),
    eml("Re: VPN is slow", "Still so.", mail_id="three@acme.example", answers="one@acme.example"),
    nameless("Disk", hop=1),
    nameless("Disk", hop=2),
]


def test_no_mail_is_read_twice_and_threads_go_on(house: tuple[House, EwsServer]) -> None:
    desk, _ = house
    for raw in MAILS:
        desk.deliver(raw)
    assert desk.taken() == {Outcome.NEW: 4, Outcome.REPLY: 1}
    desk.answer(1, "Try again.")
    desk.round()
    (answer,) = desk.submitted()
    reply_to = str(message_from_bytes(answer)["Message-ID"]).strip("<>")
    tickets, messages = desk.count(Ticket), desk.count(Message)

    desk.migrate(*MAILS)
    desk.move()
    assert desk.taken() == {Outcome.DUPLICATE: 5}
    assert (desk.count(Ticket), desk.count(Message), desk.count(Quarantine)) == (tickets, messages, 0)
    assert desk.taken() == {}

    desk.migrate(eml("Re: VPN is slow [#1]", "It works now.", mail_id="four@acme.example", answers=reply_to))
    desk.migrate(eml("Mouse", mail_id="five@acme.example"), nameless("Disk", hop=3))
    assert desk.taken() == {Outcome.REPLY: 1, Outcome.NEW: 2}
    texts = [each.text.strip() for each in desk.ticket(1).messages]
    assert texts == ["It is slow.", "Still so.", "Try again.", "It works now."]
    assert len(desk.submitted()) == 1


def test_mail_that_came_between_the_last_reading_and_the_move_is_taken_in(house: tuple[House, EwsServer]) -> None:
    desk, _ = house
    desk.deliver(MAILS[0])
    desk.taken()
    desk.migrate(*MAILS[:2])
    desk.move()
    assert desk.taken() == {Outcome.DUPLICATE: 1, Outcome.NEW: 1}


def test_mail_that_was_known_is_marked_in_the_new_mailbox_too(house: tuple[House, EwsServer]) -> None:
    desk, _ = house
    for raw in MAILS[:3]:
        desk.deliver(raw)
    desk.taken()
    desk.migrate(*MAILS[:3])
    desk.move(handled="move", handled_folder="Done")
    desk.taken()
    assert list(desk.cloud.store.messages(DESK)) == []
    mailbox = desk.cloud.store.mailbox(DESK)
    (done,) = [each for each in mailbox.folders.values() if each.name == "Done"]
    assert len(mailbox.inside(done.id)) == 3


def test_an_answer_that_waited_goes_by_the_new_way_in_the_same_thread(house: tuple[House, EwsServer]) -> None:
    desk, server = house
    desk.deliver(MAILS[0])
    desk.taken()
    desk.answer(1, "Try again.")
    desk.migrate(MAILS[0])
    desk.move()
    desk.taken()
    assert server.store.submitted == []
    ((sender, raw),) = desk.cloud.store.submitted
    assert sender == DESK
    assert message_from_bytes(raw)["In-Reply-To"] == "<one@acme.example>"
    assert desk.ticket(1).messages[1].delivery is Delivery.SENT
    assert len(list(desk.cloud.store.messages(ANNA))) == 1


def test_an_answer_of_which_nobody_knew_whether_it_went_is_looked_up_in_the_cloud(
    house: tuple[House, EwsServer],
) -> None:
    desk, server = house
    desk.deliver(MAILS[0])
    desk.taken()
    desk.answer(1, "Try again.")
    server.faults.drop["CreateItem"] = "after"
    assert desk.round().problem == "exchange.connection_lost"
    ((_, _, went),) = server.store.submitted
    desk.cloud.store.deliver(DESK, went, "sentitems")
    desk.migrate(MAILS[0])
    desk.move()
    desk.clock.forward(minutes=10)
    desk.taken()
    assert desk.cloud.store.submitted == []
    assert desk.ticket(1).messages[1].delivery is Delivery.SENT


def test_a_mailbox_that_moves_back_is_read_without_doubles_too(house: tuple[House, EwsServer]) -> None:
    desk, _ = house
    before = accounts.named(desk.database, "support")
    for raw in MAILS:
        desk.deliver(raw)
    desk.taken()
    desk.migrate(*MAILS)
    moved = desk.move()
    desk.taken()
    moving.move(desk.database, SYSTEM, moved, "exchange", before.config)
    assert desk.taken() == {Outcome.DUPLICATE: 5}
    assert desk.count(Ticket) == 4


def test_a_desk_that_has_not_heard_of_the_move_does_no_harm(house: tuple[House, EwsServer]) -> None:
    desk, server = house
    desk.deliver(MAILS[0])
    desk.taken()
    stale = accounts.named(desk.database, "support")
    desk.migrate(*MAILS)
    desk.move()
    desk.taken()
    calls = len(server.calls)
    report = desk.rounds.run(stale)
    assert report is not None
    assert (report.fetched, report.problem, len(server.calls)) == (0, None, calls)
    assert desk.taken() == {}


def test_a_cloud_that_does_not_answer_yet_loses_nothing(house: tuple[House, EwsServer]) -> None:
    desk, _ = house
    desk.deliver(MAILS[0])
    desk.taken()
    desk.migrate(*MAILS[:2])
    desk.move()
    desk.cloud.store.tokens.clear()
    assert desk.round().problem == "graph.sign_in_refused"
    desk.cloud.store.tokens["token-1"] = DESK
    assert desk.taken() == {Outcome.DUPLICATE: 1, Outcome.NEW: 1}


def test_from_imap_to_the_cloud_nothing_is_read_twice_and_answers_go_on(
    database: Database, clock: SettableClock, tmp_path: Path, witness: Prism | None
) -> None:
    with ExitStack() as open_ones:
        server = open_ones.enter_context(MailServer(tmp_path, (DESK, ANNA)))
        cloud = open_ones.enter_context(graph(witness=witness))
        settings = server.settings(DESK) | {"handled": "seen"}
        accounts.add(database, SYSTEM, accounts.new_account("support", "imap", DESK, settings))

        def signed_in(_name: str, identity: Identity | None) -> Credentials:
            return Credentials({"password": server.password}.get, FixedTokens() if identity else None)

        desk = open_house(
            database,
            clock,
            cloud,
            credentials=signed_in,
            deliver=lambda raw: server.deliver(raw, DESK),
            submitted=list,
        )
        open_ones.callback(desk.rounds.close)
        for raw in MAILS:
            desk.deliver(raw)
        taken = desk.taken()
        assert sum(taken.values()) == 5
        at_home = [*server.messages(DESK)]
        tickets = desk.count(Ticket)
        desk.migrate(*at_home)
        moved = desk.move()
        assert (moved.config["folder"], moved.config["handled"]) == ("INBOX", "read")
        assert desk.taken() == {Outcome.DUPLICATE: 5}
        assert desk.count(Ticket) == tickets
        assert all(each.is_read for each in cloud.store.messages(DESK))
        desk.answer(1, "Try again.")
        desk.taken()
        assert len(cloud.store.submitted) == 1


def test_what_waited_behind_an_old_way_that_is_closed_goes_by_the_new_one(house: tuple[House, EwsServer]) -> None:
    """What makes people move: EWS is off, and the mails wait until they did."""
    desk, server = house
    desk.deliver(MAILS[0])
    desk.taken()
    desk.answer(1, "Try again.")
    server.faults.statuses = [403] * 20
    assert desk.round().problem == "exchange.ews_off"
    server.faults.statuses = []
    desk.migrate(MAILS[0])
    desk.move()
    desk.clock.forward(minutes=10)
    assert desk.taken() == {Outcome.DUPLICATE: 1}
    assert len(desk.submitted()) == 1
