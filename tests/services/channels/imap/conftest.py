"""A connector to a server that a test runs."""

from collections.abc import Callable
from typing import Any

import pytest

from app.models.errors import ChannelError
from app.services.channels.imap.config import ImapConfig
from app.services.channels.imap.connector import ImapConnector
from app.services.channels.imap.manifest import MANIFEST
from app.services.channels.interface import Credentials
from app.services.wording import catalogue, languages
from tests.peers.mail_server import MailServer

DESK, CUSTOMER = "support@desk.example", "anna@acme.example"


def connector(port: int, password: str = "secret", **settings: Any) -> ImapConnector:
    """To a server without encryption on this machine."""
    usual = {"address": DESK, "host": "127.0.0.1", "port": port, "security": "plain", "timeout": 3}
    config = ImapConfig(**{**usual, "smtp_security": "plain", "smtp_port": port, **settings})
    opened = MANIFEST.open(config, Credentials({"password": password}.get), 10**6)
    assert isinstance(opened, ImapConnector)
    return opened


def real(server: MailServer, **settings: Any) -> ImapConnector:
    """To the mail server of the tests, encrypted."""
    usual = {"host": server.host, "security": "starttls", "smtp_security": "starttls", "smtp_port": server.smtp_port}
    usual |= {"ca_file": server.ca_file, "timeout": 10}
    return connector(server.imap_port, server.password, **{**usual, **settings})


def failure(act: Callable[[], object]) -> ChannelError:
    """What `act` fails with; it has words in every language, and all their places are filled."""
    with pytest.raises(ChannelError) as failed:
        act()
    error = failed.value
    for language in languages():
        words = catalogue(language)[f"error.{error.code}"]
        assert words.format(**error.facts)
    return error
