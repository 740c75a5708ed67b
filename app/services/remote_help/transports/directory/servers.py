"""How a directory is reached: its servers in their order, the options of a connection, and TLS that is verified."""

import re
import ssl
from dataclasses import dataclass
from typing import Any

from ldap3 import Tls
from pydantic import Field

from app.models.errors import KnownError
from app.models.rules.script_values import is_host
from app.services.remote_help.transports.interface import Options

_PORT = 636
_SERVER = re.compile(r"(?:ldaps://)?(\[[0-9A-Fa-f:]+\]|[^:/\[\]]+)(?::(\d{1,5}))?/?", re.IGNORECASE)


class DirectoryOptions(Options):
    """What a directory wants to be told besides its servers and the account."""

    base: str = Field(default="", title="Where to search", description="Empty: the whole domain.", max_length=1000)
    ca: str = Field(
        default="",
        title="Certificate authority",
        description="The certificate of the company's own authority, as PEM. Empty: those that this computer trusts.",
        max_length=200_000,
    )
    password_length: int = Field(
        default=16, title="Length of new passwords", description="At least; the domain's own rule counts.", ge=8, le=60
    )


@dataclass(frozen=True, slots=True)
class Place:
    """One domain controller."""

    host: str
    port: int

    def __str__(self) -> str:
        return self.host if self.port == _PORT else f"{self.host}:{self.port}"


def places_of(address: str) -> tuple[Place, ...]:
    """The servers that an address names, with spaces or commas between. `KnownError` `directory.bad_address`."""
    found = []
    for each in address.replace(",", " ").split():
        told = _SERVER.fullmatch(each)
        host = told[1].strip("[]") if told is not None else ""
        port = int(told[2] or _PORT) if told is not None else 0
        if not is_host(host) or not 0 < port < 65536:
            raise KnownError("directory.bad_address", given=each[:200])
        found.append(Place(host, port))
    if not found:
        raise KnownError("directory.bad_address", given="")
    return tuple(found)


class VerifiedTls(Tls):  # type: ignore[misc]
    """TLS that checks the certificate and the name in it, as Python's own `ssl` does.

    What ldap3 does by itself compares the name with a function that Python took out, and tells a refusal as text.
    """

    def __init__(self, name: str, authorities: str, patience: float) -> None:
        """`name` is that of the server; `authorities` as PEM, those of this computer where it is empty; `patience` in
        seconds."""
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._name, self._patience = name, patience
        self.refused: ssl.SSLError | None = None
        try:
            self._context = ssl.create_default_context(cadata=authorities or None)
        except (ssl.SSLError, ValueError) as error:
            raise KnownError("directory.bad_ca", reason=str(error)[:200]) from error

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:  # noqa: ARG002
        before = connection.socket.gettimeout()
        connection.socket.settimeout(self._patience)
        try:
            connection.socket = self._context.wrap_socket(
                connection.socket, server_hostname=self._name, do_handshake_on_connect=False
            )
            connection.socket.do_handshake()  # by itself, so that it can be interrupted
            connection.socket.settimeout(before)
        except ssl.SSLError as error:
            self.refused = error
            raise


def certificate_problem(error: ssl.SSLError, place: Place) -> KnownError:
    """Why a server is not who it should be, in a code that has words."""
    code = error.verify_code if isinstance(error, ssl.SSLCertVerificationError) else 0
    if code in (9, 10):  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED
        return KnownError("directory.certificate_time", host=place.host)
    if code in (62, 64):  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
        return KnownError("directory.certificate_name", host=place.host)
    if code:
        told = getattr(error, "verify_message", "")
        return KnownError("directory.certificate_unknown", host=place.host, reason=told)
    return KnownError("directory.no_tls", host=place.host, port=place.port, reason=error.reason or str(error))
