"""How targets are reached: connections with their allow-lists and their secrets."""

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.models.errors import Conflict, KnownError, NotAllowed
from app.models.records.desk import Actor
from app.models.records.runs import Connection
from app.models.records.scripts import Manifest, Transport
from app.models.rules.permissions import Action, may
from app.models.rules.service_addresses import require_address
from app.models.tables import Agent, RemoteConnection
from app.services.database import Database, Work
from app.services.remote_help.allowing import is_everywhere, require_allowed, require_targets
from app.services.remote_help.transports.carriers import carrier_of
from app.services.remote_help.transports.interface import Options
from app.services.secrets import Secrets

TOPIC = "remote_connection"


def save(database: Database, actor: Actor, wanted: Connection, seen: Connection | None = None) -> None:
    """Add or change one, which is as it was `seen` still.

    `KnownError` `remote.bad_options` with the field, `remote.name_taken`, `remote.tests_everywhere`, those of
    `require_address` and `require_targets`; `Conflict` `remote.connection_changed`, `remote.connection_gone`;
    `NotAllowed`.
    """
    if not may(actor, Action.ADMINISTER):
        raise NotAllowed("not_allowed.administer")
    if wanted.for_tests and any(map(is_everywhere, wanted.targets)):
        raise KnownError("remote.tests_everywhere")
    require_address(wanted.transport, wanted.address)
    require_targets(wanted.transport, wanted.targets)
    try:
        options = carrier_of(wanted.transport).options.model_validate(wanted.options)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise KnownError("remote.bad_options", field=place, reason=first["msg"]) from error
    try:
        _write(database, actor, wanted, options, seen)
    except IntegrityError as error:
        raise KnownError("remote.name_taken", name=wanted.name) from error


def _write(database: Database, actor: Actor, wanted: Connection, options: Options, seen: Connection | None) -> None:
    with database.write(actor) as work:
        row = work.session.get(RemoteConnection, wanted.id)
        if seen is not None:
            _require_as_seen(work, row, seen)
        if row is None:
            row = RemoteConnection(id=wanted.id)
            work.session.add(row)
        row.name, row.transport, row.address = wanted.name, wanted.transport.value, wanted.address
        row.user_name, row.targets = wanted.user_name, list(wanted.targets)
        row.options = options.model_dump(mode="json", exclude_unset=True)
        row.asks_password, row.for_tests, row.saved_by_id = wanted.asks_password, wanted.for_tests, actor.id
        work.changed(TOPIC, wanted.id)
        told: dict[str, object] = {
            "name": wanted.name,
            "address": wanted.address,
            "user": wanted.user_name,
            "targets": wanted.targets,
        }
        told |= {"for_tests": wanted.for_tests}
        work.audit("remote.connection_saved", wanted.id, after=told)


def _require_as_seen(work: Work, row: RemoteConnection | None, seen: Connection) -> None:
    if row is None:
        raise Conflict("remote.connection_gone", name=seen.name)
    if _record(row) != seen:
        by = work.session.scalar(select(Agent.name).where(Agent.id == row.saved_by_id)) or ""
        raise Conflict("remote.connection_changed", name=seen.name, by=by)


def remove(database: Database, actor: Actor, connection_id: UUID) -> None:
    """`NotAllowed`."""
    if not may(actor, Action.ADMINISTER):
        raise NotAllowed("not_allowed.administer")
    with database.write(actor) as work:
        work.session.execute(delete(RemoteConnection).where(RemoteConnection.id == connection_id))
        work.changed(TOPIC, connection_id)
        work.audit("remote.connection_removed", connection_id)


def listed(database: Database) -> list[Connection]:
    """By name."""
    with database.read() as session:
        return [_record(each) for each in session.scalars(select(RemoteConnection).order_by(RemoteConnection.name))]


def fitting(database: Database, manifest: Manifest, tester: Actor | None = None) -> list[Connection]:
    """Those that a script may go by: of its transport, and named as it asks. `KnownError` `remote.no_connection`.

    Where `tester` tries a script of their own, those that somebody else said are there for that, whatever their names:
    `remote.no_test_connection`.
    """
    carried = [each for each in listed(database) if each.transport is manifest.transport]
    if tester is not None:
        found = [each for each in carried if each.for_tests and (each.saved_by is None or each.saved_by != tester.id)]
        if not found:
            raise KnownError("remote.no_test_connection", transport=manifest.transport.value)
        return found
    found = meant(carried, manifest)
    if not found:
        raise KnownError("remote.no_connection", transport=manifest.transport.value, name=manifest.run_as or "*")
    return found


def meant(known: Sequence[Connection], manifest: Manifest) -> list[Connection]:
    """Those of them that carry the script and are named as it asks."""
    named = (manifest.run_as or "*").casefold()
    return [each for each in known if each.transport is manifest.transport and fnmatchcase(each.name.casefold(), named)]


def serving(
    database: Database, manifest: Manifest, names: Sequence[str], tester: Actor | None = None
) -> list[Connection]:
    """The connections of these names, for a script that goes to a service; the only one where none is named.

    `KnownError` `remote.no_connection`, `remote.which_connection`, `remote.other_connection`.
    """
    there = fitting(database, manifest, tester)
    by_name = {each.name.casefold(): each for each in there}
    told = ", ".join(each.name for each in there)
    if not names and len(there) > 1:
        raise KnownError("remote.which_connection", names=told)
    for each in names:
        if each.casefold() not in by_name:
            raise KnownError("remote.other_connection", name=each, names=told)
    return [by_name[each.casefold()] for each in names] or there


def reaching(database: Database, manifest: Manifest, target: str, tester: Actor | None = None) -> Connection:
    """The connection that a script reaches a target by: the first of those that fit which may.

    `KnownError` of `fitting`, `remote.not_allowed`.
    """
    refused: KnownError | None = None
    for each in fitting(database, manifest, tester):
        try:
            require_allowed(each, target)
        except KnownError as error:
            refused = error
        else:
            return each
    assert refused is not None
    raise refused


def _record(row: RemoteConnection) -> Connection:
    return Connection(
        row.id,
        row.name,
        Transport(row.transport),
        row.address,
        row.user_name,
        tuple(row.targets),
        row.options,
        row.asks_password,
        row.for_tests,
        row.saved_by_id,
    )


def secrets_of(secrets: Secrets, connection: Connection) -> Callable[[str], str | None]:
    """The connection's secrets out of this computer's keyring."""
    return lambda name: secrets.get(secret_name(connection.name, name))


def secret_name(connection: str, name: str) -> str:
    """What a secret of a connection is called in the keyring."""
    return f"remote/{connection}/{name}"
