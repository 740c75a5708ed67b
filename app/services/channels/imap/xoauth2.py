"""Signing in with a token: SASL XOAUTH2 (developers.google.com/workspace/gmail/imap/xoauth2-protocol).

A server that does not take the token says why in JSON, as a challenge that is answered by nothing. One that is only
too old is replaced once, so a token that ends between two connections stops nobody.
"""

import json
import smtplib
from base64 import b64decode
from collections.abc import Callable

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from app.models.errors import ChannelError
from app.services.channels.imap.faults import comes_back
from app.services.channels.interface import Tokens


class _Refused(Exception):
    """The server did not take the token; with what it said of it."""


def sign_in_to_imap(client: IMAPClient, server: str, user: str, tokens: Tokens, first: str) -> None:
    """With the token `first`. `ChannelError` `imap.token_refused`, and what `tokens` raises."""

    def attempt(token: str) -> None:
        said: list[bytes] = []

        def answer(challenge: bytes) -> bytes:
            if said or not challenge:
                said.append(challenge)
                return _told(user, token) if len(said) == 1 else b""
            said.extend((b"", challenge))
            return b""

        try:
            client.sasl_login("XOAUTH2", answer)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            if comes_back(error):
                raise
            raise _Refused(_reason(said[-1] if said else b"") or str(error)) from error

    _twice(attempt, first, "imap.token_refused", server, user, tokens)


def sign_in_to_smtp(client: smtplib.SMTP, server: str, user: str, tokens: Tokens) -> None:
    """`ChannelError` `smtp.token_refused`, and what `tokens` raises."""

    def attempt(token: str) -> None:
        said: list[bytes] = []

        def answer(challenge: bytes | None = None) -> str:
            if challenge is None:
                return _told(user, token).decode()
            said.append(challenge)
            return ""

        try:
            client.auth("XOAUTH2", answer)
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code < 500:
                raise
            raise _Refused(_reason(said[-1] if said else b"") or _text(error.smtp_error)) from error

    _twice(attempt, tokens.token(), "smtp.token_refused", server, user, tokens)


def _twice(attempt: Callable[[str], None], token: str, code: str, server: str, user: str, tokens: Tokens) -> None:
    try:
        attempt(token)
    except _Refused:
        try:
            attempt(tokens.token(token))
        except _Refused as error:
            raise ChannelError(code, passing=False, server=server, user=user, reason=str(error)) from error


def _told(user: str, token: str) -> bytes:
    return f"user={user}\1auth=Bearer {token}\1\1".encode()


def _reason(challenge: bytes) -> str:
    """What the server says in its JSON, in one line; empty where it says nothing. IMAP's library has decoded it,
    SMTP's too; a server that encoded it twice is understood all the same."""
    for each in (challenge, _decoded(challenge)):
        try:
            found = json.loads(each)
        except ValueError:
            continue
        if isinstance(found, dict):
            return ", ".join(f"{name} {found[name]}" for name in ("status", "schemes", "scope") if found.get(name))
    return ""


def _decoded(challenge: bytes) -> bytes:
    try:
        return b64decode(challenge, validate=True)
    except ValueError:
        return b""


def _text(said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(words.split())[:300]
