"""What the Microsoft Graph connector is. Importing this costs nothing; opening it imports httpx."""

from typing import cast

from app.services.channels.graph.config import GraphConfig
from app.services.channels.interface import ChannelConfig, Connector, Credentials, Identity, Manifest


def open_mailbox(config: ChannelConfig, credentials: Credentials, max_bytes: int) -> Connector:
    """A connector for one mailbox; it connects when first used."""
    from app.services.channels.graph.connector import GraphConnector  # noqa: PLC0415 - often not needed

    return GraphConnector(cast(GraphConfig, config), credentials.tokens, max_bytes)


def identity(config: ChannelConfig) -> Identity:
    """Who signs in, where, and for what."""
    settings = cast(GraphConfig, config)
    return Identity(
        provider="microsoft",
        user=settings.account_name,
        client_id=settings.client_id,
        tenant=settings.tenant,
        cloud=settings.cloud,
        scopes=settings.scopes,
        app_only=settings.app_only,
        by_windows=settings.by_windows,
    )


MANIFEST = Manifest(
    kind="graph",
    config=GraphConfig,
    secrets=("certificate",),
    receives=True,
    sends=True,
    open=open_mailbox,
    identity=identity,
)
