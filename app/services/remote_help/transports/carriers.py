"""Which transport is carried by what. Each is imported when it is used, so that the desk starts without any of them."""

from collections.abc import Mapping
from pkgutil import resolve_name
from types import MappingProxyType

from app.models.errors import KnownError
from app.models.records.scripts import Transport
from app.services.remote_help.transports.interface import Carrier

_HERE = "app.services.remote_help.transports"
_CARRIERS: Mapping[Transport, str] = MappingProxyType(
    {
        Transport.SSH: f"{_HERE}.ssh:SshCarrier",
        Transport.WINRM: f"{_HERE}.winrm:WinrmCarrier",
        Transport.LOCAL: f"{_HERE}.local:LocalCarrier",
        Transport.HTTP: f"{_HERE}.http:HttpCarrier",
        Transport.DIRECTORY: f"{_HERE}.directory:DirectoryCarrier",
        Transport.SQL: f"{_HERE}.sql:SqlCarrier",
        Transport.SESSION: f"{_HERE}.session:SessionCarrier",
    }
)


def carried() -> tuple[Transport, ...]:
    """The transports that this desk has something for."""
    return tuple(_CARRIERS)


def carrier_of(transport: Transport) -> Carrier:
    """`KnownError` `remote.no_carrier` where this desk has none."""
    found = _CARRIERS.get(transport)
    if found is None:
        raise KnownError("remote.no_carrier", transport=transport.value)
    carrier: Carrier = resolve_name(found)()
    return carrier
