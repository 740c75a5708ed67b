"""What the Exchange connector is. Importing this costs nothing; opening it imports exchangelib."""

from typing import cast

from app.services.channels.exchange.config import ExchangeConfig
from app.services.channels.interface import ChannelConfig, Connector, Credentials, Manifest, by_secrets_alone


def open_mailbox(config: ChannelConfig, credentials: Credentials, max_bytes: int) -> Connector:
    """A connector for one mailbox; it connects when first used."""
    from app.services.channels.exchange.connector import ExchangeConnector  # noqa: PLC0415 - slow, and often not needed

    return ExchangeConnector(cast(ExchangeConfig, config), credentials.secret, max_bytes)


MANIFEST = Manifest(
    kind="exchange",
    config=ExchangeConfig,
    secrets=("password",),
    receives=True,
    sends=True,
    identity=by_secrets_alone,
    open=open_mailbox,
)
