"""An answer is sent once, looked up when nobody knows, and given up visibly."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from app.models.errors import ChannelError, Conflict, KnownError
from app.models.records.mail import Address
from app.models.records.tickets import Answer, Delivery, NewAttachment, Quotation
from app.services.database import leases
from app.services.outbox.sending import Sender, retry_dead
from app.services.tickets import answering
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml

CUT_OFF = ChannelError("imap.lost", passing=True, server="memory", reason="cut off")
REFUSED = ChannelError("smtp.recipient_refused", passing=False, about_message=True, address="x", reason="no")
BUSY = ChannelError("smtp.rejected", passing=True, about_message=True, status=451, reason="later")


@pytest.fixture
def answered(mail_desk: MailDesk) -> MailDesk:
    """A desk with one ticket, and an answer to it that is not sent yet."""
    mail_desk.receive(eml(mail_id="a@acme.example"))
    ticket = mail_desk.ticket(1)
    answering.answer(
        mail_desk.database, mail_desk.agent, ticket.row.id, Answer(ticket.reply_to, (), "Re: VPN is slow", "Done.")
    )
    return mail_desk


def delivery(desk: MailDesk) -> Delivery | None:
    return desk.ticket(1).messages[1].delivery


def test_an_answer_is_sent_once_however_many_rounds_there_are(answered: MailDesk) -> None:
    answered.round()
    answered.round()
    assert len(answered.channel.sent) == 1
    assert delivery(answered) is Delivery.SENT


def test_a_mail_that_went_before_the_line_broke_is_not_sent_again(answered: MailDesk) -> None:
    answered.channel.lose_answer = True
    assert answered.round().problem == "imap.lost"
    assert delivery(answered) is Delivery.SENDING
    answered.clock.forward(hours=2)
    answered.round()
    assert len(answered.channel.sent) == 1
    assert delivery(answered) is Delivery.SENT


def test_a_mail_that_did_not_go_is_tried_again_later_and_not_at_once(answered: MailDesk) -> None:
    answered.channel.refuse = [CUT_OFF]
    answered.round()
    answered.round()
    assert answered.channel.sent == []
    answered.clock.forward(hours=2)
    answered.round()
    assert len(answered.channel.sent) == 1


def test_a_refused_recipient_is_given_up_and_shown_and_the_channel_works(answered: MailDesk) -> None:
    answered.channel.refuse = [REFUSED]
    assert answered.round().problem is None
    message = answered.ticket(1).messages[1]
    assert (message.delivery, message.delivery_problem) == (Delivery.DEAD, "smtp.recipient_refused")
    assert message.delivery_facts == {"address": "x", "reason": "no"}
    retry_dead(answered.database, answered.agent, message.id)
    answered.round()
    assert delivery(answered) is Delivery.SENT


def test_a_server_that_is_busy_for_ever_leads_to_giving_up(answered: MailDesk) -> None:
    answered.channel.refuse = [BUSY] * 20
    for _ in range(12):
        answered.round()
        answered.clock.forward(hours=2)
    assert delivery(answered) is Delivery.DEAD
    assert answered.channel.sent == []


def test_who_lost_the_lease_can_mark_nothing_sent(answered: MailDesk) -> None:
    minute = timedelta(minutes=1)
    stale = leases.take(answered.database, SYSTEM, "channel/support", "desk-1", minute)
    assert stale is not None
    leases.release(answered.database, SYSTEM, stale)  # as if its time were up
    assert leases.take(answered.database, SYSTEM, "channel/support", "new", minute) is not None
    sender = Sender(answered.database, SYSTEM, answered.account.id, answered.channel, stale)
    with pytest.raises(Conflict):
        sender.send_due()
    assert answered.channel.sent == []


def test_the_mail_holds_what_was_written(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    ticket = mail_desk.ticket(1)
    written = Answer(
        (Address("anna@acme.example", "Anna, the Björn"),),
        (Address("chef@acme.example"),),
        "Re: VPN is slow [#7]",
        "Grüße 🙂",
        "<p>Grüße 🙂 <img src='cid:pic'></p>",
        (
            NewAttachment("pic.png", "image/png", b"\x89PNG", "pic"),
            NewAttachment("Größe.pdf", "application/pdf", b"%PDF"),
        ),
    )
    answering.answer(mail_desk.database, mail_desk.agent, ticket.row.id, written, Quotation("> It is slow.", ""))
    mail_desk.round()
    (sent,) = mail_desk.channel.sent
    mail = message_from_bytes(sent.raw, policy=default)
    assert mail["Subject"] == "Re: VPN is slow [#1]"
    assert mail["To"].addresses[0].display_name == "Anna, the Björn"
    assert mail["Message-ID"] == f"<{sent.message_id}>"
    assert sent.recipients == ("anna@acme.example", "chef@acme.example")
    assert mail.get_body(("plain",)).get_content().splitlines() == ["Grüße 🙂", "", "> It is slow."]
    assert [each.get_filename() for each in mail.iter_attachments()] == ["Größe.pdf"]
    assert {each.get_content_type() for each in mail.walk()} >= {"text/html", "image/png"}


@pytest.mark.parametrize("address", ["not an address", "a@", "a@b\r\nBcc: x@y.example"])
def test_what_is_no_address_is_refused_and_nothing_is_stored(mail_desk: MailDesk, address: str) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    ticket = mail_desk.ticket(1)
    with pytest.raises(KnownError, match=r"mail\.bad_address"):
        answering.answer(
            mail_desk.database, mail_desk.agent, ticket.row.id, Answer((Address(address),), (), "Re", "Text")
        )
    assert len(mail_desk.ticket(1).messages) == 1
