"""`firstline audit verify|show|export|seal`: what was done by whom, and whether nobody altered what tells of it."""

import socket
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from app.commands.output import as_json, line, table
from app.models.errors import KnownError
from app.models.records.audit import AuditEntry
from app.services import audit
from app.services.desk import Desk
from app.services.wording import tr

_WIDEST = 60


def add_parser(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verify|show|export|seal")
    verifying = verbs.add_parser("verify", help="is every entry, and every seal, as it was made?")
    verifying.add_argument("--expect", default="", metavar="HASH", help="the newest hash, as it was noted elsewhere")
    verifying.add_argument("--json", action="store_true")
    showing = verbs.add_parser("show", help="the newest entries first")
    showing.add_argument("--ticket", type=int, metavar="NUMBER")
    showing.add_argument("--actor", default="", metavar="NAME")
    showing.add_argument("--since", metavar="TIME", help="2026-01-31, or 2026-01-31T09:00")
    showing.add_argument("--limit", type=int, default=50, metavar="COUNT")
    showing.add_argument("--json", action="store_true")
    verbs.add_parser("export", help="all of it as JSON Lines").add_argument("file", type=Path, metavar="FILE")
    verbs.add_parser("seal", help="seal what is not sealed yet")


def run(desk: Desk, arguments: Namespace) -> int:
    return {"verify": _verify, "show": _show, "export": _export, "seal": _seal}[arguments.verb](desk, arguments)


def _verify(desk: Desk, arguments: Namespace) -> int:
    """0 where nothing is wrong with the chain, 1 where something is."""
    told = audit.verify(desk.database, arguments.expect.strip().lower())
    if arguments.json:
        as_json(told)
        return int(bool(told.flaws))
    for each in told.findings:
        line(tr(f"audit.flaw.{each.flaw.value}", place=each.place))
    if told.flaws > len(told.findings):
        line(tr("audit.more_flaws", count=told.flaws - len(told.findings)))
    line(tr("audit.counted", sealed=told.sealed, seals=told.seals, waiting=told.waiting, erased=told.erased))
    line(tr("audit.broken") if told.flaws else tr("audit.whole", hash=told.newest))
    return int(bool(told.flaws))


def _show(desk: Desk, arguments: Namespace) -> int:
    since = _instant(arguments.since) if arguments.since else None
    found = audit.entries(
        desk.database, ticket=arguments.ticket, actor=arguments.actor, since=since, limit=arguments.limit
    )
    if arguments.json:
        as_json(found)
        return 0
    rows = [
        (
            each.sequence,
            f"{each.at.astimezone():%Y-%m-%d %H:%M:%S}",
            each.actor,
            each.desk,
            each.action,
            f"#{each.number}" if each.number else "",
            _told(each),
        )
        for each in found
    ]
    columns = ("entry", "at", "actor", "desk", "action", "ticket", "change")
    table([tr(f"audit.column.{each}") for each in columns], rows, _WIDEST)
    return 0


def _export(desk: Desk, arguments: Namespace) -> int:
    count = audit.export(desk.database, arguments.file)
    line(tr("audit.exported", count=count, path=arguments.file))
    return 0


def _seal(desk: Desk, _arguments: Namespace) -> int:
    line(tr("audit.sealed", count=audit.seal(desk.backstage, desk.actor or desk.system, f"{socket.gethostname()}/cli")))
    return 0


def _told(entry: AuditEntry) -> str:
    names = [*entry.before, *(each for each in entry.after if each not in entry.before)]
    return ", ".join(f"{name}: {entry.before.get(name, '')} > {entry.after.get(name, '')}" for name in names)


def _instant(text: str) -> datetime:
    """As it is typed, in this machine's time. `KnownError` `audit.bad_time`."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise KnownError("audit.bad_time", text=text) from error
