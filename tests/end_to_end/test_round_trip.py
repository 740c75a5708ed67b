"""A real mail becomes a ticket, the answer arrives in the customer's mailbox, and the reply to it joins the ticket."""

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from app.models.records.desk import Role
from app.models.records.tickets import Answer, Delivery
from app.services import accounts, staff
from app.services.channels.interface import Credentials
from app.services.database import Database
from app.services.tickets import answering, reading
from app.services.work.rounds import ChannelRounds
from tests.fixtures.databases import SYSTEM, SettableClock
from tests.fixtures.rounds import eml
from tests.peers.mail_server import MailServer

DESK, CUSTOMER = "support@desk.example", "anna@acme.example"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    with MailServer(tmp_path) as running:
        yield running


@pytest.fixture
def rounds(database: Database, server: MailServer) -> Iterator[ChannelRounds]:
    accounts.add(database, SYSTEM, accounts.new_account("support", "imap", DESK, server.settings(DESK)))
    staff.add_agent(database, SYSTEM, "Lena Vogt", "lena@desk.example", Role.AGENT)
    working = ChannelRounds(
        database, SYSTEM, "desk-1", lambda _name, _identity: Credentials({"password": server.password}.get), 10**7
    )
    yield working
    working.close()


def one_round(rounds: ChannelRounds) -> None:
    report = rounds.run(accounts.named(rounds.database, "support"))
    assert report is not None
    assert report.problem is None, report.problem_facts


def test_mail_in_answer_out_reply_joins(rounds: ChannelRounds, server: MailServer) -> None:
    database = rounds.database
    server.deliver(eml("VPN is slow", "It is slow since Monday.", mail_id="first@acme.example"), DESK)
    one_round(rounds)
    ticket = reading.show(database, reading.id_of(database, 1))
    lena = staff.sign_in(database, "lena@desk.example")
    answering.answer(database, lena, ticket.row.id, Answer(ticket.reply_to, (), "Re: VPN is slow", "Try again."))
    one_round(rounds)

    (arrived,) = (message_from_bytes(each, policy=default) for each in server.messages(CUSTOMER))
    assert arrived["In-Reply-To"] == "<first@acme.example>"
    assert arrived["Subject"] == "Re: VPN is slow [#1]"
    assert arrived.get_content().strip() == "Try again."

    reply_to = str(arrived["Message-ID"]).strip("<>")
    server.deliver(eml("AW: VPN is slow [#1]", "Still slow.", mail_id="second@acme.example", answers=reply_to), DESK)
    one_round(rounds)
    one_round(rounds)
    after = reading.show(database, ticket.row.id)
    assert [each.text.strip() for each in after.messages] == ["It is slow since Monday.", "Try again.", "Still slow."]
    assert after.messages[1].delivery is Delivery.SENT
    assert len(server.messages(CUSTOMER)) == 1


def test_the_mailbox_is_read_on_after_the_server_was_away(rounds: ChannelRounds, server: MailServer) -> None:
    server.deliver(eml("One", mail_id="one@acme.example"), DESK)
    one_round(rounds)
    server.stop_imap()
    failed = rounds.run(accounts.named(rounds.database, "support"))
    assert failed is not None
    assert failed.problem in ("imap.unreachable", "imap.lost")
    (health,) = accounts.health(rounds.database)
    assert health.problem == failed.problem
    server.deliver(eml("Two", mail_id="two@acme.example"), DESK)
    server.start_imap()
    one_round(rounds)
    assert accounts.health(rounds.database)[0].problem is None
    subjects = [reading.show(rounds.database, reading.id_of(rounds.database, number)).row.subject for number in (1, 2)]
    assert subjects == ["One", "Two"]


def test_a_mail_that_went_before_the_desk_died_is_found_in_the_mailbox(
    rounds: ChannelRounds, server: MailServer, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.services.outbox.sending import Sender

    database = rounds.database
    server.deliver(eml(mail_id="first@acme.example"), DESK)
    one_round(rounds)
    ticket = reading.show(database, reading.id_of(database, 1))
    lena = staff.sign_in(database, "lena@desk.example")
    answering.answer(database, lena, ticket.row.id, Answer(ticket.reply_to, (), "Re: VPN", "Try again."))

    class Died(BaseException):
        pass

    def die(*_: object) -> None:
        raise Died

    with monkeypatch.context() as dying:
        dying.setattr(Sender, "_sent", die)
        with pytest.raises(Died):
            rounds.run(accounts.named(database, "support"))
    clock.forward(minutes=5)
    one_round(rounds)
    assert len(server.messages(CUSTOMER)) == 1
    assert reading.show(database, ticket.row.id).messages[1].delivery is Delivery.SENT
