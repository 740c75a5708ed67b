"""What goes wrong with a mailbox is told by its own code, as passing or not, and has words in every language."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.models.errors import ChannelError
from app.services.channels.imap.config import ImapConfig
from app.services.channels.imap.manifest import MANIFEST
from app.services.channels.interface import Connector, Outgoing
from app.services.wording import catalogue, languages
from tests.fixtures.rounds import eml
from tests.peers.broken_server import Answer, answering, certificate
from tests.peers.mail_server import MailServer

DESK, CUSTOMER = "support@desk.example", "anna@acme.example"
USUAL = {"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n"}
GREETING = b"* OK [CAPABILITY IMAP4rev1] ready\r\n"


def connector(port: int, **settings: Any) -> Connector:
    usual = {"address": DESK, "host": "127.0.0.1", "port": port, "security": "plain", "timeout": 3}
    config = ImapConfig(**{**usual, "smtp_security": "plain", "smtp_port": port, **settings})
    return MANIFEST.open(config, {"password": "secret"}.get, 10**6)


def failure(act: Callable[[], object]) -> ChannelError:
    with pytest.raises(ChannelError) as failed:
        act()
    for language in languages():
        assert f"error.{failed.value.code}" in catalogue(language)
    return failed.value


def speaking(**answers: bytes | None) -> Answer:
    """An IMAP server that knows these commands, and says yes to all others."""

    def answer(line: bytes) -> bytes | None:
        tag, _, rest = line.partition(b" ")
        verb = rest.split()[0].upper().decode() if rest.split() else ""
        if verb == "UID":
            verb = rest.split()[1].upper().decode()
        told = answers.get(verb, USUAL.get(verb, b""))
        return None if told is None else told.replace(b"TAG", tag) + (b"" if b"TAG" in told else tag + b" OK done\r\n")

    return answer


@pytest.mark.parametrize(
    ("expired", "host", "trusted", "code"),
    [
        (True, "localhost", True, "imap.certificate_expired"),
        (False, "other.example", True, "imap.certificate_host"),
        (False, "localhost", False, "imap.certificate_unknown"),
    ],
)
def test_a_certificate_that_proves_nothing_is_refused(
    tmp_path: Path, expired: bool, host: str, trusted: bool, code: str
) -> None:
    context, authority = certificate(tmp_path, host, expired=expired)
    with answering(GREETING, speaking(), context) as port:
        settings = {"host": "localhost", "security": "tls", "ca_file": authority if trusted else None}
        error = failure(lambda: connector(port, **settings).poll(None, 10))
    assert (error.code, error.passing) == (code, False)


def test_a_server_that_is_away_is_passing_trouble() -> None:
    error = failure(lambda: connector(1).poll(None, 10))
    assert (error.code, error.passing) == ("imap.unreachable", True)


def test_a_server_gone_in_the_middle_of_a_poll_is_passing_trouble_and_the_next_poll_works() -> None:
    answers: dict[str, bytes | None] = {
        "SELECT": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n",
        "EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n",
        "SEARCH": b"* SEARCH 1\r\n",
        "FETCH": None,
    }
    with answering(GREETING, lambda line: speaking(**answers)(line)) as port:  # noqa: PLW0108 - the answers change
        reading = connector(port)
        assert failure(lambda: reading.poll(None, 10)).passing
        answers["FETCH"] = b""
        answers["SEARCH"] = b"* SEARCH\r\n"
        assert list(reading.poll(None, 10).messages) == []
        reading.close()


@pytest.mark.parametrize("greeting", [b"SSH-2.0-OpenSSH_9.6\r\n", b"\xff\xfe\x00garbage\r\n", b"220 mail ESMTP\r\n"])
def test_a_server_of_another_kind_is_told(greeting: bytes) -> None:
    with answering(greeting, lambda _line: None) as port:
        assert failure(lambda: connector(port).poll(None, 10)).code.startswith("imap.")


def test_a_wrong_password_is_not_tried_for_ever() -> None:
    with answering(GREETING, speaking(LOGIN=b"TAG NO wrong\r\n")) as port:
        error = failure(lambda: connector(port).poll(None, 10))
    assert (error.code, error.passing) == ("imap.sign_in_refused", False)


def test_a_missing_folder_is_named() -> None:
    with answering(GREETING, speaking(EXAMINE=b"TAG NO no such mailbox\r\n")) as port:
        error = failure(lambda: connector(port, folder="Support").poll(None, 10))
    assert (error.code, error.passing, error.facts["folder"]) == ("imap.folder_missing", False, "Support")


def test_a_password_that_is_nowhere_is_told() -> None:
    config = ImapConfig(address=DESK, host="localhost")
    error = failure(lambda: MANIFEST.open(config, lambda _name: None, 10).poll(None, 10))
    assert (error.code, error.passing) == ("imap.no_password", False)


def test_an_authority_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    error = failure(lambda: connector(1, host="localhost", security="tls", ca_file=tmp_path / "ca.pem").poll(None, 10))
    assert (error.code, error.passing) == ("imap.ca_file", False)


def test_no_password_goes_unencrypted_to_another_machine() -> None:
    with pytest.raises(ValueError, match="without encryption"):
        ImapConfig(address=DESK, host="mail.example", security="plain")


def test_a_changed_uidvalidity_reads_from_the_start() -> None:
    answers: dict[str, bytes | None] = {
        "EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 8] x\r\n",
        "SEARCH": b"* SEARCH 1\r\n",
        "FETCH": b"* 1 FETCH (UID 1 RFC822.SIZE 5 BODY[] {5}\r\nhello)\r\n",
    }
    with answering(GREETING, speaking(**answers)) as port:
        reading = connector(port)
        batch = reading.poll('{"uidvalidity": 7, "uid": 900}', 10)
        reading.close()
    assert [each.external_id for each in batch.messages] == ["8:1"]


SMTP_READY = {b"EHLO": b"250 mail\r\n", b"MAIL": b"250 ok\r\n", b"RCPT": b"250 ok\r\n", b"DATA": b"354 go\r\n"}


@pytest.mark.parametrize(
    ("verb", "answer", "code", "passing", "about_message"),
    [
        (b"RCPT", b"550 5.1.1 unknown\r\n", "smtp.recipient_refused", False, True),
        (b"RCPT", b"452 4.2.2 mailbox full\r\n", "smtp.mailbox_full", True, True),
        (b"RCPT", b"552 5.2.2 mailbox full\r\n", "smtp.mailbox_full", False, True),
        (b"MAIL", b"550 5.7.60 not yours\r\n", "smtp.sender_refused", False, True),
        (b"DATA", b"451 4.3.0 later\r\n", "smtp.rejected", True, True),
        (b"DATA", b"554 5.7.1 spam\r\n", "smtp.rejected", False, True),
        (b"DATA", b"552 5.3.4 too big\r\n", "smtp.too_large", False, True),
        (b"DATA", None, "imap.unreachable", True, False),
    ],
)
def test_a_refusal_tells_whether_it_is_about_this_mail_and_whether_to_try_again(
    verb: bytes, answer: bytes | None, code: str, passing: bool, about_message: bool
) -> None:
    told = {**SMTP_READY, verb: answer}
    with answering(b"220 mail\r\n", lambda line: told.get(line[:4].upper(), b"250 ok\r\n")) as port:
        sending = connector(1, smtp_port=port)
        error = failure(lambda: sending.send(Outgoing("a@x", DESK, [CUSTOMER], eml())))
    assert (error.code, error.passing, error.about_message) == (code, passing, about_message)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    with MailServer(tmp_path) as running:
        yield running


def real(server: MailServer, **settings: Any) -> Connector:
    usual = {"host": server.host, "port": server.imap_port, "security": "starttls", "smtp_port": server.smtp_port}
    config = ImapConfig(address=DESK, ca_file=server.ca_file, timeout=10, **{**usual, **settings})
    return MANIFEST.open(config, {"password": server.password}.get, 10**6)


def test_one_refused_recipient_keeps_the_answer_from_all(server: MailServer) -> None:
    sending = real(server)
    error = failure(lambda: sending.send(Outgoing("a@x", DESK, [CUSTOMER, "nobody@acme.example"], eml(mail_id="a@x"))))
    assert (error.code, error.facts["address"]) == ("smtp.recipient_refused", "nobody@acme.example")
    assert server.messages(CUSTOMER) == []
    assert sending.find_sent("a@x") is False
    sending.close()


def test_mail_taken_in_is_flagged_or_moved_as_set(server: MailServer) -> None:
    making = real(server)
    making.poll(None, 1)
    making._client.create_folder("Done")
    for handled in ("seen", "move"):
        server.deliver(eml(handled, mail_id=f"{handled}@x.example"), DESK)
        settling = real(server, handled=handled, move_to="Done")
        names = [each.external_id for each in settling.poll(None, 10).messages]
        settling.settle(names)
        settling.settle(names)
        settling.close()
    assert making.poll(None, 10).messages == []
    making._client.select_folder("Done")
    assert len(making._client.search()) == 2
    making.close()


def test_news_end_the_waiting(server: MailServer) -> None:
    import threading

    waiting = real(server)
    waiting.poll(None, 10)
    threading.Timer(0.5, lambda: server.deliver(eml(mail_id="news@x.example"), DESK)).start()
    assert any(waiting.wait(3) for _ in range(4))
    waiting.close()


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
