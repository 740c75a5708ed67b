"""Sending: as it was written, once, with one copy in Sent Items."""

import json
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, default

import pytest

from app.models.errors import ChannelError
from app.services.channels.interface import Outgoing
from tests.fixtures.rounds import eml
from tests.peers.graph.faults import Answer, error
from tests.peers.graph.running import ANNA, DESK, SHARED, FixedTokens
from tests.peers.graph.server import GraphServer
from tests.services.channels.graph.conftest import Open

LARGE = 3_500_000


def answer(mail_id: str = "answer@desk.example", *recipients: str, files: int = 0, size: int = LARGE) -> Outgoing:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = f"Desk <{DESK}>", ANNA, "Re: Drücker [#42]"
    mail["Message-ID"], mail["In-Reply-To"] = f"<{mail_id}>", "<first@acme.example>"
    mail["References"] = "<zero@acme.example> <first@acme.example>"
    mail.set_content("It is mended.\r\n")
    mail.add_alternative("<p>It is <b>mended</b>. <img src='cid:logo'></p>", subtype="html")
    for number in range(files):
        content = bytes((number + place) % 251 for place in range(size // 1000)) * 1000
        mail.add_attachment(content, maintype="image", subtype="png", filename=f"Bild {number} ü.png")
    return Outgoing(mail_id, DESK, [*(recipients or [ANNA])], mail.as_bytes())


def sent(server: GraphServer, address: str = DESK) -> list[bytes]:
    return [each.mime for each in server.store.messages(address, "sentitems")]


def test_a_mail_goes_as_it_was_written_with_one_copy_in_sent_items(server: GraphServer, connect: Open) -> None:
    outgoing = answer()
    connect().send(outgoing)
    assert server.store.submitted == [(DESK, outgoing.raw)]
    assert sent(server) == [outgoing.raw]
    (arrived,) = server.store.messages(ANNA)
    assert arrived.mime.endswith(outgoing.raw)


def test_hidden_recipients_get_it_and_are_shown_to_nobody(server: GraphServer, connect: Open) -> None:
    connect().send(answer("hidden@desk.example", ANNA, SHARED))
    for address in (ANNA, SHARED):
        (arrived,) = server.store.messages(address)
        assert b"Bcc" not in arrived.mime


def test_from_a_shared_mailbox_the_copy_is_in_its_own_sent_items(server: GraphServer, connect: Open) -> None:
    raw = eml("Answer", sender=SHARED, to=ANNA, mail_id="shared@x")
    connect(address=SHARED, user=DESK).send(Outgoing("shared@x", SHARED, [ANNA], raw))
    assert (sent(server, SHARED), sent(server, DESK)) == ([raw], [])


@pytest.mark.parametrize(("files", "size"), [(1, LARGE), (2, 9_000_000), (3, 1_200_000)])
def test_a_large_mail_goes_in_parts_in_its_thread_and_with_its_files(
    server: GraphServer, connect: Open, files: int, size: int
) -> None:
    outgoing = answer(files=files, size=size)
    connect().send(outgoing)
    (raw,) = sent(server)
    there = BytesParser(policy=default).parsebytes(raw)
    wanted = BytesParser(policy=default).parsebytes(outgoing.raw)
    names = ("From", "To", "Subject", "Message-ID", "In-Reply-To", "References")
    assert [there[each] for each in names] == [wanted[each] for each in names]
    contents = [
        {each.get_filename(): each.get_content() for each in mail.iter_attachments()} for mail in (there, wanted)
    ]
    assert contents[0] == contents[1]
    body, plain = there.get_body(("html",)), there.get_body(("plain",))
    assert body is not None
    assert plain is not None
    assert "<b>mended</b>" in body.get_content()
    assert list(server.store.messages(DESK, "drafts")) == []
    assert len(server.store.submitted) == 1


def test_no_request_of_a_large_mail_is_more_than_graph_takes_and_uploads_carry_no_token(
    server: GraphServer, connect: Open
) -> None:
    connect().send(answer(files=2, size=7_000_000))
    assert max(int(each.get("content-length", "0")) for each in server.headers) <= 4_000_000
    uploads = [told for call, told in zip(server.calls, server.headers, strict=True) if call.startswith("PUT")]
    assert len(uploads) == 6
    assert not any("authorization" in each for each in uploads)


@pytest.mark.parametrize("address", ["http://outlook.evil.example/x", "https://[::1/x", ""])
def test_an_upload_to_an_address_without_encryption_or_to_none_is_refused(
    server: GraphServer, connect: Open, address: str
) -> None:
    server.faults.answers["createUploadSession"] = [Answer(201, json.dumps({"uploadUrl": address}).encode())]
    with pytest.raises(ChannelError, match=r"graph\.elsewhere"):
        connect().send(answer(files=1))


def test_what_a_cut_off_attempt_left_in_drafts_is_neither_sent_nor_kept(server: GraphServer, connect: Open) -> None:
    outgoing = answer(files=1)
    connector = connect()
    server.faults.drop["createUploadSession"] = "before"
    with pytest.raises(ChannelError, match=r"graph\.connection_lost"):
        connector.send(outgoing)
    assert connector.find_sent(outgoing.message_id) is False
    assert len(list(server.store.messages(DESK, "drafts"))) == 1
    connector.send(outgoing)
    assert len(server.store.submitted) == len(sent(server)) == 1
    assert list(server.store.messages(DESK, "drafts")) == []


@pytest.mark.parametrize("when", ["before", "after", "mid-answer"])
@pytest.mark.parametrize("files", [0, 1])
def test_a_mail_whose_sending_was_cut_off_is_looked_up_and_not_doubled(
    server: GraphServer, connect: Open, when: str, files: int
) -> None:
    outgoing = answer(files=files)
    connector = connect()
    server.faults.drop["/send" if files else "sendMail"] = when  # type: ignore[assignment]
    if when == "mid-answer":  # there is nothing in the answer that could be missing
        connector.send(outgoing)
    else:
        with pytest.raises(ChannelError, match=r"graph\.connection_lost") as told:
            connector.send(outgoing)
        assert not told.value.about_message
    assert connector.find_sent(outgoing.message_id) is (when != "before")
    if when == "before":
        connector.send(outgoing)
    assert len(server.store.submitted) == len(sent(server)) == 1


def test_a_mail_in_the_outbox_is_on_its_way_and_a_draft_is_not(server: GraphServer, connect: Open) -> None:
    server.store.deliver(DESK, answer("out@x").raw, "outbox", is_draft=True)
    server.store.deliver(DESK, answer("draft@x").raw, "drafts", is_draft=True)
    connector = connect()
    assert [connector.find_sent(each) for each in ("out@x", "draft@x", "none@x")] == [True, False, False]


@pytest.mark.parametrize("mail_id", ["o'neil@x", "a+b=c&d#e?f/g%20h@x"])
def test_any_message_id_is_found_and_finds_no_other(server: GraphServer, connect: Open, mail_id: str) -> None:
    connector = connect()
    connector.send(Outgoing("other@x", DESK, [ANNA], eml("Other", sender=DESK, to=ANNA, mail_id="other@x")))
    assert connector.find_sent(mail_id) is False
    server.store.deliver(DESK, eml("Odd", sender=DESK, to=ANNA, mail_id=mail_id), "sentitems")
    assert connector.find_sent(mail_id) is True


def test_a_server_that_ignores_filters_makes_no_mail_count_as_sent(server: GraphServer, connect: Open) -> None:
    connect().send(answer("one@x"))
    server.faults.ignore_filters = True
    assert connect().find_sent("two@x") is False


def test_where_it_may_not_look_it_cannot_tell(server: GraphServer, connect: Open) -> None:
    server.faults.answers["messages"] = [error(403, "ErrorAccessDenied")]
    assert connect().find_sent("one@x") is None


def test_throttled_sending_waits_and_goes_once(server: GraphServer, connect: Open, rests: list[float]) -> None:
    server.faults.answers["sendMail"] = [error(429, "ApplicationThrottled", Retry_After="3")] * 2
    connect().send(answer())
    assert len(server.store.submitted) == 1
    assert sum(rests) == pytest.approx(6, abs=0.5)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_an_error_after_which_it_may_have_gone_is_not_tried_again_at_once(
    server: GraphServer, connect: Open, status: int
) -> None:
    server.faults.answers["sendMail"] = [error(status, "UnknownError")]
    with pytest.raises(ChannelError) as told:
        connect().send(answer())
    assert (told.value.passing, told.value.about_message) == (True, False)
    assert [each for each in server.calls if "sendMail" in each] == [f"POST /v1.0/users/{DESK}/sendMail"]


def test_an_expired_token_is_renewed_and_the_mail_goes_once(server: GraphServer, connect: Open) -> None:
    tokens = FixedTokens("old", "token-2")
    connect(tokens).send(answer())
    assert (tokens.refused, len(server.store.submitted)) == (["old"], 1)


@pytest.mark.parametrize(
    ("scripted", "code", "passing", "about_message"),
    [
        (error(400, "ErrorInvalidRecipients"), "graph.recipients_refused", False, True),
        (error(413, "RequestEntityTooLarge"), "graph.too_large_to_send", False, True),
        (error(400, "ErrorMessageSizeExceeded"), "graph.too_large_to_send", False, True),
        (Answer(413, b"<html>too large</html>"), "graph.too_large_to_send", False, True),
        (error(400, "ErrorInvalidRequest"), "graph.send_refused", True, True),
        (error(403, "ErrorSendAsDenied"), "graph.not_allowed_to_send", False, False),
        (error(403, "ErrorMessageSubmissionBlocked"), "graph.sending_blocked", False, False),
        (error(429, "ErrorExceededMessageLimit"), "graph.sending_limit", True, False),
        (error(507, "ErrorQuotaExceeded"), "graph.mailbox_full", True, False),
        (error(403, "ErrorAccessDenied"), "graph.no_consent", False, False),
    ],
)
def test_a_refusal_says_whether_it_is_the_mail_or_the_mailbox(
    server: GraphServer, connect: Open, scripted: Answer, code: str, passing: bool, about_message: bool
) -> None:
    server.faults.answers["sendMail"] = [scripted] * 6
    with pytest.raises(ChannelError, match=code.replace(".", r"\.")) as told:
        connect().send(answer())
    assert (told.value.passing, told.value.about_message) == (passing, about_message)
    assert sent(server) == []


def test_a_refused_large_mail_leaves_no_draft(server: GraphServer, connect: Open) -> None:
    server.store.mailbox(DESK).may_send = False
    with pytest.raises(ChannelError, match=r"graph\.not_allowed_to_send"):
        connect().send(answer(files=1))
    assert list(server.store.messages(DESK, "drafts")) == []


def test_a_large_file_for_a_shared_mailbox_is_refused_with_what_to_do(server: GraphServer, connect: Open) -> None:
    server.faults.answers["createUploadSession"] = [error(403, "ErrorAccessDenied")]
    with pytest.raises(ChannelError, match=r"graph\.no_large_files") as told:
        connect(address=SHARED, user=DESK).send(answer(files=1))
    assert told.value.about_message
    assert list(server.store.messages(SHARED, "drafts")) == []


def test_a_text_that_is_too_large_by_itself_is_refused_before_anything_is_sent(
    server: GraphServer, connect: Open
) -> None:
    raw = eml("Long", "x" * 3_000_000, sender=DESK, to=ANNA, mail_id="long@x")
    with pytest.raises(ChannelError, match=r"graph\.too_large_to_send") as told:
        connect().send(Outgoing("long@x", DESK, [ANNA], raw))
    assert told.value.about_message
    assert server.calls == []


def test_a_picture_in_the_text_and_a_mail_in_the_mail_stay_what_they_are(server: GraphServer, connect: Open) -> None:
    inner = answer("inner@x", files=1, size=2_950_000).raw
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Message-ID"] = DESK, ANNA, "<outer@x>"
    mail.set_content("<img src='cid:logo'>", subtype="html")
    picture = bytes(range(250)) * 14_000
    mail.add_related(picture, maintype="image", subtype="png", cid="<logo>", filename="logo.png", disposition="inline")
    mail.add_attachment(BytesParser(policy=SMTP).parsebytes(inner))
    connect().send(Outgoing("outer@x", DESK, [ANNA], mail.as_bytes()))
    (item,) = list(server.store.messages(DESK, "sentitems"))
    told = {each["name"]: each for each in item.files}
    assert set(told) == {"logo.png", "mail.eml"}
    assert (told["logo.png"]["contentId"], told["logo.png"]["isInline"]) == ("logo", True)
    assert told["logo.png"]["content"] == picture
    assert told["mail.eml"]["content"].replace(b"\r\n", b"\n") == inner.replace(b"\r\n", b"\n")
