"""A signed-in IMAP connection to one mailbox."""

import ssl

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from app.models.errors import ChannelError
from app.services.channels.imap.config import ImapConfig
from app.services.channels.imap.faults import told
from app.services.channels.interface import SecretSource


def tls_context(config: ImapConfig) -> ssl.SSLContext:
    """Certificates are verified, always, and the server's name with them."""
    try:
        context = ssl.create_default_context()
        if config.ca_file is not None:
            context.load_verify_locations(config.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise ChannelError("imap.ca_file", passing=False, file=config.ca_file, reason=str(error)) from error
    return context


def password_of(secrets: SecretSource, *names: str) -> str:
    """The first of these secrets that there is."""
    for name in names:
        secret = secrets(name)
        if secret:
            return secret
    raise ChannelError("imap.no_password", passing=False)


def sign_in(config: ImapConfig, secrets: SecretSource) -> IMAPClient:
    """A new connection, encrypted as the settings say, and signed in."""
    password = password_of(secrets, "password")
    context = tls_context(config)
    with told(config.host):
        client = IMAPClient(
            config.host,
            port=config.imap_port,
            ssl=config.security == "tls",
            ssl_context=context if config.security == "tls" else None,
            use_uid=True,
            timeout=config.timeout,
        )
        try:
            if config.security == "starttls":
                client.starttls(context)
            client.login(config.user_name, password)
        except BaseException:
            client.shutdown()
            raise
        return client


def select(client: IMAPClient, config: ImapConfig, folder: str, *, readonly: bool = False) -> int:
    """Open a folder; returns its UIDVALIDITY. `ChannelError` `imap.folder_missing` names it."""
    with told(config.host):
        try:
            answer = client.select_folder(folder, readonly=readonly)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            raise ChannelError("imap.folder_missing", passing=False, server=config.host, folder=folder) from error
        return int(answer.get(b"UIDVALIDITY", 0))
