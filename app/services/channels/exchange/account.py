"""Opening a mailbox: one exchangelib account with its own connection."""

from contextlib import suppress
from typing import Any

from exchangelib import DELEGATE, IMPERSONATION, UTC, Account
from exchangelib.folders import Root
from exchangelib.properties import DistinguishedFolderId, Mailbox
from exchangelib.protocol import Protocol

from app.services.channels.exchange.autodiscover import discover
from app.services.channels.exchange.config import ExchangeConfig
from app.services.channels.exchange.errors import Place
from app.services.channels.exchange.protocol import MailboxProtocol, configuration
from app.services.channels.exchange.tls import context_for
from app.services.channels.interface import SecretSource


def open_account(config: ExchangeConfig, secrets: SecretSource, place: Place) -> Any:
    """The mailbox, not yet connected but for autodiscover. `ChannelError` where password or authorities are missing."""
    password = secrets("password")
    if not password:
        raise place.error("exchange.no_password", passing=False)
    context = context_for(config.ca_file)
    endpoint = config.endpoint or discover(config, password, context, place)
    settings = configuration(config, password, endpoint)
    account = Account(
        config.address,
        config=settings,
        autodiscover=False,
        access_type=IMPERSONATION if config.access == "impersonation" else DELEGATE,
        default_timezone=UTC,
    )
    with suppress(KeyError):
        del Protocol[settings]  # made by Account, and kept for the whole process with the password
    account.protocol = MailboxProtocol(settings, context, config.timeout)
    account.root = _unasked_root(account)
    return account


def _unasked_root(account: Any) -> Any:
    """The root of the mailbox, without asking for it: a delegate with rights on one folder may not see it."""
    mailbox = Mailbox(email_address=account.primary_smtp_address)
    return Root(account=account, _distinguished_id=DistinguishedFolderId(id="root", mailbox=mailbox))
