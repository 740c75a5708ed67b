"""A client for one service: whose certificate is looked at, to whom its secrets go, and what can go wrong."""

import socket
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
from pydantic import Field, field_validator

from app import __version__
from app.models.errors import KnownError
from app.services.remote_help.transports.interface import Options, Reach

_PATIENCE = 20.0
"""Seconds until a service that does not let itself be connected to counts as not there. After that the script's own
time counts."""


class HttpOptions(Options):
    """How a service is spoken to.

    `auth`: `basic` with the connection's user and password, `bearer` with its token, `header` with its token in the
    header of that name. `ca`: certificates of the authorities that count here, in PEM, instead of the system's.
    """

    auth: Literal["none", "basic", "bearer", "header"] = "none"
    header: str = Field(default="", pattern=r"^[A-Za-z0-9-]*$", max_length=100)
    ca: str = ""

    @field_validator("ca")
    @classmethod
    def _is_one(cls, value: str) -> str:
        if value:
            try:
                ssl.create_default_context(cadata=value)
            except ssl.SSLError as error:
                raise ValueError("there is no certificate in PEM in it") from error
        return value


@dataclass
class Client:
    """`http` sends; `sent` is whether the service has got some of a request."""

    http: httpx.AsyncClient
    sent: bool = field(default=False, init=False)
    _ways: AsyncExitStack = field(default_factory=AsyncExitStack, init=False)

    def __post_init__(self) -> None:
        self.http.event_hooks = {"request": [self._follow]}

    async def close(self) -> None:
        """httpcore forgets a connection whose TLS was being agreed on when it was cancelled, so each is closed here."""
        await self.http.aclose()
        await self._ways.aclose()

    async def _follow(self, request: httpx.Request) -> None:
        request.extensions["trace"] = self._trace

    async def _trace(self, event: str, told: Mapping[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            self._ways.push_async_callback(told["return_value"].aclose)
        self.sent = self.sent or event.endswith("send_request_headers.started")


@asynccontextmanager
async def client(reach: Reach) -> AsyncIterator[Client]:
    """It follows no redirects, and takes no proxy from around it. `KnownError` `http.no_secret`."""
    options = HttpOptions.model_validate(reach.connection.options)
    context = ssl.create_default_context(cadata=options.ca or None)
    http = httpx.AsyncClient(
        verify=context,
        headers={"User-Agent": f"Firstline/{__version__}"} | _proof(reach, options),
        auth=_basic(reach) if options.auth == "basic" else None,
        timeout=httpx.Timeout(None, connect=_PATIENCE),
        trust_env=False,
        follow_redirects=False,
    )
    made = Client(http)
    try:
        yield made
    finally:
        await made.close()


def unreached(error: httpx.RequestError, where: httpx.URL) -> KnownError:
    """Why a service was never spoken to, in a person's words."""
    told = {"host": where.host, "port": where.port or 443}
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return KnownError("http.bad_certificate", reason=cause.verify_message, **told)
        if isinstance(cause, ssl.SSLError):
            return KnownError("http.no_tls", reason=cause.reason or str(cause), **told)
        if isinstance(cause, socket.gaierror):
            return KnownError("http.unknown_host", **told)
        if isinstance(cause, ConnectionRefusedError):
            return KnownError("http.refused", **told)
    if isinstance(error, httpx.ConnectTimeout):
        return KnownError("http.no_answer", seconds=int(_PATIENCE), **told)
    return KnownError("http.unreachable", reason=str(error), **told)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _proof(reach: Reach, options: HttpOptions) -> dict[str, str]:
    if options.auth not in ("bearer", "header"):
        return {}
    token = _secret(reach, "token")
    if options.auth == "bearer":
        return {"Authorization": f"Bearer {token}"}
    return {options.header: token}


def _basic(reach: Reach) -> httpx.BasicAuth:
    return httpx.BasicAuth(reach.connection.user_name, _secret(reach, "password"))


def _secret(reach: Reach, name: str) -> str:
    found = reach.secret(name)
    if found is None:
        raise KnownError("http.no_secret", name=name)
    if name == "token" and not (found.isascii() and found.isprintable()):
        raise KnownError("http.bad_secret", name=name)
    return found
