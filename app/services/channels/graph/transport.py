"""Requests to Graph: signed in, within its limits, and to no other server.

A token goes to the host of the settings alone. Graph names the next page by a full address; one on another host, port
or scheme is refused, for following it would hand the token over.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import httpx

from app import __version__
from app.services.channels.graph.errors import LIMITED, Elsewhere, NotGraph, Place, Refused
from app.services.channels.graph.lanes import Lane
from app.services.channels.graph.waiting import backoff, told_wait
from app.services.channels.interface import Tokens

PATIENCE = 20.0
"""Seconds that one use of the connector waits for Graph in all; the lease of its channel runs meanwhile."""
_TRIES = 6
_LONGEST_ANSWER = 64 * 1024 * 1024
_LONGEST_ERROR = 256 * 1024
_IMMUTABLE = 'IdType="ImmutableId"'
"""Ids stay the same while a mail is moved within its mailbox."""
T = TypeVar("T")

logging.getLogger("httpx").setLevel(logging.WARNING)  # its records of requests hold mail addresses


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `target` is a path below the version, or a full address that Graph gave.

    `once` says that doing it twice is doing it twice: then it is asked again only where it surely was not done.
    """

    method: str
    target: str
    body: bytes | None = field(default=None, repr=False)
    kind: str = "application/json"
    prefer: str = ""
    once: bool = False


