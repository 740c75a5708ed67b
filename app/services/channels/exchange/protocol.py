"""How exchangelib talks to the server for one mailbox: sessions of its own, no retries, no cache, no log.

exchangelib caches protocols by endpoint and credentials for the whole process; two channels with the same service
account would then share one connection and wait for each other, and share certificates. So each has its own.
"""

import logging
import ssl
from typing import Any

import requests
from exchangelib import Configuration, Credentials, FailFast
from exchangelib.autodiscover.protocol import AutodiscoverProtocol
from exchangelib.errors import TransportError, UnauthorizedError
from exchangelib.protocol import CachingProtocol, Protocol
from exchangelib.transport import BASIC, DEFAULT_HEADERS, DIGEST, NOAUTH, NTLM

from app.services.channels.exchange.config import ExchangeConfig
from app.services.channels.exchange.tls import VerifyingAdapter

CHUNK = 64 * 1024
SIGN_IN = {"auto": None, "basic": BASIC, "ntlm": NTLM}

# Its records hold Authorization headers and whole mails; what matters is raised, and told by us.
logging.getLogger("exchangelib").setLevel(logging.CRITICAL + 1)


class HttpRefusal(TransportError):  # type: ignore[misc] # exchangelib has no types
    """The server answered with this HTTP status, and not in EWS. `wait` is in seconds, as `Retry-After` told."""

    def __init__(self, status: int, wait: int | None = None) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.wait = wait


class SignInMethod(TransportError):  # type: ignore[misc]
    """The server offers no way to sign in that we have."""


class Once(FailFast):  # type: ignore[misc]
    """Tries once: the core knows when to try again. Tells HTTP answers apart that exchangelib would merge."""

    def raise_response_errors(self, response: requests.Response) -> None:
        if response.status_code == 401:
            raise UnauthorizedError("HTTP 401")
        if response.status_code in {403, 404, 429, 502, 503, 504}:
            wait = response.headers.get("Retry-After", "")
            raise HttpRefusal(response.status_code, int(wait) if wait.isdecimal() else None)
        super().raise_response_errors(response)


class _OwnSessions:
    """Sessions that verify by the mailbox's own context."""

    _context: ssl.SSLContext
    last_status: int | None = None

    def raw_session(self, prefix: str, **_oauth: object) -> requests.Session:
        session = requests.Session()
        session.headers.update(DEFAULT_HEADERS)
        session.headers["User-Agent"] = "Firstline"
        session.mount(prefix, VerifyingAdapter(self._context))
        session.hooks["response"].append(self._take)
        return session

    def get_auth_type(self) -> str:
        try:
            offered: str = super().get_auth_type()  # type: ignore[misc] # the protocol's
        except TransportError as error:
            if self.last_status is not None and self.last_status not in {200, 401}:
                raise HttpRefusal(self.last_status) from error
            if self.last_status == 401:
                raise SignInMethod("none known is offered") from error
            raise
        if offered not in {BASIC, NTLM, DIGEST, NOAUTH}:
            raise SignInMethod(offered)
        return offered

    def _take(self, response: requests.Response, *_args: object, **_kwargs: object) -> None:
        self.last_status = response.status_code
        finely: Any = response.iter_content

        def coarsely(chunk_size: int = CHUNK, decode_unicode: bool = False) -> Any:
            """exchangelib feeds its parser what this gives by default, which in requests is one byte at a time."""
            return finely(chunk_size, decode_unicode)

        response.iter_content = coarsely  # type: ignore[method-assign,assignment]


class _NotCached(CachingProtocol):  # type: ignore[misc]
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return type.__call__(self, *args, **kwargs)


class MailboxProtocol(_OwnSessions, Protocol, metaclass=_NotCached):  # type: ignore[misc]
    """The connection of one mailbox."""

    def __init__(self, config: Configuration, context: ssl.SSLContext, timeout: float) -> None:
        self._context = context
        self.TIMEOUT = timeout
        super().__init__(config=config)


class DiscoveryProtocol(_OwnSessions, AutodiscoverProtocol):  # type: ignore[misc]
    """The connection to an autodiscover service."""

    def __init__(self, config: Configuration, context: ssl.SSLContext, timeout: float) -> None:
        self._context = context
        self.TIMEOUT = timeout
        super().__init__(config=config)


def configuration(config: ExchangeConfig, password: str, endpoint: str) -> Configuration:
    """What exchangelib needs to sign in at `endpoint`."""
    return Configuration(
        service_endpoint=endpoint,
        credentials=Credentials(config.account_name, password),
        auth_type=SIGN_IN[config.authentication],
        retry_policy=Once(),
        max_connections=1,
    )
