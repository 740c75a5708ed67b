"""Handing mail over for delivery by SMTP."""

import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from app.services.channels.imap.config import ImapConfig
from app.services.channels.imap.faults import told
from app.services.channels.imap.session import password_of, tls_context
from app.services.channels.interface import SecretSource


@contextmanager
def session(config: ImapConfig, secrets: SecretSource) -> Iterator[smtplib.SMTP]:
    """A connection, encrypted as the settings say, and signed in where the server asks for it."""
    server = config.smtp_server
    context = tls_context(config)
    with told(server):
        if config.smtp_security == "tls":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server, config.smtp_server_port, timeout=config.timeout, context=context
            )
        else:
            client = smtplib.SMTP(server, config.smtp_server_port, timeout=config.timeout)
        try:
            if config.smtp_security == "starttls":
                client.starttls(context=context)
            client.ehlo_or_helo_if_needed()
            if client.has_extn("auth"):
                user = config.smtp_user or config.user_name
                client.login(user, password_of(secrets, "smtp_password", "password"))
            yield client
        finally:
            with suppress(smtplib.SMTPException, OSError):
                client.quit()
            client.close()


def send(config: ImapConfig, secrets: SecretSource, sender: str, recipients: Sequence[str], raw: bytes) -> None:
    """Returns once the server has taken the mail for all recipients.

    One recipient that is refused refuses the mail for all: half an answer would be reported as sent.
    """
    with session(config, secrets) as client, told(config.smtp_server):
        options = ["SMTPUTF8"] if not raw.isascii() and client.has_extn("smtputf8") else []
        client.ehlo_or_helo_if_needed()
        refused = _envelope(client, sender, recipients, options)
        if refused:
            client.rset()
            raise smtplib.SMTPRecipientsRefused(refused)
        status, words = client.data(raw)
        if status != 250:
            raise smtplib.SMTPDataError(status, words)


def _envelope(
    client: smtplib.SMTP, sender: str, recipients: Sequence[str], options: Sequence[str]
) -> dict[str, tuple[int, bytes]]:
    """Name sender and recipients; returns those refused, with what the server says."""
    status, words = client.mail(sender, options)
    if status != 250:
        raise smtplib.SMTPSenderRefused(status, words, sender)
    refused = {}
    for each in recipients:
        status, words = client.rcpt(each)
        if status not in (250, 251):
            refused[each] = (status, words)
    return refused
