"""Answering as the mailbox: once, as written, and known afterwards."""

from typing import Literal

import pytest

from app.models.errors import ChannelError
from app.services.channels.interface import Outgoing
from tests.peers.ews.running import ANNA, DESK, mail
from tests.peers.ews.server import EwsServer
from tests.services.channels.exchange.conftest import Open


def answer(*recipients: str, number: int = 1) -> Outgoing:
    raw = mail(number, subject="Re: Printer", sender=DESK, to=ANNA)
    return Outgoing(f"mail-{number}@acme.example", DESK, recipients or (ANNA,), raw)


def test_an_answer_arrives_with_our_message_id_and_the_mailbox_as_sender(server: EwsServer, connect: Open) -> None:
    connect().send(answer())
    assert server.store.submitted == [(DESK, [ANNA], answer().raw)]
    (arrived,) = server.store.messages(ANNA)
    assert arrived.mime.endswith(answer().raw)
    assert arrived.message_id == "<mail-1@acme.example>"


def test_the_copy_is_in_the_shared_mailboxs_sent_items_and_read(server: EwsServer, connect: Open) -> None:
    connect().send(answer())
    assert [(each.mime, each.is_read) for each in server.store.messages(DESK, "sentitems")] == [(answer().raw, True)]


def test_recipients_that_no_header_names_get_it_and_nobody_twice(server: EwsServer, connect: Open) -> None:
    connect().send(answer(ANNA.upper(), "hidden@acme.example"))
    assert server.store.submitted[0][1] == [ANNA, "hidden@acme.example"]


def test_sent_mail_is_found_and_other_mail_is_not(server: EwsServer, connect: Open) -> None:
    connector = connect()
    assert connector.find_sent("mail-1@acme.example") is False
    connector.send(answer())
    assert connector.find_sent("mail-1@acme.example") is True
    assert connector.find_sent("mail-2@acme.example") is False


def test_mail_still_in_the_outbox_counts_as_sent(server: EwsServer, connect: Open) -> None:
    server.store.deliver(DESK, answer().raw, "outbox")
    assert connect().find_sent("mail-1@acme.example") is True


def test_where_sent_items_may_not_be_seen_the_channel_cannot_tell(server: EwsServer, connect: Open) -> None:
    server.faults.errors = {"FindItem": "ErrorAccessDenied"}
    assert connect().find_sent("mail-1@acme.example") is None


def test_a_server_that_ignores_the_filter_does_not_make_unsent_mail_sent(server: EwsServer, connect: Open) -> None:
    server.faults.ignore_restrictions = True
    connector = connect()
    connector.send(answer())
    assert connector.find_sent("mail-2@acme.example") is False


@pytest.mark.parametrize(("when", "sent"), [("before", False), ("after", True), ("mid-answer", True)])
def test_after_a_cut_connection_the_truth_can_be_found_out(
    server: EwsServer, connect: Open, when: Literal["before", "after", "mid-answer"], sent: bool
) -> None:
    server.faults.drop = {"CreateItem": when}
    connector = connect()
    with pytest.raises(ChannelError) as caught:
        connector.send(answer())
    assert (caught.value.code, caught.value.passing) == ("exchange.connection_lost", True)
    assert connector.find_sent("mail-1@acme.example") is sent
    assert len(server.store.submitted) == int(sent)


def test_a_copy_that_a_failed_sending_left_behind_does_not_count_as_sent(server: EwsServer, connect: Open) -> None:
    server.faults.send_crashes_after_saving = True
    connector = connect()
    with pytest.raises(ChannelError) as caught:
        connector.send(answer())
    assert (caught.value.code, caught.value.passing) == ("exchange.send_refused", True)
    assert connector.find_sent("mail-1@acme.example") is False
    server.faults.send_crashes_after_saving = False
    connector.send(answer())
    assert len(list(server.store.messages(ANNA))) == 1


def test_an_answer_sent_is_found_though_the_server_answered_nonsense(server: EwsServer, connect: Open) -> None:
    connector = connect(authentication="basic")
    connector.find_sent("mail-1@acme.example")
    server.faults.garble = {"CreateItem"}
    with pytest.raises(ChannelError) as caught:
        connector.send(answer())
    assert caught.value.code == "exchange.not_understood"
    assert connector.find_sent("mail-1@acme.example") is True


@pytest.mark.parametrize(
    ("code", "told", "passing", "about_message"),
    [
        ("ErrorSendAsDenied", "exchange.not_allowed_to_send", False, False),
        ("ErrorInvalidRecipients", "exchange.recipients_refused", False, True),
        ("ErrorMessageSizeExceeded", "exchange.too_large_to_send", False, True),
        ("ErrorQuotaExceeded", "exchange.mailbox_full", True, False),
        ("ErrorServerBusy", "exchange.busy", True, False),
        ("ErrorItemSave", "exchange.send_refused", True, True),
    ],
)
def test_a_refusal_to_send_is_told_with_its_reason(
    server: EwsServer, connect: Open, code: str, told: str, passing: bool, about_message: bool
) -> None:
    server.faults.send_error = code
    with pytest.raises(ChannelError) as caught:
        connect().send(answer())
    error = caught.value
    assert (error.code, error.passing, error.about_message) == (told, passing, about_message)
    assert server.store.submitted == []
