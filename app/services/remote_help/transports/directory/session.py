"""A session with one domain controller: searched, read and changed; every answer that is an error has its words.

ldap3 works synchronously: a session belongs to one thread. `interrupt` alone may come from another.
"""

import re
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import ldap3
from ldap3.core.exceptions import (
    LDAPCommunicationError,
    LDAPExceptionError,
    LDAPResponseTimeoutError,
)

from app.models.errors import KnownError
from app.services.remote_help.transports.directory.servers import Place, VerifiedTls, certificate_problem

CONNECTING, _ANSWERING = 10, 20
"""Seconds until a server that says nothing counts as not there, and until one that was asked does."""

_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_NEVER = (0, 0x7FFFFFFFFFFFFFFF)
_SUB_CODE = re.compile(r"\bdata ([0-9a-f]{3,8})\b", re.IGNORECASE)
_SIGN_IN = {
    "525": "no_such_user",
    "52e": "wrong_password",
    "530": "not_now",
    "531": "not_here",
    "532": "password_expired",
    "533": "disabled",
    "701": "expired",
    "773": "must_change",
    "775": "locked",
}
"""What Active Directory says besides "invalid credentials" (https://learn.microsoft.com/windows/win32/debug/system-error-codes)."""

_REFUSED = {
    1: "operations",
    8: "strong_authentication",
    10: "referral",
    11: "admin_limit",
    32: "gone",
    50: "denied",
    51: "server_busy",
    52: "server_busy",
}
_POLICY = "0000052D"
"""ERROR_PASSWORD_RESTRICTION: in front of what a domain controller says of a password that its policy refuses."""

_SIZE_LIMIT = 4


