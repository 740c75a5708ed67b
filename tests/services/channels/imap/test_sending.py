"""Handing mail over by SMTP: what each refusal means, what counts as sent, and how a sent mail is found again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.channels.interface import Outgoing
from tests.fixtures.rounds import eml
from tests.peers.broken_server import answering
from tests.peers.imap_script import ImapScript, folder
from tests.peers.mail_server import MailServer
from tests.services.channels.imap.conftest import CUSTOMER, DESK, connector, failure, real


class SmtpScript:
    """Says yes to all that `replies` (by verb) does not name; None hangs up. `told` holds the commands."""

    def __init__(self, replies: dict[str, bytes | None] | None = None, extensions: str = "") -> None:
        offered = ["mail", *extensions.split()]
        hello = "".join(f"250-{each}\r\n" for each in offered[:-1]) + f"250 {offered[-1]}\r\n"
        self.replies = {"EHLO": hello.encode(), "DATA": b"354 go\r\n", **(replies or {})}
        self.told: list[str] = []
        self._in_data = False

    def answer(self, line: bytes) -> bytes | None:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if self._in_data:
            self._in_data = text != "."
            return b"" if self._in_data else self.replies.get(".", b"250 taken\r\n")
        self.told.append(text)
        reply = self.replies.get(text.split(" ")[0].upper().split(":")[0], b"250 ok\r\n")
        self._in_data = text.upper() == "DATA" and reply == b"354 go\r\n"
        return reply


def send(script: SmtpScript, to: str = CUSTOMER, raw: bytes | None = None, **settings: object) -> None:
    with answering(b"220 mail\r\n", script.answer) as port:
        sending = connector(1, smtp_port=port, copy_to_self=False, **settings)
        sending.send(Outgoing("a@x", DESK, [to], raw or eml(mail_id="a@x")))


@pytest.mark.parametrize(
    ("verb", "answer", "code", "passing", "about_message"),
    [
        ("RCPT", b"550 5.1.1 unknown\r\n", "smtp.recipient_refused", False, True),
        ("RCPT", b"450 4.2.0 greylisted\r\n", "smtp.recipient_refused", True, True),
        ("RCPT", b"452 4.2.2 mailbox full\r\n", "smtp.mailbox_full", True, True),
        ("RCPT", b"452 4.5.3 too many recipients\r\n", "smtp.recipient_refused", True, True),
        ("RCPT", b"552 mailbox full\r\n", "smtp.mailbox_full", False, True),
        ("RCPT", b"530 5.7.0 authentication required\r\n", "smtp.sign_in_first", False, False),
        ("MAIL", b"550 5.7.60 not yours\r\n", "smtp.sender_refused", False, True),
        ("MAIL", b"552 5.3.4 message size exceeds the limit\r\n", "smtp.too_large", False, True),
        ("MAIL", b"421 4.3.2 closing\r\n", "smtp.not_now", True, False),
        ("MAIL", b"530 5.7.0 must issue STARTTLS first\r\n", "smtp.sign_in_first", False, False),
        ("DATA", b"554 5.5.1 no valid recipients\r\n", "smtp.rejected", False, True),
        ("DATA", None, "imap.unreachable", True, False),
        (".", b"451 4.3.0 later\r\n", "smtp.rejected", True, True),
        (".", b"554 5.7.1 spam\r\n", "smtp.rejected", False, True),
        (".", b"552 5.3.4 too big\r\n", "smtp.too_large", False, True),
        (".", b"552 5.2.2 over quota\r\n", "smtp.mailbox_full", False, True),
        (".", b"421 4.4.2 timeout\r\n", "smtp.not_now", True, False),
        (".", None, "imap.unreachable", True, False),
        ("EHLO", b"421 4.3.2 busy\r\n", "smtp.not_now", True, False),
    ],
)
def test_a_refusal_tells_whether_it_is_about_this_mail_and_whether_to_try_again(
    verb: str, answer: bytes | None, code: str, passing: bool, about_message: bool
) -> None:
    replies = {verb: answer} | ({"HELO": answer} if verb == "EHLO" else {})
    error = failure(lambda: send(SmtpScript(replies)))
    assert (error.code, error.passing, error.about_message) == (code, passing, about_message)


@pytest.mark.parametrize(("greeting", "passing"), [(b"421 4.3.2 busy\r\n", True), (b"554 5.7.1 go away\r\n", False)])
def test_a_server_that_turns_us_away_at_the_door_says_nothing_about_the_mail(greeting: bytes, passing: bool) -> None:
    with answering(greeting, lambda _line: None) as port:
        sending = connector(1, smtp_port=port)
        error = failure(lambda: sending.send(Outgoing("a@x", DESK, [CUSTOMER], eml())))
    assert (error.code, error.passing, error.about_message) == ("smtp.not_now", passing, False)


@pytest.mark.parametrize("farewell", [b"500 what\r\n", b"\xff\xfe\r\n", None])
def test_what_was_accepted_is_sent_whatever_the_server_says_after(farewell: bytes | None) -> None:
    script = SmtpScript({"QUIT": farewell})
    send(script)
    assert script.told[-1].upper() == "QUIT"


def test_a_server_learns_size_and_form_before_it_agrees() -> None:
    script = SmtpScript(extensions="SIZE 8BITMIME SMTPUTF8")
    raw = b"Subject: x\r\n\r\n\xfc\r\n"
    send(script, raw=raw)
    assert next(each for each in script.told if each.startswith("mail")) == (
        f"mail FROM:<{DESK}> size={len(raw)} BODY=8BITMIME".replace("size", "SIZE")
    )


@pytest.mark.parametrize(
    ("domain", "told"), [("müller.example", "xn--mller-kva.example"), ("straße.example", "xn--strae-oqa.example")]
)
def test_a_domain_of_other_letters_goes_in_its_ascii_form(domain: str, told: str) -> None:
    script = SmtpScript()
    send(script, to=f"anna@{domain}")
    assert f"rcpt TO:<anna@{told}>" in script.told


def test_a_name_of_other_letters_goes_where_the_server_knows_them() -> None:
    script = SmtpScript(extensions="SMTPUTF8")
    send(script, to="jürgen@acme.example")
    assert "rcpt TO:<jürgen@acme.example>" in script.told


@pytest.mark.parametrize("address", ["jürgen@acme.example", "a@x.example>\r\nRCPT TO:<b@y.example", "a\x00@x.example"])
def test_an_address_that_cannot_be_said_is_about_this_mail_alone(address: str) -> None:
    script = SmtpScript()
    error = failure(lambda: send(script, to=address))
    assert (error.code, error.passing, error.about_message) == ("smtp.bad_address", False, True)
    assert not [each for each in script.told if each.lower().startswith("rcpt")]


@pytest.mark.parametrize(
    ("answer", "code", "passing"),
    [
        (b"535 5.7.8 no\r\n", "smtp.sign_in_refused", False),
        (b"454 4.7.0 not now\r\n", "smtp.not_now", True),
    ],
)
def test_a_refused_sign_in_is_told_apart_from_a_postponed_one(answer: bytes, code: str, passing: bool) -> None:
    error = failure(lambda: send(SmtpScript({"AUTH": answer, "EHLO": b"250-mail\r\n250 AUTH PLAIN\r\n"})))
    assert (error.code, error.passing, error.about_message) == (code, passing, False)


def test_a_server_without_encryption_or_a_known_sign_in_is_told() -> None:
    without_tls = failure(lambda: send(SmtpScript(), smtp_security="starttls"))
    without_way = failure(lambda: send(SmtpScript({"EHLO": b"250-mail\r\n250 AUTH GSSAPI\r\n"})))
    for error in (without_tls, without_way):
        assert (error.code, error.passing, error.about_message) == ("smtp.lacking", False, False)


def test_a_failing_copy_in_the_sent_folder_does_not_make_a_mail_unsent() -> None:
    refusing = ImapScript({"APPEND": b"TAG NO [OVERQUOTA] full\r\n"})
    with refusing.running() as imap, answering(b"220 mail\r\n", SmtpScript().answer) as smtp:
        for port in (imap, 1):
            sending = connector(port, smtp_port=smtp, sent_folder="Sent")
            sending.send(Outgoing("a@x", DESK, [CUSTOMER], eml(mail_id="a@x")))
            sending.close()
    assert any(each.startswith("APPEND") for each in refusing.told)


def test_without_a_hidden_copy_it_is_not_known_whether_a_mail_went() -> None:
    script = ImapScript({"EXAMINE": folder(0, 1), "SEARCH": b"* SEARCH\r\n"})
    with script.running() as port:
        sending = connector(port, copy_to_self=False)
        assert sending.find_sent("a@x") is None
        sending.close()


def test_a_sent_folder_that_is_missing_holds_no_copy() -> None:
    missing = lambda line: b"TAG NO no such\r\n" if "Sent" in line else folder()  # noqa: E731 - a reply is a function
    script = ImapScript({"EXAMINE": missing, "SEARCH": b"* SEARCH 1\r\n"})
    with script.running() as port:
        sending = connector(port, sent_folder="Sent")
        assert sending.find_sent("a@x") is True
        sending.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    with MailServer(tmp_path) as running:
        yield running


def test_a_message_id_that_ends_like_another_is_not_taken_for_it(server: MailServer) -> None:
    server.deliver(eml(mail_id="long-answer@desk.example"), DESK)
    sending = real(server)
    assert sending.find_sent("answer@desk.example") is False
    assert sending.find_sent("long-answer@desk.example") is True
    sending.close()


def test_one_refused_recipient_keeps_the_answer_from_all(server: MailServer) -> None:
    sending = real(server)
    error = failure(lambda: sending.send(Outgoing("a@x", DESK, [CUSTOMER, "nobody@acme.example"], eml(mail_id="a@x"))))
    assert (error.code, error.facts["address"]) == ("smtp.recipient_refused", "nobody@acme.example")
    assert server.messages(CUSTOMER) == []
    assert sending.find_sent("a@x") is False
    sending.close()


def test_an_answer_is_filed_in_the_sent_folder_too(server: MailServer) -> None:
    sending = real(server, sent_folder="Sent", copy_to_self=False)
    making = real(server)
    making.poll(None, 1)
    making._client.create_folder("Sent")
    sending.send(Outgoing("a@x", DESK, [CUSTOMER], eml(mail_id="a@x", to=CUSTOMER)))
    assert sending.find_sent("a@x") is True
    assert server.messages(DESK) == []
    for each in (sending, making):
        each.close()
