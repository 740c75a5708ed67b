"""A signed-in IMAP connection to one mailbox."""

import ssl
from dataclasses import dataclass

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from app.models.errors import ChannelError
from app.services.channels.imap.config import ImapConfig
from app.services.channels.imap.faults import comes_back, text_of, told
from app.services.channels.imap.xoauth2 import sign_in_to_imap
from app.services.channels.interface import Credentials, SecretSource


@dataclass(frozen=True, slots=True)
class Opened:
    """What a server tells of a folder as it opens it. `next_uid` is None where it does not tell."""

    validity: int
    mails: int
    next_uid: int | None


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


def connect(config: ImapConfig, credentials: Credentials) -> IMAPClient:
    """A new connection, encrypted as the settings say, and signed in. That nobody is signed in is told before."""
    tokens = credentials.tokens
    shown = password_of(credentials.secret, "password") if tokens is None else tokens.token()
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
            if tokens is not None:
                sign_in_to_imap(client, config.host, config.user_name, tokens, shown)
            else:
                _sign_in(client, config.user_name, shown)
        except BaseException:
            client.shutdown()
            raise
        return client


def open_folder(client: IMAPClient, config: ImapConfig, folder: str, *, readonly: bool = False) -> Opened:
    """Select it. `ChannelError` `imap.folder_missing` names it."""
    with told(config.host):
        try:
            answer = client.select_folder(folder, readonly=readonly)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            if comes_back(error) or "[SERVERBUG]" in str(error).upper():  # RFC 5530, 3: of the folder it says nothing
                raise
            raise ChannelError(
                "imap.folder_missing", passing=False, server=config.host, folder=folder, reason=text_of(error)
            ) from error
        next_uid = answer.get(b"UIDNEXT")
        return Opened(int(answer.get(b"UIDVALIDITY", 0)), int(answer.get(b"EXISTS", 0)), next_uid and int(next_uid))


def _sign_in(client: IMAPClient, user: str, password: str) -> None:
    """By LOGIN, which every server has; but it takes ASCII alone, and may be switched off (RFC 3501, 6.2.3)."""
    if (user + password).isascii() and not client.has_capability("LOGINDISABLED"):
        client.login(user, password)
    else:
        client.plain_login(user, password)