class Lost(KnownError):
    """The connection broke after something was asked."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One object: its name, and the values of its attributes as bytes; attributes in lower case."""

    dn: str
    values: Mapping[str, Sequence[bytes]]

    def texts(self, name: str) -> list[str]:
        return [each.decode("utf-8", "replace") for each in self.values.get(name.casefold(), ())]

    def text(self, name: str) -> str:
        return next(iter(self.texts(name)), "")

    def number(self, name: str) -> int:
        """0 where there is none."""
        told = self.text(name)
        return int(told) if re.fullmatch(r"-?\d{1,20}", told) else 0

    def instant(self, name: str) -> datetime | None:
        """A point in time as Active Directory counts it: in 100 ns since 1601, UTC; None for never."""
        told = self.number(name)
        if told in _NEVER or told < 0:
            return None
        try:
            return _EPOCH + timedelta(microseconds=told // 10)
        except OverflowError:
            return None


@dataclass
class Session:
    """`writing` holds from before a change is sent until its answer is there."""

    place: Place
    user: str
    _password: str = field(repr=False)
    _tls: VerifiedTls = field(repr=False)
    writing: bool = field(default=False, init=False)
    _connection: Any = field(default=None, init=False, repr=False)

    def sign_in(self) -> None:
        """Connect, make sure who that is, and sign in; the password is forgotten after that.

        `KnownError`: `directory.unknown_host`, `refused_port`, `no_answer`, `unreachable`, `certificate_...`, `no_tls`,
        and `directory.sign_in.<why>`; `Lost`.
        """
        self._open()
        with _answers(self.place):
            signed_in = self._connection.bind(read_server_info=False)
        self._password, self._connection.password = "", None
        if signed_in:
            return
        message = str(self._connection.result["message"])
        sub_code = _SUB_CODE.search(message)
        why = _SIGN_IN.get(sub_code[1].lower().lstrip("0"), "refused") if sub_code is not None else "refused"
        raise KnownError(f"directory.sign_in.{why}", user=self.user, server=str(self.place), reason=_first(message))

    def search(
        self, base: str, condition: str, attributes: Iterable[str], *, scope: str = ldap3.SUBTREE, most: int = 0
    ) -> list[Entry]:
        """At most `most`, all where that is 0. `KnownError`; `Lost`."""
        with _answers(self.place):
            self._connection.search(
                base, condition, scope, attributes=list(attributes), size_limit=most, get_operational_attributes=False
            )
            result, told = self._connection.result, self._connection.response or []
        if result["result"] not in (0, _SIZE_LIMIT):
            raise self._refusal(result)
        return [_entry(each) for each in told if each["type"] == "searchResEntry"]

    def read(self, dn: str, attributes: Iterable[str]) -> Entry:
        """`KnownError` `directory.gone` where it is not there."""
        found = self.search(dn, "(objectClass=*)", attributes, scope=ldap3.BASE)
        if not found:
            raise KnownError("directory.gone", server=str(self.place))
        return found[0]

    def modify(self, dn: str, changes: Mapping[str, Sequence[tuple[str, Sequence[bytes]]]]) -> None:
        """All of it or nothing. `KnownError` where nothing was changed; `Lost` where nobody knows."""
        told = {name: [(kind, list(values)) for kind, values in each] for name, each in changes.items()}
        self.writing = True
        with _answers(self.place):
            self._connection.modify(dn, told)
            result = self._connection.result
        self.writing = False
        if result["result"]:
            raise self._refusal(result)

    def interrupt(self) -> None:
        """Break what it waits for, from any thread."""
        with suppress(OSError, AttributeError):
            self._connection.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if self._connection is None:
            return
        kept = self._connection.socket
        with suppress(LDAPExceptionError, OSError):
            self._connection.unbind()
        if kept is not None:  # ldap3 forgets one that it could not connect
            kept.close()

    def _open(self) -> None:
        """To the first of the host's addresses that answers."""
        facts = {"host": self.place.host, "port": self.place.port}
        try:
            found = socket.getaddrinfo(self.place.host, self.place.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise KnownError("directory.unknown_host", **facts) from error
        problem: KnownError | None = None
        for address in dict.fromkeys(str(each[4][0]) for each in found):
            self._connection = self._connection_to(address)
            try:
                self._connection.open(read_server_info=False)
            except LDAPExceptionError as error:
                self.close()
                if self._tls.refused is not None:
                    raise certificate_problem(self._tls.refused, self.place) from error
                problem = _unreachable(error, facts)
            else:
                return
        assert problem is not None
        raise problem

    def _connection_to(self, address: str) -> Any:
        server = ldap3.Server(
            address, self.place.port, use_ssl=True, tls=self._tls, get_info=ldap3.NONE, connect_timeout=CONNECTING
        )
        return ldap3.Connection(
            server,
            self.user,
            self._password,
            auto_referrals=False,
            check_names=False,
            receive_timeout=_ANSWERING,
            return_empty_attributes=False,
            raise_exceptions=False,
        )

    def _refusal(self, result: Mapping[str, Any]) -> KnownError:
        code, message = int(result["result"]), str(result["message"] or "").strip()
        facts = {"server": str(self.place), "reason": _first(message) or str(code)}
        if message.upper().startswith(_POLICY):
            return KnownError("directory.policy", **facts)
        if code == 10:
            named = [re.sub(r"^ldaps?://([^/]*).*$", r"\1", each) for each in result["referrals"] or ()]
            facts["reason"] = ", ".join(named)
        return KnownError(f"directory.{_REFUSED.get(code, 'refused')}", number=code, **facts)


def new_session(place: Place, authorities: str, user: str, password: str) -> Session:
    """Nothing is sent before it signs in. `KnownError` `directory.bad_ca`."""
    return Session(place, user, password, VerifiedTls(place.host, authorities, CONNECTING))


def _unreachable(error: Exception, facts: Mapping[str, Any]) -> KnownError:
    """ldap3 makes a class that is its own and the system's."""
    if isinstance(error, ConnectionRefusedError):
        return KnownError("directory.refused_port", **facts)
    if isinstance(error, TimeoutError):
        return KnownError("directory.no_answer", seconds=CONNECTING, **facts)
    code = "directory.no_tls" if isinstance(error, ConnectionResetError) else "directory.unreachable"
    return KnownError(code, reason=str(error)[:200], **facts)


@contextmanager
def _answers(place: Place) -> Iterator[None]:
    """What ldap3 raises when a connection breaks, as `Lost`."""
    try:
        yield
    except (LDAPCommunicationError, LDAPResponseTimeoutError, OSError) as error:
        raise Lost("directory.lost", server=str(place), reason=str(error)[:200]) from error


def _entry(told: Mapping[str, Any]) -> Entry:
    values = {name.casefold(): list(each) for name, each in told["raw_attributes"].items() if each}
    return Entry(str(told["dn"]), values)


def _first(message: str) -> str:
    return message.partition("\n")[0].strip("\0\r ")[:300]
