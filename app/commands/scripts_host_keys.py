"""`firstline scripts host-keys`: the keys that somebody confirmed for hosts, and which are to be forgotten."""

from argparse import ArgumentParser, Namespace

from app.commands.output import as_json, line
from app.models.errors import KnownError
from app.models.records.desk import Actor
from app.services.desk import Desk
from app.services.remote_help import host_keys
from app.services.remote_help.host_keys import PinnedKey
from app.services.wording import tr


def add_arguments(parser: ArgumentParser) -> None:
    words = "forget what is known of a host, on that port or on any; whoever runs a script there is asked again"
    parser.add_argument("--forget", metavar="HOST[:PORT]", help=words)
    parser.add_argument("--json", action="store_true")


def run(desk: Desk, actor: Actor, arguments: Namespace) -> int:
    """`KnownError` `cli_scripts.no_host_key`, `NotAllowed`."""
    known = host_keys.listed(desk.database)
    if arguments.forget is not None:
        _forget(desk, actor, known, arguments.forget)
    elif arguments.json:
        as_json([_told(each) for each in known])
    else:
        for each in known:
            _show(each)
        if not known:
            line(tr("cli.scripts.no_host_keys"))
    return 0


def _forget(desk: Desk, actor: Actor, known: list[PinnedKey], named: str) -> None:
    meant = [each for each in known if named.casefold() in (each.host, f"[{each.host}]", _place(each))]
    if not meant:
        raise KnownError("cli_scripts.no_host_key", host=named)
    for each in meant:
        host_keys.forget(desk.database, actor, each.id)
        line(tr("cli.scripts.forgotten", host=_place(each), fingerprint=each.fingerprint))


def _show(key: PinnedKey) -> None:
    told = {"host": _place(key), "algorithm": key.algorithm, "fingerprint": key.fingerprint}
    line(tr("cli.scripts.host_key", **told, by=key.by or "-", at=f"{key.at:%Y-%m-%d}"))
    if key.shown_at is not None:
        line(tr("cli.scripts.host_key_shown", fingerprint=key.shown, at=f"{key.shown_at:%Y-%m-%d %H:%M} UTC"))


def _told(key: PinnedKey) -> dict[str, object]:
    return {
        "host": key.host,
        "port": key.port,
        "algorithm": key.algorithm,
        "fingerprint": key.fingerprint,
        "by": key.by,
        "at": key.at,
        "shown": key.shown,
        "shown_at": key.shown_at,
    }


def _place(key: PinnedKey) -> str:
    """Host and port as one word; the address of an IPv6 host stands in brackets."""
    host = f"[{key.host}]" if ":" in key.host else key.host
    return f"{host}:{key.port}"
