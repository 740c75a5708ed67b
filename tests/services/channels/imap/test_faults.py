"""What goes wrong with a mailbox is told by its own code, as passing or not, and has words in every language."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.channels.imap.config import ImapConfig
from app.services.channels.imap.manifest import MANIFEST
from app.services.channels.interface import Credentials, Outgoing
from tests.fixtures.rounds import eml
from tests.peers.broken_server import answering, certificate
from tests.peers.imap_script import ImapScript, folder
from tests.peers.mail_server import MailServer
from tests.services.channels.imap.conftest import CUSTOMER, DESK, connector, failure, real


@pytest.mark.parametrize("reading", [True, False], ids=["imap", "smtp"])
@pytest.mark.parametrize(
    ("expired", "host", "trusted", "code"),
    [
        (True, "localhost", True, "imap.certificate_expired"),
        (False, "other.example", True, "imap.certificate_host"),
        (False, "localhost", False, "imap.certificate_unknown"),
    ],
)
def test_a_certificate_that_proves_nothing_is_refused(
    tmp_path: Path, expired: bool, host: str, trusted: bool, code: str, reading: bool
) -> None:
    context, authority = certificate(tmp_path, host, expired=expired)
    heard: list[bytes] = []
    settings = {"host": "localhost", "smtp_security": "tls", "ca_file": authority if trusted else None}
    with answering(b"* OK ready\r\n", heard.append, context) as port:
        mailbox = connector(port, security="tls", **settings)
        mail = Outgoing("a@x", DESK, [CUSTOMER], eml())
        error = failure(lambda: mailbox.poll(None, 10) if reading else mailbox.send(mail))
    assert (error.code, error.passing) == (code, False)
    assert heard == []


def test_a_server_that_is_away_is_passing_trouble() -> None:
    error = failure(lambda: connector(1).poll(None, 10))
    assert (error.code, error.passing) == ("imap.unreachable", True)


def test_a_server_that_says_nothing_is_given_up_after_the_time_out() -> None:
    with answering(b"", lambda _line: b"") as port:
        error = failure(lambda: connector(port, timeout=1).poll(None, 10))
    assert (error.code, error.passing) == ("imap.unreachable", True)


@pytest.mark.parametrize("verb", ["LOGIN", "EXAMINE", "SEARCH", "FETCH"])
def test_a_server_gone_in_the_middle_of_a_poll_is_passing_trouble_and_the_next_poll_works(verb: str) -> None:
    script = ImapScript({"EXAMINE": folder(), "SEARCH": b"* SEARCH 1\r\n", "FETCH": b""})
    working = script.replies.get(verb, b"")
    script.replies[verb] = None
    with script.running() as port:
        reading = connector(port)
        error = failure(lambda: reading.poll(None, 10))
        script.replies[verb] = working
        assert list(reading.poll(None, 10).messages) == []
        reading.close()
    assert (error.code, error.passing) == ("imap.lost", True)


@pytest.mark.parametrize("greeting", [b"SSH-2.0-OpenSSH_9.6\r\n", b"\xff\xfe\x00garbage\r\n", b"220 mail ESMTP\r\n"])
def test_a_server_of_another_kind_is_told(greeting: bytes) -> None:
    with answering(greeting, lambda _line: None) as port:
        assert failure(lambda: connector(port).poll(None, 10)).code == "imap.garbage"


@pytest.mark.parametrize(
    "garbage",
    [b"* SEARCH one two\r\n", b"* SEARCH 1\r\n* 1 FETCH (UID\r\n", b"\x00\xff\r\n", b"* SEARCH 1" * 200_000 + b"\r\n"],
    ids=["words", "torn", "bytes", "endless"],
)
def test_answers_that_are_garbage_are_passing_trouble(garbage: bytes) -> None:
    script = ImapScript({"EXAMINE": folder(), "SEARCH": garbage, "FETCH": garbage})
    with script.running() as port:
        assert failure(lambda: connector(port, timeout=1).poll(None, 10)).passing


@pytest.mark.parametrize("verb", ["imap", "smtp"])
def test_a_port_without_encryption_is_told(verb: str) -> None:
    with answering(b"* OK ready\r\n", lambda _line: b"") as port:
        mailbox = connector(port, **{"security" if verb == "imap" else "smtp_security": "tls"})
        mail = Outgoing("a@x", DESK, [CUSTOMER], eml())
        error = failure(lambda: mailbox.poll(None, 10) if verb == "imap" else mailbox.send(mail))
    assert (error.code, error.passing) == ("imap.no_tls", False)


def test_a_server_that_cannot_start_encryption_gets_no_password() -> None:
    script = ImapScript()
    with script.running() as port:
        error = failure(lambda: connector(port, security="starttls").poll(None, 10))
    assert (error.code, error.passing) == ("imap.lacking", False)
    assert not [each for each in script.told if "secret" in each]


@pytest.mark.parametrize(
    ("answer", "code", "passing"),
    [
        (b"TAG NO wrong\r\n", "imap.sign_in_refused", False),
        (b"TAG NO [AUTHENTICATIONFAILED] wrong\r\n", "imap.sign_in_refused", False),
        (b"TAG NO [UNAVAILABLE] try again later\r\n", "imap.refused", True),
    ],
)
def test_a_wrong_password_is_not_tried_for_ever_but_a_server_that_cannot_look_it_up_is(
    answer: bytes, code: str, passing: bool
) -> None:
    with ImapScript({"LOGIN": answer}).running() as port:
        error = failure(lambda: connector(port).poll(None, 10))
    assert (error.code, error.passing) == (code, passing)


@pytest.mark.parametrize(
    ("password", "capabilities"), [("geheim", "IMAP4rev1 LOGINDISABLED AUTH=PLAIN"), ("größer", "IMAP4rev1 AUTH=PLAIN")]
)
def test_sign_in_goes_as_utf_8_where_login_does_not_do(password: str, capabilities: str) -> None:
    script = ImapScript({"AUTHENTICATE": b"+ \r\n", "EXAMINE": folder(0, 1), "SEARCH": b"* SEARCH\r\n"}, capabilities)
    with script.running() as port:
        reading = connector(port, password)
        reading.poll(None, 10)
        reading.close()
    assert "AUTHENTICATE PLAIN" in script.told
    assert not [each for each in script.told if each.startswith("LOGIN ")]


def test_a_password_of_other_letters_opens_a_real_mailbox_and_sends(tmp_path: Path) -> None:
    with MailServer(tmp_path, password="größer") as server:
        mailbox = real(server)
        assert len(mailbox.test()) == 3
        mailbox.close()
        error = failure(lambda: connector(1, "größter", **_sending(server)).send(Outgoing("a@x", DESK, [DESK], eml())))
    assert error.code == "smtp.sign_in_refused"


@pytest.mark.parametrize(
    ("answer", "code", "passing"),
    [
        (b"TAG NO no such mailbox\r\n", "imap.folder_missing", False),
        (b"TAG NO [INUSE] x\r\n", "imap.refused", True),
        (b"TAG NO [SERVERBUG] internal error\r\n", "imap.refused", True),
    ],
)
def test_a_missing_folder_is_named_and_a_busy_one_is_waited_for(answer: bytes, code: str, passing: bool) -> None:
    with ImapScript({"EXAMINE": answer}).running() as port:
        error = failure(lambda: connector(port, folder="Support").poll(None, 10))
    assert (error.code, error.passing) == (code, passing)
    assert error.facts.get("folder") == (None if passing else "Support")


def test_a_password_that_is_nowhere_is_told() -> None:
    config = ImapConfig(address=DESK, host="localhost")
    error = failure(lambda: MANIFEST.open(config, Credentials(lambda _name: None), 10).poll(None, 10))
    assert (error.code, error.passing) == ("imap.no_password", False)


def test_an_authority_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    error = failure(lambda: connector(1, host="localhost", security="tls", ca_file=tmp_path / "ca.pem").poll(None, 10))
    assert (error.code, error.passing) == ("imap.ca_file", False)


@pytest.mark.parametrize("settings", [{"security": "plain"}, {"smtp_security": "plain"}])
def test_no_password_goes_unencrypted_to_another_machine(settings: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="without encryption"):
        ImapConfig(address=DESK, host="mail.example", **settings)


def test_an_empty_setting_for_a_file_is_none() -> None:
    assert ImapConfig(address=DESK, host="mail.example", ca_file="").ca_file is None


def test_a_changed_uidvalidity_reads_from_the_start() -> None:
    fetched = b"* 1 FETCH (UID 1 RFC822.SIZE 5 BODY[] {5}\r\nhello)\r\n"
    script = ImapScript({"EXAMINE": folder(validity=8), "SEARCH": b"* SEARCH 1\r\n", "FETCH": fetched})
    with script.running() as port:
        reading = connector(port)
        batch = reading.poll('{"uidvalidity": 7, "uid": 900}', 10)
        reading.close()
    assert [each.external_id for each in batch.messages] == ["8:1"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    with MailServer(tmp_path) as running:
        yield running


def test_mail_taken_in_is_flagged_or_moved_as_set(server: MailServer) -> None:
    making = real(server)
    making.poll(None, 1)
    for handled in ("seen", "move"):
        server.deliver(eml(handled, mail_id=f"{handled}@x.example"), DESK)
        settling = real(server, handled=handled, move_to="Größe & Co")
        names = [each.external_id for each in settling.poll(None, 10).messages]
        settling.settle(names)
        settling.settle(names)
        settling.close()
    assert making.poll(None, 10).messages == []
    making._client.select_folder("Größe & Co")
    assert len(making._client.search()) == 2
    making.close()


def test_news_end_the_waiting(server: MailServer) -> None:
    import threading

    waiting = real(server)
    waiting.poll(None, 10)
    threading.Timer(0.5, lambda: server.deliver(eml(mail_id="news@x.example"), DESK)).start()
    assert any(waiting.wait(3) for _ in range(4))
    waiting.close()


def _sending(server: MailServer) -> dict[str, object]:
    return {
        "host": server.host,
        "smtp_port": server.smtp_port,
        "smtp_security": "starttls",
        "ca_file": server.ca_file,
    }
