"""A mailbox in the cloud, through the whole desk: nothing twice, nothing lost, whatever breaks in between."""

import time
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default

import pytest

from app.models.records.desk import Role
from app.models.records.intake import IntakeReport, Outcome
from app.models.records.tickets import Answer, Delivery
from app.services import accounts, staff
from app.services.channels.graph.connector import GraphConnector
from app.services.channels.graph.reading import TRIES
from app.services.channels.interface import Credentials
from app.services.database import Database
from app.services.intake import quarantine
from app.services.tickets import answering, reading
from app.services.work.rounds import ChannelRounds
from tests.fixtures.databases import SYSTEM, SettableClock
from tests.fixtures.rounds import eml
from tests.peers.graph import GraphServer
from tests.peers.graph.prism import Prism
from tests.peers.graph.running import ANNA, CLIENT, DESK, SHARED, FixedTokens, running


@pytest.fixture
def server(witness: Prism | None) -> Iterator[GraphServer]:
    with running(witness=witness) as running_one:
        yield running_one


@pytest.fixture
def rounds(database: Database, server: GraphServer) -> Iterator[ChannelRounds]:
    config = {"address": SHARED, "user": DESK, "client_id": CLIENT, "graph_address": server.url, "timeout": 5}
    config |= {"handled": "move", "handled_folder": "Done"}
    accounts.add(database, SYSTEM, accounts.new_account("support", "graph", SHARED, config))
    staff.add_agent(database, SYSTEM, "Lena Vogt", "lena@desk.example", Role.AGENT)
    tokens = FixedTokens()
    working = ChannelRounds(database, SYSTEM, "desk-1", lambda *_who: Credentials(lambda _name: None, tokens), 10**7)
    yield working
    working.close()


def one_round(rounds: ChannelRounds) -> IntakeReport:
    report = rounds.run(accounts.named(rounds.database, "support"))
    assert report is not None
    return report


def outcomes(rounds: ChannelRounds) -> dict[Outcome, int]:
    report = one_round(rounds)
    assert report.problem is None, (report.problem, report.problem_facts)
    return {outcome: count for outcome, count in report.outcomes.items() if count}


def answer(rounds: ChannelRounds, text: str = "Try again.") -> None:
    ticket = reading.show(rounds.database, reading.id_of(rounds.database, 1))
    lena = staff.sign_in(rounds.database, "lena@desk.example")
    answering.answer(rounds.database, lena, ticket.row.id, Answer(ticket.reply_to, (), "Re: VPN is slow", text))


def delivery(rounds: ChannelRounds) -> Delivery | None:
    return reading.show(rounds.database, reading.id_of(rounds.database, 1)).messages[1].delivery


def test_mail_in_answer_out_reply_joins(rounds: ChannelRounds, server: GraphServer) -> None:
    server.store.deliver(SHARED, eml("VPN is slow", mail_id="first@acme.example", sender=ANNA))
    assert outcomes(rounds) == {Outcome.NEW: 1}
    answer(rounds)
    outcomes(rounds)
    (arrived,) = (message_from_bytes(each.mime, policy=default) for each in server.store.messages(ANNA))
    assert (arrived["In-Reply-To"], arrived["From"].addresses[0].addr_spec) == ("<first@acme.example>", SHARED)
    reply_to = str(arrived["Message-ID"]).strip("<>")
    server.store.deliver(SHARED, eml("AW: VPN", "Still.", mail_id="second@acme.example", sender=ANNA, answers=reply_to))
    assert outcomes(rounds) == {Outcome.REPLY: 1}
    assert list(server.store.messages(SHARED)) == []
    assert len(list(server.store.messages(SHARED, "sentitems"))) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_answer_cut_off_while_it_is_handed_over_goes_once(
    rounds: ChannelRounds, server: GraphServer, clock: SettableClock, when: str
) -> None:
    server.store.deliver(SHARED, eml("VPN is slow", mail_id="first@acme.example", sender=ANNA))
    outcomes(rounds)
    answer(rounds)
    server.faults.drop["sendMail"] = when  # type: ignore[assignment]
    assert one_round(rounds).problem == "graph.connection_lost"
    assert delivery(rounds) is Delivery.SENDING
    clock.forward(minutes=10)
    outcomes(rounds)
    assert delivery(rounds) is Delivery.SENT
    assert len(list(server.store.messages(ANNA))) == len(server.store.submitted) == 1


def test_when_the_mark_expired_the_desk_knows_what_it_had(rounds: ChannelRounds, server: GraphServer) -> None:
    mails = [eml(f"Mail {number}", mail_id=f"m{number}@acme.example", sender=ANNA) for number in range(120)]
    for each in mails[:110]:
        server.store.deliver(SHARED, each)
    assert outcomes(rounds)[Outcome.NEW] >= 1
    taken = {each.message_id for each in server.store.mailbox(SHARED).items.values()}
    for item in list(server.store.mailbox(SHARED).items.values()):
        server.store.move(server.store.mailbox(SHARED), item, "inbox")
    for each in mails[110:]:
        server.store.deliver(SHARED, each)
    server.faults.marks_expired = True
    again = outcomes(rounds)
    assert again[Outcome.DUPLICATE] == len(taken) == 110
    assert sum(again.values()) == 120


def test_what_breaks_in_the_middle_of_reading_is_read_on_later(rounds: ChannelRounds, server: GraphServer) -> None:
    for number in range(7):
        server.store.deliver(SHARED, eml(f"Mail {number}", mail_id=f"m{number}@acme.example", sender=ANNA))
    for fault in ("delta", "$value", "$batch"):
        server.faults.drop[fault] = "mid-answer"
        assert one_round(rounds).problem == "graph.connection_lost"
    assert len(list(server.store.messages(SHARED))) in {0, 7 - 4, 7}
    outcomes(rounds)
    outcomes(rounds)
    found = [reading.show(rounds.database, reading.id_of(rounds.database, number)) for number in range(1, 8)]
    assert [each.row.subject for each in found] == [f"Mail {number}" for number in range(7)]
    assert list(server.store.messages(SHARED)) == []


def test_a_mail_that_is_never_handed_over_holds_no_other_up_and_becomes_a_ticket_when_it_is(
    rounds: ChannelRounds, server: GraphServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = server.store.deliver(SHARED, eml("VPN is slow", mail_id="first@acme.example", sender=ANNA))
    server.store.deliver(SHARED, eml("Printer", mail_id="second@acme.example", sender=ANNA))
    server.faults.broken = {bad: (500, "ErrorInternalServerError")}
    assert [one_round(rounds).problem for _ in range(TRIES - 1)] == ["graph.refused"] * (TRIES - 1)
    assert outcomes(rounds) == {Outcome.QUARANTINED: 1, Outcome.NEW: 1}
    (told,) = quarantine.listed(rounds.database)
    assert (told.external_id, told.problem) == (bad, "withheld")
    assert [each.id for each in server.store.messages(SHARED)] == [bad]
    server.faults.broken.clear()
    rounds.close()
    tomorrow = time.time() + 24 * 3600
    monkeypatch.setattr(GraphConnector.__init__, "__defaults__", (time.sleep, lambda: tomorrow))
    assert outcomes(rounds) == {Outcome.NEW: 1}
    assert outcomes(rounds) == {}
    assert quarantine.listed(rounds.database) == []
    assert list(server.store.messages(SHARED)) == []
