"""A vendor gets the packet by mail. What they answer is the staff's: no customer is told of it, or waits for it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.models.records.handoffs import HandoffState
from app.models.records.mail import Address
from app.models.records.notices import NoticeKind
from app.models.records.tickets import MessageKind, MessageView, Status
from app.models.tables import Outbox, Vendor
from app.services import notifying
from app.services.escalation import packet
from app.services.outbox.storing import FORWARD
from app.services.tickets import editing
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import eml
from tests.services.escalation.desk import Ladder


@pytest.fixture
def waiting(rungs: Ladder) -> Ladder:
    """Lena's ticket, handed to the vendor."""
    ticket = rungs.ask()
    editing.assign(rungs.desk.database, rungs.desk.agent, Stale(ticket), rungs.desk.agent.id)
    rungs.hand("vendor")
    rungs.desk.round()
    return rungs


def answer(desk: Ladder, sender: str = "Jane <jane@vendor.example>", text: str = "Install patch 4.2.") -> MessageView:
    """They answer to our mail."""
    desk.desk.clock.forward(minutes=5)
    with desk.desk.database.read() as session:
        ours = session.scalar(select(Outbox.mail_id).where(Outbox.kind == FORWARD))
    number = len(desk.ticket.messages)
    desk.desk.receive(eml("Re: VPN is slow", text, sender=sender, mail_id=f"v{number}@vendor.example", answers=ours))
    assert desk.desk.numbers() == [1]
    return desk.ticket.messages[-1]


def test_they_get_the_packet_with_the_contract_and_where_to_answer(waiting: Ladder) -> None:
    [sent] = [each for each in waiting.desk.channel.sent if "help@vendor.example" in each.recipients]
    text = sent.raw.decode()
    assert all(words in text for words in ("C-7", "Payments fail since 9.", "Restarted the client.", "[#1]"))


def test_a_colleague_of_theirs_answers_and_the_handoff_is_accepted(waiting: Ladder) -> None:
    assert answer(waiting).kind is MessageKind.VENDOR
    assert waiting.step.state is HandoffState.ACCEPTED
    assert waiting.ticket.row.status is Status.OPEN


def test_the_next_answer_to_the_customer_neither_goes_to_the_vendor_nor_quotes_them(waiting: Ladder) -> None:
    answer(waiting)
    assert waiting.ticket.reply_to == (Address("anna@acme.example", "Anna Björn"),)


def test_the_customer_is_kept_waiting_no_longer_and_no_shorter_by_what_they_write(waiting: Ladder) -> None:
    database, ticket = waiting.desk.database, waiting.ticket.row.id
    for status in (Status.WAITING_CUSTOMER, Status.SOLVED):
        editing.set_status(database, SYSTEM, Stale(ticket), status)
        answer(waiting, text="We close our case.")
        assert waiting.ticket.row.status is status


def test_who_has_the_ticket_hears_of_it(waiting: Ladder) -> None:
    before = waiting.desk.clock.now() + timedelta(minutes=1)
    answer(waiting)
    told = notifying.news(waiting.desk.database, waiting.desk.agent, [waiting.ticket.row.id], before)
    assert [each.kind for each in told] == [NoticeKind.ANSWERED]


def test_the_customer_who_writes_meanwhile_is_no_vendor(waiting: Ladder) -> None:
    told = answer(waiting, "Anna Björn <anna@acme.example>", "Any news?")
    assert told.kind is MessageKind.MAIL_IN
    assert waiting.step.state is HandoffState.OFFERED


def test_what_they_found_is_in_the_next_packet(waiting: Ladder) -> None:
    answer(waiting)
    found = packet.prefill(waiting.desk.database, waiting.ticket.row.id)
    assert "Install patch 4.2." in found.tried
    assert "Install patch 4.2." not in found.happening


def test_who_cannot_be_written_to_is_not_waited_for(rungs: Ladder) -> None:
    with rungs.desk.database.write(SYSTEM) as work:
        work.session.execute(update(Vendor).values(mail=""))
    ticket = rungs.ask()
    editing.assign(rungs.desk.database, rungs.desk.agent, Stale(ticket), rungs.desk.agent.id)
    rungs.hand("vendor")
    assert rungs.asked() == [("Ledgerline", "nobody")]
    assert (rungs.ticket.row.status, rungs.ticket.assignee_id) == (Status.NEW, rungs.desk.agent.id)
    rungs.sweep()
    assert (rungs.step.note, rungs.ticket.row.status) == ("told_all", Status.NEW), "its clocks run on"
