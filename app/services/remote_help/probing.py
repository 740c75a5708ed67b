"""Whether a connection reaches what it is meant to: asked before it is stored, or at any time after."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from app.models.errors import KnownError
from app.models.records.runs import Connection
from app.services.database import Database
from app.services.remote_help import connections, host_keys
from app.services.remote_help.allowing import require_allowed
from app.services.remote_help.transports.carriers import carrier_of
from app.services.remote_help.transports.interface import Probe, Reach
from app.services.secrets import Secrets

PATIENCE = 45.0
"""Seconds after which nobody waits any more, whatever a transport thinks of it."""

_SSH_PORT = 22


def probe(
    database: Database, secrets: Secrets, connection: Connection, target: str, entered: Mapping[str, str]
) -> Sequence[Probe]:
    """Each step that worked; `entered` are secrets that the keyring does not have. Waits for the other machine.

    `KnownError` `remote.no_test_target`, `remote.not_allowed`, `remote.test_too_long`, and those of the transport.
    """
    carrier = carrier_of(connection.transport)
    target = target.strip().casefold().removesuffix(".") or connection.address
    if "targets" in carrier.asks and not connection.address:
        if not target:
            raise KnownError("remote.no_test_target")
        require_allowed(connection, target)
    kept = connections.secrets_of(secrets, connection)
    keys = host_keys.pinned(database, target, int(connection.options.get("port", _SSH_PORT)))
    reach = Reach(target, connection, lambda name: entered.get(name) or kept(name), keys)
    return asyncio.run(_within(carrier.probe(reach), connection))


async def _within(probing: Coroutine[Any, Any, Sequence[Probe]], connection: Connection) -> Sequence[Probe]:
    try:
        return await asyncio.wait_for(probing, PATIENCE)
    except TimeoutError as error:
        raise KnownError("remote.test_too_long", name=connection.name, seconds=int(PATIENCE)) from error
