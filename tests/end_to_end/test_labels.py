"""Gmail's labels are folders, and a mail lies in several: however it is relabelled, it is one message of one ticket."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient
from sqlalchemy import func, select

from app.models.records.intake import Outcome
from app.models.tables import Message, Quarantine, Ticket
from app.services import accounts
from app.services.channels.imap.config import ImapConfig
from app.services.channels.imap.gmail import GmailConfig
from app.services.channels.interface import Credentials, Identity
from app.services.database import Database
from app.services.verified_tls import context_for
from app.services.work.rounds import ChannelRounds
from tests.fixtures.databases import SYSTEM, SettableClock
from tests.fixtures.rounds import eml
from tests.peers.authority.server import Authority
from tests.peers.authority.store import Person, Token
from tests.peers.dovecot import Dovecot
from tests.peers.graph.running import FixedTokens

pytestmark = pytest.mark.needs_debian

DESK, LABEL, ALL = "support@desk.example", "Kunden", "Alle Nachrichten"
NAMED = eml("VPN is slow", mail_id="one@acme.example")
STAMP = {"Received": "from probe ([192.0.2.1]) by mail.acme.example with SMTP; Mon, 02 Mar 2026 08:00:01 +0000"}
NAMELESS = eml("Disk", "The disk is full.", sender="probe@acme.example", headers=STAMP)


@dataclass
class House:
    """A desk that reads labels of one mailbox, each as a channel, and somebody who sorts mail by hand."""

    database: Database
    server: Dovecot
    rounds: ChannelRounds

    def taken(self, channel: str = "support") -> dict[Outcome, int]:
        """What became of what came in a round that went well."""
        report = self.rounds.run(accounts.named(self.database, channel))
        assert report is not None
        log = (self.server.folder / "dovecot.log").read_text(encoding="utf-8")
        assert report.problem is None, (report.problem, report.problem_facts, log)
        return {outcome: count for outcome, count in report.outcomes.items() if count}

    def add(self, name: str, **settings: Any) -> None:
        config = {"address": DESK, "client_id": "desktop", **settings}
        accounts.add(self.database, SYSTEM, accounts.new_account(name, "gmail", DESK, config))

    @contextmanager
    def by_hand(self, folder: str) -> Iterator[IMAPClient]:
        """The mailbox, as somebody has it who sorts mail in another program."""
        context = context_for(str(self.server.ca_file))
        client = IMAPClient("localhost", self.server.imap_tls_port, ssl=True, ssl_context=context, timeout=10)
        with client:
            client.login(DESK, self.server.password)
            client.select_folder(folder)
            yield client

    def relabel(self, old: str, new: str) -> None:
        """Everything under the label `old` gets `new` instead."""
        with self.by_hand(old) as client:
            if not client.folder_exists(new):
                client.create_folder(new)
            client.move(client.search(["ALL"]), new)

    def label(self, folder: str, new: str) -> None:
        """Everything there gets the label `new` as well."""
        with self.by_hand(folder) as client:
            if not client.folder_exists(new):
                client.create_folder(new)
            client.copy(client.search(["ALL"]), new)

    def uids(self, folder: str = "INBOX") -> list[int]:
        with self.by_hand(folder) as client:
            return list(client.search(["ALL"]))

    def number_anew(self) -> None:
        """The server forgets how it numbered the inbox: another UIDVALIDITY."""
        self.rounds.close()
        before = self.validity()
        for each in (self.server.folder / "mail" / DESK).glob("dovecot-uidlist*"):
            first, *rest = each.read_text(encoding="utf-8").splitlines()
            each.write_text("\n".join([first.replace(f"V{before}", f"V{before + 1}"), *rest, ""]), encoding="utf-8")
        for each in (self.server.folder / "mail" / DESK).glob("dovecot.index*"):
            each.unlink()
        self.server.restart()
        assert self.validity() != before

    def validity(self) -> int:
        with self.by_hand("INBOX") as client:
            return int(client.folder_status("INBOX", ["UIDVALIDITY"])[b"UIDVALIDITY"])

    def count(self) -> tuple[int, int, int]:
        """Tickets, messages on them, mails in quarantine."""
        with self.database.read() as session:
            tickets, messages, held = (
                session.scalar(select(func.count()).select_from(each)) or 0 for each in (Ticket, Message, Quarantine)
            )
        return tickets, messages, held


@pytest.fixture
def house(database: Database, clock: SettableClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with Authority(tmp_path) as authority, Dovecot(tmp_path, introspection=authority.introspection) as server:
        application = authority.register("desktop")
        authority.store.tokens.append(Token("token-1", None, application, Person(DESK), "mail", 9e9))
        server.smtp.takes_token = lambda _user, token: token == "token-1"

        def here(config: GmailConfig) -> ImapConfig:
            return at_google(config).model_copy(
                update={
                    "host": "localhost",
                    "port": server.imap_tls_port,
                    "smtp_host": "localhost",
                    "smtp_security": "tls",
                    "smtp_port": server.smtp_port,
                    "ca_file": server.ca_file,
                    "timeout": 10,
                }
            )

        at_google = GmailConfig.mailbox
        monkeypatch.setattr(GmailConfig, "mailbox", here)
        rounds = ChannelRounds(database, SYSTEM, "desk-1", signed_in, 10**6)
        yield House(database, server, rounds)
        rounds.close()


def signed_in(_name: str, identity: Identity | None) -> Credentials:
    assert identity is not None
    return Credentials(lambda _name: None, FixedTokens())


@pytest.mark.parametrize("raw", [NAMED, NAMELESS], ids=["named", "nameless"])
def test_a_mail_that_is_relabelled_back_and_forth_is_one_message(raw: bytes, house: House) -> None:
    house.add("support")
    house.server.deliver(raw, DESK)
    assert house.taken() == {Outcome.NEW: 1}
    (before,) = house.uids()
    house.relabel("INBOX", LABEL)
    assert house.taken() == {}
    house.relabel(LABEL, "INBOX")
    (after,) = house.uids()
    assert after > before
    assert house.taken() == {Outcome.DUPLICATE: 1}
    assert house.taken() == {}
    assert house.count() == (1, 1, 0)


def test_a_mail_under_two_labels_that_are_both_read_is_one_message(house: House) -> None:
    house.add("support")
    house.add("customers", folder=LABEL)
    for raw in (NAMED, NAMELESS):
        house.server.deliver(raw, DESK)
    assert house.taken() == {Outcome.NEW: 2}
    house.label("INBOX", LABEL)
    house.label("INBOX", ALL)
    assert house.taken("customers") == {Outcome.DUPLICATE: 2}
    assert house.count() == (2, 2, 0)


def test_labels_that_the_server_numbers_anew_are_read_again_without_doubles(house: House) -> None:
    house.add("support", handled="move", move_to=LABEL)
    for raw in (NAMED, NAMELESS):
        house.server.deliver(raw, DESK)
    assert house.taken() == {Outcome.NEW: 2}
    assert house.uids() == []
    house.relabel(LABEL, "INBOX")
    house.number_anew()
    assert house.taken() == {Outcome.DUPLICATE: 2}
    assert (house.uids(), len(house.uids(LABEL))) == ([], 2)
    assert house.count() == (2, 2, 0)
