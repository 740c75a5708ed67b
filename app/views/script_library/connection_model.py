"""What a connection is asked for, by its transport, and what is to be said of it. Pure: it needs no widget."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.runs import Connection
from app.models.records.scripts import Transport
from app.services.remote_help.allowing import is_everywhere
from app.services.remote_help.connections import secret_name
from app.services.remote_help.transports.carriers import carrier_of
from app.services.remote_help.transports.interface import Asked, Options
from app.services.secrets import variable
from app.services.wording import tr


@dataclass(frozen=True, slots=True)
class Entered:
    """What stands in the form; `targets` one a line."""

    name: str
    transport: Transport
    address: str
    user_name: str
    targets: str
    asks_password: bool
    for_tests: bool


def asks(transport: Transport) -> frozenset[Asked]:
    """The fields that a connection of that transport has, beside name and options."""
    return carrier_of(transport).asks


def secrets_of(transport: Transport) -> tuple[str, ...]:
    return carrier_of(transport).secrets


def options_of(transport: Transport) -> type[Options]:
    return carrier_of(transport).options


def entries(text: str) -> tuple[str, ...]:
    """The entries of an allow-list, one a line; what stands there twice counts once."""
    return tuple(dict.fromkeys(each.strip() for each in text.splitlines() if each.strip()))


def connection_of(entered: Entered, options: Mapping[str, Any], known: Connection | None) -> Connection:
    """The connection as it is entered. What its transport does not ask for is empty."""
    wanted = asks(entered.transport)
    return replace(
        known or Connection(new_id(), entered.name.strip(), entered.transport, "", "", (), {}),
        address=entered.address.strip() if "address" in wanted else "",
        user_name=entered.user_name.strip() if "user_name" in wanted else "",
        targets=entries(entered.targets) if "targets" in wanted else (),
        options=dict(options),
        asks_password=entered.asks_password if "asks_password" in wanted else False,
        for_tests=entered.for_tests,
    )


def problems_of(connection: Connection) -> Mapping[str, str]:
    """What is missing, by line."""
    wanted, found = asks(connection.transport), {}
    if not connection.name:
        found["name"] = tr("form.required")
    if "targets" in wanted and "address" not in wanted and not connection.targets:
        found["targets"] = tr("connection_page.no_targets")
    if connection.for_tests and any(map(is_everywhere, connection.targets)):
        found["targets"] = tr("error.remote.tests_everywhere")
    return found


def doubts_of(targets: Iterable[str]) -> str:
    """What is to be thought over before an allow-list is stored; empty where there is nothing."""
    wide = [each for each in targets if is_everywhere(each)]
    return tr("connection_page.everywhere", pattern=wide[0]) if wide else ""


def secret_hint(connection: str, name: str, kept: frozenset[str], *, keyring: bool) -> str:
    """Whether this computer has the secret, and where it would be told where there is no keyring."""
    whole = secret_name(connection or "NAME", name)
    state = tr("connection_page.is_set" if whole in kept else "connection_page.not_set")
    if keyring:
        return state
    return f"{state} {tr('connection_page.no_keyring', variable=variable(whole))}"


def line_of(error: KnownError) -> str:
    """The line of the form that a refusal is about; empty where it is about none."""
    lines = {
        "remote.name_taken": "name",
        "remote.tests_everywhere": "targets",
        "remote.bad_address": "address",
        "remote.password_in_address": "address",
    }
    return lines.get(error.code, "")


def users_words(keys: Sequence[str]) -> str:
    return tr("connection_page.used_by", keys=", ".join(keys)) if keys else tr("connection_page.used_by_none")
