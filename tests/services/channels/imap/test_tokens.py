"""Gmail's way: signed in by token for IMAP and SMTP, labels as folders, nothing read twice."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from socket import SHUT_RDWR
from typing import Any

import pytest

from app.models.errors import ChannelError
from app.services.channels.imap.config import ImapConfig
from app.services.channels.imap.connector import ImapConnector
from app.services.channels.imap.gmail import MANIFEST, GmailConfig
from app.services.channels.interface import Credentials, Outgoing
from tests.fixtures.rounds import eml
from tests.peers.authority.server import Authority
from tests.peers.authority.store import Person, Token
from tests.peers.dovecot import Dovecot
from tests.services.channels.imap.conftest import CUSTOMER, DESK, failure

pytestmark = pytest.mark.needs_debian


@dataclass
class Given:
    """Tokens in their order; the last one again and again."""

    tokens: list[str]
    refused: list[str | None] = field(default_factory=list)

    def token(self, refused: str | None = None) -> str:
        self.refused.append(refused)
        return self.tokens.pop(0) if len(self.tokens) > 1 else self.tokens[0]


@dataclass
class Mailbox:
    server: Dovecot
    authority: Authority

    def issue(self, name: str, user: str = DESK, until: float = 9e9) -> str:
        application = self.authority.register("desktop")
        self.authority.store.tokens.append(Token(name, None, application, Person(user), "mail", until))
        return name

    def open(self, *tokens: str, **settings: Any) -> tuple[ImapConnector, Given]:
        given = Given(list(tokens))
        usual = {"address": DESK, "host": "localhost", "security": "tls", "port": self.server.imap_tls_port}
        usual |= {"smtp_security": "tls", "smtp_port": self.server.smtp_port, "copy_to_self": False, "timeout": 10}
        config = ImapConfig(**{**usual, "ca_file": self.server.ca_file, **settings})
        return ImapConnector(config, Credentials(lambda _n: None, given), 10**6, files_what_is_sent=True), given


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    folder = tmp_path_factory.mktemp("tokens")
    with Authority(folder) as authority, Dovecot(folder, introspection=authority.introspection) as server:

        def takes(user: str, token: str) -> bool:
            found = authority.store.by_access(token)
            return found is not None and not found.is_expired() and found.person == Person(user)

        server.smtp.takes_token = takes
        yield Mailbox(server, authority)


def test_a_good_token_reads_and_sends(mailbox: Mailbox) -> None:
    connector, given = mailbox.open(mailbox.issue("good"))
    assert [each.code for each in connector.test()] == ["imap_signed_in", "imap_folder", "smtp_signed_in"]
    mailbox.server.deliver(eml("VPN is slow", mail_id="first@acme.example"), DESK)
    assert b"VPN is slow" in (connector.poll(None, 10).messages[-1].raw or b"")
    connector.send(Outgoing("answer@desk.example", DESK, [CUSTOMER], eml("Re: VPN is slow")))
    assert given.refused == [None] * 3
    connector.close()


def test_a_token_that_has_expired_is_replaced_once_and_it_goes_on(mailbox: Mailbox) -> None:
    old, fresh = mailbox.issue("old", until=1.0), mailbox.issue("fresh")
    connector, given = mailbox.open(old, fresh)
    connector.poll(None, 10)
    assert given.refused == [None, "old"]
    connector.close()


def test_a_token_that_expired_is_replaced_for_sending_too(mailbox: Mailbox) -> None:
    connector, given = mailbox.open(mailbox.issue("stale", until=1.0), mailbox.issue("newer"))
    connector.send(Outgoing("more@desk.example", DESK, [CUSTOMER], eml("Re: more")))
    assert given.refused == [None, "stale"]


def test_a_connection_that_the_server_ends_is_made_anew_with_a_token_of_then(mailbox: Mailbox) -> None:
    connector, given = mailbox.open(mailbox.issue("morning"), mailbox.issue("evening"))
    connector.poll(None, 10)
    with connector._session() as client:
        client.socket().shutdown(SHUT_RDWR)
    with pytest.raises(ChannelError) as lost:
        connector.poll(None, 10)
    assert lost.value.passing
    connector.poll(None, 10)
    assert given.tokens == ["evening"]
    connector.close()


def test_a_session_that_ends_while_it_waits_for_news_is_made_anew_with_a_token_of_then(mailbox: Mailbox) -> None:
    connector, given = mailbox.open(mailbox.issue("noon"), mailbox.issue("night"))
    connector.poll(None, 10)
    with connector._session() as client, ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(connector.wait, 60)
        while client._idle_tag is None and not waiting.done():
            time.sleep(0.01)
        client.socket().shutdown(SHUT_RDWR)
        lost = waiting.exception(30)
    assert isinstance(lost, ChannelError)
    assert lost.passing
    connector.poll(None, 10)
    assert given.tokens == ["night"]
    connector.close()


@pytest.mark.parametrize("user", [CUSTOMER, None])
def test_a_token_of_another_person_and_one_of_nobody_are_told(user: str | None, mailbox: Mailbox) -> None:
    token = mailbox.issue(f"of-{user}", user) if user else "nobody"
    connector, given = mailbox.open(token)
    error = failure(lambda: connector.poll(None, 10))
    assert (error.code, error.passing) == ("imap.token_refused", False)
    assert given.refused == [None, token]
    error = failure(lambda: connector.send(Outgoing("x@desk.example", DESK, [CUSTOMER], eml("x"))))
    assert error.code == "smtp.token_refused"
    assert error.facts["reason"] == "status 400, schemes Bearer, scope https://mail.google.com/"


def test_what_was_sent_is_found_where_the_server_files_it_in_any_language(mailbox: Mailbox) -> None:
    connector, _ = mailbox.open(mailbox.issue("sender"))
    assert connector.find_sent("filed@desk.example") is False
    sent = mailbox.server.folder / "mail" / DESK / ".Gesendet" / "cur"
    assert sent.is_dir()
    with connector._session() as client:
        client.append("Gesendet", eml("Re: filed", mail_id="filed@desk.example"))
    assert connector.find_sent("filed@desk.example") is True
    connector.close()


@pytest.mark.parametrize("folder", ["Alle Nachrichten", "Gesendet", "alle nachrichten"])
def test_a_folder_that_has_everything_once_more_is_not_read(folder: str, mailbox: Mailbox) -> None:
    connector, _ = mailbox.open(mailbox.issue("reader"), folder=folder)
    error = failure(lambda: connector.poll(None, 10))
    assert error.code == "imap.folder_of_all"
    assert str(error.facts["folder"]).casefold() == folder.casefold()


def test_a_gmail_mailbox_needs_its_address_and_a_client_id_alone() -> None:
    config = GmailConfig.model_validate({"address": DESK, "client_id": "desktop"})
    identity = MANIFEST.identity(config)
    assert identity is not None
    assert (identity.provider, identity.user, identity.scopes) == ("google", DESK, ("https://mail.google.com/",))
    settings = config.mailbox()
    assert (settings.host, settings.imap_port) == ("imap.gmail.com", 993)
    assert (settings.smtp_server, settings.smtp_server_port) == ("smtp.gmail.com", 587)
    assert not settings.copy_to_self


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "support"},
        {"handled": "move"},
        {"handled": "move", "move_to": "Inbox"},
        {"address": "a\1b@x.example"},
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"address|label"):
        GmailConfig.model_validate({"address": DESK, "client_id": "desktop", **wrong})
