"""`firstline scripts run`: one script on one or more targets, with what it says as it comes."""

import sys
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from getpass import getpass
from pathlib import Path

from app.commands.output import as_json, line
from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.records.runs import Connection, Ended, Line, Outcome, Run, Stream, UploadedFile
from app.models.records.scripts import SERVICES, Manifest, ParameterType, Transport
from app.services.desk import Desk
from app.services.remote_help import agreeing, connections, host_keys, recording, registry
from app.services.remote_help.laying_out import laid_out
from app.services.remote_help.preparing import Prepared, Wanted, prepare
from app.services.remote_help.running import Running
from app.services.remote_help.transports.carriers import carrier_of
from app.services.tickets import reading
from app.services.whole_file import read_whole
from app.services.wording import tr, tr_error


def run(desk: Desk, actor: Actor, arguments: Namespace) -> int:
    """0 where it succeeded on every target."""
    wanted = _wanted(desk, arguments)
    prepared = prepare(desk.database, actor, desk.secrets, wanted)
    if arguments.preview:
        for target, words in prepared.previews():
            line(f"{target}  {words}")
        return 0
    if passwords := _typed(prepared):
        wanted = replace(wanted, passwords=passwords)
        prepared = prepare(desk.database, actor, desk.secrets, wanted)
    if recording.needs_second(prepared) and arguments.agreed is None:
        line(tr("cli.scripts.asked", run=recording.ask(desk.database, actor, prepared)))
        return 1
    told, unknown = _run(desk, actor, prepared, arguments)
    if unknown and arguments.pin:
        for each in unknown:
            facts = each.facts
            host_keys.pin(desk.database, actor, str(facts["host"]), int(str(facts["port"])), str(facts["key"]))
            line(tr("cli.scripts.pinned", host=facts["host"], fingerprint=facts["fingerprint"]))
        told, _ = _run(desk, actor, prepare(desk.database, actor, desk.secrets, wanted), arguments)
    if arguments.json:
        as_json(told)
    else:
        _show_results(told)
    return 0 if told.outcome is Outcome.SUCCEEDED else 1


def connect(desk: Desk, actor: Actor, arguments: Namespace) -> int:
    """Add or change a connection; its secrets go into this computer's keyring."""
    name, transport = arguments.name, Transport(arguments.transport)
    known = next((each for each in connections.listed(desk.database) if each.name == name), None)
    before = known if known is not None and known.transport is transport else None
    asks = _as_it_was(arguments.ask_password, before is not None and before.asks_password)
    if transport not in SERVICES and not arguments.allow:
        raise KnownError("cli_scripts.no_allow", transport=transport.value)
    if transport is Transport.SSH and not arguments.user:
        raise KnownError("cli_scripts.no_user")
    if arguments.ask_password and "asks_password" not in carrier_of(transport).asks:
        raise KnownError("cli_scripts.never_asks", transport=transport.value)
    options = {option: _option(value) for option, value in map(_pair, arguments.option)}
    made = Connection(
        known.id if known is not None else new_id(),
        name,
        transport,
        arguments.address,
        arguments.user,
        tuple(arguments.allow),
        options,
        asks_password=asks,
        for_tests=_as_it_was(arguments.for_tests, before is not None and before.for_tests),
    )
    connections.save(desk.database, actor, made)
    for secret, file in map(_pair, arguments.secret):
        if not file.startswith("@"):
            raise KnownError("cli_scripts.no_file", name=secret)
        text = read_whole(Path(file[1:])).decode("utf-8", "replace")
        kept = text if secret == "key" else text.rstrip("\r\n")  # noqa: S105 - the name of a kind
        desk.secrets.set(connections.secret_name(name, secret), kept)
    line(tr("cli.scripts.connected", name=name))
    return 0


def _as_it_was(said: bool | None, before: bool) -> bool:
    return before if said is None else said


def _typed(prepared: Prepared) -> dict[str, str]:
    """The passwords of connections that ask for theirs each time, by the connection's name."""
    by = {each.connection.name: each.connection for each in prepared.jobs if each.connection.asks_password}
    return {name: getpass(tr("cli.scripts.password", name=name, user=each.user_name)) for name, each in by.items()}


def _option(value: str) -> str:
    """As it is written, or what a file holds: the certificate of an authority, say."""
    return read_whole(Path(value[1:])).decode("utf-8", "replace") if value.startswith("@") else value


def _run(desk: Desk, actor: Actor, prepared: Prepared, arguments: Namespace) -> tuple[Run, list[KnownError]]:
    if arguments.agreed is not None:
        agreeing.begin_agreed(desk.database, actor, arguments.agreed, prepared)
    run_id = arguments.agreed or recording.ask(desk.database, actor, prepared)
    shows = not arguments.json
    running = Running(desk.database, actor, prepared, run_id, _heard if shows else _unheard, _over if shows else _aside)
    return running.run(), list(running.unknown)


def _wanted(desk: Desk, arguments: Namespace) -> Wanted:
    found = registry.found(desk.database, arguments.script, approved=not arguments.test)
    manifest, test_of = found.manifest, found.id if arguments.test else None
    ticket_id = reading.id_of(desk.database, arguments.ticket) if arguments.ticket is not None else None
    given = dict(_value(manifest, each) for each in arguments.param)
    return Wanted(manifest.id, arguments.target, given, ticket_id, arguments.dry_run, arguments.consent, test_of)


def _value(manifest: Manifest, text: str) -> tuple[str, object]:
    """`NAME=VALUE`; of a secret or a file the value is `@FILE`, for a command line is there for all to see."""
    name, value = _pair(text)
    kind = next((each.type for each in manifest.parameters if each.name == name), None)
    if kind in (ParameterType.SECRET, ParameterType.FILE):
        if not value.startswith("@"):
            raise KnownError("cli_scripts.no_file", name=name)
        content = read_whole(Path(value[1:]))
        if kind is ParameterType.FILE:
            return name, UploadedFile(Path(value[1:]).name, content)
        return name, content.decode("utf-8", "replace").rstrip("\r\n")
    return name, value


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise KnownError("cli.bad_setting", text=text)
    return name, value


def _heard(target: str, said: Line) -> None:
    mark = "!" if said.stream is Stream.ERROR else ":"
    line(f"{target}{mark} {said.text}")


def _unheard(_target: str, _said: Line) -> None:
    """Told at the end, as JSON."""


def _over(target: str, end: Ended, revealed: Mapping[str, str]) -> None:
    for label, secret in revealed.items():
        line(f"{target}  {label}: {secret}")
    outcome = tr(f"run_outcome.{end.outcome.value}")
    line(tr("cli.scripts.over", target=target, outcome=outcome, remote=tr(f"run_remote.{end.remote.value}")))
    if end.problem is not None:
        line(tr_error(end.problem))


def _show_results(told: Run) -> None:
    """The tables and documents, each under its target."""
    for each in told.results:
        if text := laid_out(each.document):
            line(f"{each.target}\n{text}")


def _aside(target: str, _end: Ended, revealed: Mapping[str, str]) -> None:
    """All else is told at the end, as JSON. What is shown once is no part of that, and must not be lost either."""
    for label, secret in revealed.items():
        line(f"{target}  {label}: {secret}", sys.stderr)
