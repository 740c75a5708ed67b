"""Which targets a connection may reach: only what stands in its allow-list."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network

from app.models.errors import KnownError
from app.models.records.runs import Connection
from app.models.records.scripts import Transport
from app.models.rules.distinguished_names import parts_of
from app.models.rules.script_values import is_host


def require_allowed(connection: Connection, target: str) -> None:
    """`KnownError` `remote.not_allowed` where the target is none of those that the connection may reach.

    A host that is named is compared by its name alone, one that is told by its address alone: what a name stands for
    may change between the look and the use. In a directory the organisational units count, and the object is looked
    at where it is found.
    """
    if connection.transport is Transport.DIRECTORY:
        return
    if not is_host(target) or not any(covers(each, target) for each in connection.targets):
        raise KnownError("remote.not_allowed", target=target, connection=connection.name)


def require_targets(transport: Transport, targets: Iterable[str]) -> None:
    """Of a directory: `KnownError` `directory.no_name` where one is no distinguished name."""
    if transport is Transport.DIRECTORY:
        for each in targets:
            parts_of(each)


def is_everywhere(pattern: str) -> bool:
    """Whether an entry of an allow-list lets everything through, so that the list says nothing."""
    if not pattern.strip("*.? "):
        return True
    try:
        return ip_network(pattern, strict=False).prefixlen == 0
    except ValueError:
        return False


def covers(pattern: str, target: str) -> bool:
    """Whether an entry of an allow-list stands for a host."""
    try:
        address = ip_address(target)
    except ValueError:
        return fnmatchcase(target.casefold().removesuffix("."), pattern.casefold().removesuffix("."))
    try:
        return address in ip_network(pattern, strict=False)
    except ValueError:
        return False
