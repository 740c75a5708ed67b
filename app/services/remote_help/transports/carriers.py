"""Which transport is carried by what."""

from collections.abc import Mapping
from types import MappingProxyType

from app.models.errors import KnownError
from app.models.records.scripts import Transport
from app.services.remote_help.transports.interface import Carrier
from app.services.remote_help.transports.ssh import SshCarrier

CARRIERS: Mapping[Transport, Carrier] = MappingProxyType({Transport.SSH: SshCarrier()})


def carrier_of(transport: Transport) -> Carrier:
    """`KnownError` `remote.no_carrier` where this desk has none."""
    found = CARRIERS.get(transport)
    if found is None:
        raise KnownError("remote.no_carrier", transport=transport.value)
    return found
