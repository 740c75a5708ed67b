"""Handing mail over for delivery by SMTP."""

import base64
import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from app.models.errors import ChannelError
from app.models.rules.domain_names import ascii_domain
from app.services.channels.imap.config import ImapConfig
from app.services.channels.imap.faults import refusal, told
from app.services.channels.imap.session import password_of, tls_context
from app.services.channels.imap.xoauth2 import sign_in_to_smtp
from app.services.channels.interface import Credentials

_WAYS = frozenset({"CRAM-MD5", "PLAIN", "LOGIN"})  # to sign in that smtplib knows


@contextmanager
def session(config: ImapConfig, credentials: Credentials) -> Iterator[smtplib.SMTP]:
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
                _sign_in(client, config, credentials)
            yield client
        finally:
            with suppress(smtplib.SMTPException, OSError):
                client.quit()
            client.close()


def send(config: ImapConfig, credentials: Credentials, sender: str, recipients: Sequence[str], raw: bytes) -> None:
    """Returns once the server has taken the mail for all recipients.

    One recipient that is refused refuses the mail for all: half an answer would be reported as sent.
    """
    server = config.smtp_server
    with session(config, credentials) as client, told(server):
        sender, *recipients = [_spelled(each, client, server) for each in (sender, *recipients)]
        status, words = client.mail(sender, _options(client, (sender, *recipients), raw))
        if status != 250:
            raise refusal("sender", status, words, server=server, address=sender)
        for each in recipients:
            status, words = client.rcpt(each)
            if status not in (250, 251):
                raise refusal("recipient", status, words, server=server, address=each)
        everyone = ", ".join(recipients)
        try:
            status, words = client.data(raw)
        except smtplib.SMTPDataError as error:
            raise refusal("data", error.smtp_code, error.smtp_error, server=server, address=everyone) from error
        if status != 250:
            raise refusal("data", status, words, server=server, address=everyone)


def _sign_in(client: smtplib.SMTP, config: ImapConfig, credentials: Credentials) -> None:
    user = config.smtp_user or config.user_name
    if credentials.tokens is not None:
        sign_in_to_smtp(client, config.smtp_server, user, credentials.tokens)
    else:
        _sign_in_by_password(client, user, password_of(credentials.secret, "smtp_password", "password"))


def _sign_in_by_password(client: smtplib.SMTP, user: str, password: str) -> None:
    """The library sends ASCII alone, so a password with umlauts is sent here (PLAIN is UTF-8: RFC 4616)."""
    offered = client.esmtp_features["auth"].upper().split()
    if not _WAYS.intersection(offered):
        raise smtplib.SMTPNotSupportedError(f"it offers no sign-in by password, but {' '.join(offered)}.")
    if (user + password).isascii():
        client.login(user, password)
        return
    told_all = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    status, words = client.docmd("AUTH", f"PLAIN {told_all}")
    if status != 235:
        raise smtplib.SMTPAuthenticationError(status, words)


def _spelled(address: str, client: smtplib.SMTP, server: str) -> str:
    """The address as the server can take it: a domain of other letters in its ASCII form where it knows no others."""
    local, at, domain = address.rpartition("@")
    spelled = address
    if local.isascii() and not domain.isascii():
        with suppress(UnicodeError):
            spelled = f"{local}{at}{ascii_domain(domain)}"
    if not address.isprintable() or not (spelled.isascii() or client.has_extn("smtputf8")):
        raise ChannelError("smtp.bad_address", passing=False, about_message=True, server=server, address=address)
    return spelled


def _options(client: smtplib.SMTP, addresses: Sequence[str], raw: bytes) -> list[str]:
    """What the server should know before it agrees (RFC 1870, RFC 6152, RFC 6531)."""
    headers = raw.partition(b"\r\n\r\n")[0]
    options = []
    if client.has_extn("size"):
        options.append(f"SIZE={len(raw)}")
    if not raw.isascii() and client.has_extn("8bitmime"):
        options.append("BODY=8BITMIME")
    if not ("".join(addresses).isascii() and headers.isascii()) and client.has_extn("smtputf8"):
        options.append("SMTPUTF8")
    return options
