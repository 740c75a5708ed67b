"""What the IMAP channel is. Its libraries are imported when a mailbox is opened."""

from app.services.channels.imap.config import ImapConfig
from app.services.channels.interface import ChannelConfig, Connector, Credentials, Manifest, by_secrets_alone


def _open(config: ChannelConfig, credentials: Credentials, max_bytes: int) -> Connector:
    from app.services.channels.imap.connector import ImapConnector  # noqa: PLC0415 - see above

    assert isinstance(config, ImapConfig)
    return ImapConnector(config, credentials, max_bytes)


MANIFEST = Manifest(
    kind="imap",
    config=ImapConfig,
    secrets=("password", "smtp_password"),
    receives=True,
    sends=True,
    identity=by_secrets_alone,
    open=_open,
)
