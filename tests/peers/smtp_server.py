"""aiosmtpd on loopback: STARTTLS and sign-in asked for, and each mail handed on to the mailboxes it is for."""

import ssl
from base64 import b64decode
from collections.abc import Callable, Collection
from pathlib import Path
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

Deliver = Callable[[bytes, str], None]


class SmtpServer:
    """Start it with `with`. Mail for `users` goes to `deliver`; others are refused (550), and `refuse` says who else.

    `implicit` encrypts from the first byte (port 465's way) instead of by STARTTLS.
    """

    def __init__(
        self, port: int, users: Collection[str], password: str, deliver: Deliver, *, implicit: bool = False
    ) -> None:
        self.port = port
        self.refuse: dict[str, str] = {}
        """What to answer to these recipients."""
        self.takes_token: Callable[[str, str], bool] | None = None
        """Whether a user may sign in with a token; None where only passwords are taken."""
        self._users = users
        self._password = password
        self._deliver = deliver
        self._implicit = implicit
        self._controller: Controller | None = None

    def start(self, certificate: Path, key: Path) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        encryption = {"ssl_context": context} if self._implicit else {"tls_context": context, "require_starttls": True}
        self._controller = (_EncryptedFromTheStart if self._implicit else Controller)(
            self,
            hostname="127.0.0.1",
            port=self.port,
            server_hostname="localhost",
            auth_required=True,
            authenticator=self._sign_in,
            **encryption,
        )
        self._controller.start()
        return self

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _smtp: object, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        if address not in self._users:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _smtp: object, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        for address in envelope.rcpt_tos:
            self._deliver(bytes(envelope.content or b""), address)
        return "250 taken"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        """As Google's: why not is told in JSON, which is answered by nothing."""
        user, token = (each.partition("=")[2] for each in b64decode(args[1]).decode().split("\1")[:2])
        if self.takes_token is not None and self.takes_token(user, token.removeprefix("Bearer ")):
            return AuthResult(success=True)
        await server.challenge_auth('{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}')
        return AuthResult(success=False, handled=False)

    def _sign_in(
        self, _server: object, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        right = (
            isinstance(data, LoginPassword)
            and data.password == self._password.encode()
            and data.login.decode() in self._users
        )
        return AuthResult(success=right, handled=False)


class _EncryptedFromTheStart(Controller):
    """aiosmtpd knows STARTTLS alone for encryption, and would offer no sign-in without it."""

    def factory(self) -> SMTP:
        session = super().factory()
        session._auth_require_tls = False
        return session
