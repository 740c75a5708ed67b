"""What the IMAP channel is. Its libraries are imported when a mailbox is opened."""

from app.services.channels.imap.config import ImapConfig
from app.services.channels.interface import ChannelConfig, Connector, Manifest, SecretSource


def _open(config: ChannelConfig, secrets: SecretSource, max_bytes: int) -> Connector:
    from app.services.channels.imap.connector import ImapConnector  # noqa: PLC0415 - see above

    assert isinstance(config, ImapConfig)
    return ImapConnector(config, secrets, max_bytes)


MANIFEST = Manifest(
    kind="imap", config=ImapConfig, secrets=("password", "smtp_password"), receives=True, sends=True, open=_open
)
