"""A run before it begins: which bytes, with which values, where, as whom. Nothing is started anywhere."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy.orm import Session

from app.models.errors import KnownError
from app.models.records.desk import Actor
from app.models.records.runs import Connection, Value
from app.models.records.scripts import Manifest
from app.models.rules.script_values import checked, masked
from app.models.tables import Script
from app.services.database import Database
from app.services.remote_help import connections, host_keys, registry
from app.services.remote_help.transports.carriers import carrier_of
from app.services.remote_help.transports.interface import Job, SecretSource
from app.services.secrets import Secrets

MOST_TARGETS = 200
_SSH_PORT = 22


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for. `given` are values as they were typed; its repr tells none.

    `passwords` are those that connections ask for each time, by the connection's name.
    `test_of` is the stored version that its author tries before anybody approved it: on no ticket.
    """

    key: str
    targets: Sequence[str] = ()
    given: Mapping[str, object] = field(default_factory=dict, repr=False)
    ticket_id: UUID | None = None
    dry_run: bool = False
    consent: str = ""
    test_of: UUID | None = None
    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Prepared:
    """What would run. `jobs` has one for each target; `parameters` are masked."""

    wanted: Wanted
    script_id: UUID
    manifest: Manifest
    jobs: Sequence[Job]
    parameters: Mapping[str, str | int | bool | None]

    def without_values(self) -> "Prepared":
        """What is left once it has run: secrets leave the memory early."""
        return replace(self, wanted=replace(self.wanted, given={}), jobs=())

    def previews(self) -> list[tuple[str, str]]:
        """By target exactly what will be done there."""
        carrier = carrier_of(self.manifest.transport)
        return [(each.target, carrier.preview(each)) for each in self.jobs]


def prepare(database: Database, actor: Actor, secrets: Secrets, wanted: Wanted) -> Prepared:
    """All that can be refused before anything runs is refused here.

    `KnownError` of `registry.found`, `registry.package`, `checked`, `connections.reaching` and `serving`, and
    `script.no_target`, `script.too_many_targets`, `script.no_dry_run`, `script.no_consent`; `NotAllowed`.
    """
    if wanted.test_of is not None:
        registered = registry.version(database, wanted.test_of)
        wanted = replace(wanted, ticket_id=None)
    else:
        registered = registry.found(database, wanted.key, approved=True)
    manifest = registered.manifest
    if wanted.dry_run and not manifest.dry_run:
        raise KnownError("script.no_dry_run", name=manifest.id)
    is_real = not wanted.dry_run and wanted.test_of is None
    if manifest.consent and is_real and not wanted.consent.strip():
        raise KnownError("script.no_consent", name=manifest.id)
    values = checked(manifest, wanted.given)
    with database.read() as session:
        registry.require_may(session, actor, _row(session, registered.id), test=wanted.test_of is not None)
        package = registry.package(session, registered.id)
    jobs = []
    tester = actor if wanted.test_of is not None else None
    for target, connection in _reached(database, manifest, wanted.targets, tester):
        port = int(connection.options.get("port", _SSH_PORT))
        jobs.append(
            Job(
                package,
                target,
                connection,
                _secret_source(secrets, connection, wanted),
                values,
                float(manifest.timeout),
                wanted.dry_run,
                host_keys.pinned(database, target, port),
            )
        )
    return Prepared(wanted, registered.id, manifest, jobs, masked(manifest, values))


def secret_values(manifest: Manifest, values: Mapping[str, Value]) -> list[str]:
    """What must be told nowhere."""
    hidden = {each.name for each in manifest.parameters if each.type == "secret"}
    return [str(value) for name, value in values.items() if name in hidden and value]


def _secret_source(secrets: Secrets, connection: Connection, wanted: Wanted) -> SecretSource:
    """The keyring, but for a password that is typed each time."""
    kept, typed = connections.secrets_of(secrets, connection), wanted.passwords.get(connection.name)
    if not connection.asks_password:
        return kept
    return lambda name: typed if name == "password" else kept(name)


def distinct(targets: Sequence[str]) -> list[str]:
    """Each target once, by the name that its run is known by."""
    return list(dict.fromkeys(each.strip().casefold().removesuffix(".") for each in targets if each.strip()))


def _reached(
    database: Database, manifest: Manifest, targets: Sequence[str], tester: Actor | None
) -> list[tuple[str, Connection]]:
    """Hosts with the connection that reaches each; or services, which are named by their connections."""
    named = distinct(targets)
    if not manifest.takes_target:
        served = connections.serving(database, manifest, named, tester)
        return [(each.address or platform.node().casefold(), each) for each in served]
    if not named:
        raise KnownError("script.no_target", name=manifest.id)
    if len(named) > MOST_TARGETS:
        raise KnownError("script.too_many_targets", most=MOST_TARGETS)
    return [(each, connections.reaching(database, manifest, each, tester)) for each in named]


def _row(session: Session, script_id: UUID) -> Script:
    return session.get_one(Script, script_id)