class Transport:
    """One connection to Graph for one mailbox. `rest` waits some seconds."""

    def __init__(
        self,
        client: httpx.Client,
        tokens: Tokens,
        lane: Lane,
        place: Place,
        rest: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._tokens = tokens
        self._lane = lane
        self._place = place
        self._rest = rest
        self._waited = 0.0

    def begin(self) -> None:
        """Another use of the connector begins, with its own patience."""
        self._waited = 0.0

    def get(self, target: str, prefer: str = "") -> dict[str, Any]:
        """The JSON object at `target`. `Refused` where Graph says no, `NotGraph` where it is none."""
        return self._answer(Call("GET", target, prefer=prefer), _object)

    def send(
        self, method: str, target: str, told: Mapping[str, Any] | None = None, *, once: bool = False
    ) -> dict[str, Any]:
        """Sends a JSON object, or nothing but the request; the object that comes back, empty where none does."""
        body = None if told is None else json.dumps(told).encode()
        return self._answer(Call(method, target, body, once=once), _object_or_none)

    def send_text(self, target: str, body: bytes, *, once: bool = False) -> dict[str, Any]:
        """Posts MIME, which Graph takes as base64 under `text/plain`."""
        return self._answer(Call("POST", target, body, kind="text/plain", once=once), _object_or_none)

    def read(self, target: str, most: int, *, once: bool = False) -> bytes | int:
        """The bytes at `target`; where there are more than `most`, their number as far as it is known."""
        return self._answer(Call("GET", target, once=once), lambda response: _bytes(response, most))

    def put(self, address: str, part: bytes, headers: Mapping[str, str]) -> None:
        """A part of an upload, to the address that Graph gave for it. It carries its own permission, so no token."""
        if _origin(address)[0] != "https" and not self._is_ours(address):
            raise Elsewhere(_origin(address)[1] or address[:60])
        response = self._client.put(address, content=part, headers=dict(headers))
        if not response.is_success:
            raise _refusal(response)

    def pinned(self, address: str) -> str:
        """The address itself, where it is on the server of the settings; else `Elsewhere`."""
        if not self._is_ours(address):
            raise Elsewhere(_origin(address)[1] or address[:60])
        return address

    def close(self) -> None:
        self._client.close()

    def _answer(self, call: Call, take: Callable[[httpx.Response], T]) -> T:
        """Asks until there is an answer, a refusal, or no patience left."""
        address = self._address(call.target)
        unwanted: str | None = None
        refusal: Refused | None = None
        for attempt in range(_TRIES):
            self._wait(self._lane.busy_for)
            token = self._tokens.token(unwanted)
            with self._lane.slot():
                taken, refusal = self._once(call, address, token, take)
            if refusal is None:
                return taken  # type: ignore[return-value] # it is there where nothing was refused
            if refusal.status == 401 and unwanted is None:
                unwanted = token
                continue
            if not _comes_back(refusal, call):
                raise refusal
            self._lane.hold(backoff(attempt) if refusal.wait is None else refusal.wait)
            if self._waited + self._lane.busy_for > PATIENCE:
                raise refusal
        assert refusal is not None
        raise refusal

    def _once(
        self, call: Call, address: str, token: str, take: Callable[[httpx.Response], T]
    ) -> tuple[T | None, Refused | None]:
        prefer = f"{_IMMUTABLE}, {call.prefer}" if call.prefer else _IMMUTABLE
        headers = {"Authorization": f"Bearer {token}", "Prefer": prefer, "Accept": "application/json"}
        if call.target.endswith("/$value"):
            headers["Accept"] = "*/*"
        if call.body is not None:
            headers["Content-Type"] = call.kind
        with self._client.stream(call.method, address, content=call.body, headers=headers) as response:
            if response.is_success:
                return take(response), None
            return None, _refusal(response)

    def _wait(self, seconds: float) -> None:
        """Waits, unless that is more than there is patience for."""
        if not seconds:
            return
        if self._waited + seconds > PATIENCE:
            raise Refused(429, wait=seconds)
        self._waited += seconds
        self._rest(seconds)

    def _address(self, target: str) -> str:
        if target.startswith("/"):
            return f"{self._place.server}/v1.0{target}"
        return self.pinned(target)

    def _is_ours(self, address: str) -> bool:
        return _origin(address) == _origin(self._place.server)


def path(*parts: str) -> str:
    """A path from names that may hold anything."""
    return "".join(f"/{quote(part, safe='@$')}" for part in parts)


def client(context: Any, timeout: float) -> httpx.Client:
    """Verifies by `context`, follows no redirection, and says who asks."""
    return httpx.Client(
        verify=context,
        timeout=timeout,
        follow_redirects=False,
        headers={"User-Agent": f"Firstline/{__version__}"},
        limits=httpx.Limits(max_connections=4, max_keepalive_connections=2),
    )


def _origin(address: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(address)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return "", "", None
    named = parts.username is not None or parts.password is not None
    return ("", "", None) if named else (parts.scheme, (parts.hostname or "").rstrip("."), port)


def _comes_back(refusal: Refused, call: Call) -> bool:
    """Whether asking again can help. What must happen once is asked again only where Graph did not look at it."""
    if refusal.code in LIMITED:
        return False
    return refusal.status == 429 if call.once else refusal.is_busy


def _refusal(response: httpx.Response) -> Refused:
    wait = told_wait(response.headers)
    try:
        told = json.loads(b"".join(_capped(response, _LONGEST_ERROR)))
        error = told["error"]
        return Refused(response.status_code, str(error["code"]), str(error.get("message", "")), wait)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Refused(response.status_code, wait=wait)


def _object(response: httpx.Response) -> dict[str, Any]:
    raw = b"".join(_capped(response, _LONGEST_ANSWER))
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError) as error:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        raise NotGraph(kind if kind and "json" not in kind else "JSON") from error
    if not isinstance(told, dict):
        raise NotGraph("JSON")
    return told


def _object_or_none(response: httpx.Response) -> dict[str, Any]:
    if response.status_code in {202, 204}:
        return {}
    return _object(response)


def _bytes(response: httpx.Response, most: int) -> bytes | int:
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > most and "Content-Encoding" not in response.headers:
        return int(announced)
    raw = b"".join(_capped(response, most))
    return raw if len(raw) <= most else len(raw)


def _capped(response: httpx.Response, most: int) -> Iterator[bytes]:
    """What comes, until it is more than `most`."""
    taken = 0
    for each in response.iter_bytes(64 * 1024):
        yield each
        taken += len(each)
        if taken > most:
            return
