"""What the Exchange connector is. Importing this costs nothing; opening it imports exchangelib."""

from typing import cast

from app.services.channels.exchange.config import ExchangeConfig
from app.services.channels.interface import ChannelConfig, Connector, Manifest, SecretSource


def open_mailbox(config: ChannelConfig, secrets: SecretSource, max_bytes: int) -> Connector:
    """A connector for one mailbox; it connects when first used."""
    from app.services.channels.exchange.connector import ExchangeConnector  # noqa: PLC0415 - slow, and often not needed

    return ExchangeConnector(cast(ExchangeConfig, config), secrets, max_bytes)


MANIFEST = Manifest(
    kind="exchange",
    config=ExchangeConfig,
    secrets=("password",),
    receives=True,
    sends=True,
    open=open_mailbox,
)
