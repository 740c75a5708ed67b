"""`firstline import FILE`: an export into an empty database, or `--from` another product into this one."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from app.commands.output import line
from app.models.errors import KnownError
from app.services.database import secure, upgrade
from app.services.desk import Desk
from app.services.importing import SOURCES, Mapping, bring, propose, read_mapping, read_source
from app.services.transfer import import_desk
from app.services.whole_file import write_whole
from app.services.wording import tr


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="PATH", help="as `firstline export` wrote it; else what --from wrote"
    )
    parser.add_argument("--from", choices=sorted(SOURCES), dest="foreign", help="another product's export")
    parser.add_argument("--mapping", type=Path, metavar="FILE", help="which of its words are which of ours")
    parser.add_argument("--propose", type=Path, metavar="FILE", help="write a mapping to be read over, and end")
    parser.add_argument("--dry-run", action="store_true", help="tell what would be brought; write nothing")


def run(desk: Desk, arguments: Namespace) -> int:
    if arguments.foreign is not None:
        return _propose(desk, arguments) if arguments.propose else _bring(desk, arguments)
    upgrade(desk.backstage)
    secure(desk.backstage)
    try:
        counts = import_desk(desk.backstage, arguments.file)
    except OSError as error:
        raise KnownError("file.cannot_read", file=arguments.file, reason=error.strerror or str(error)) from error
    told = {"rows": sum(counts.values()), "tickets": counts["ticket"], "messages": counts["message"]}
    line(tr("transfer.imported", file=arguments.file, **told))
    return 0


def _propose(desk: Desk, arguments: Namespace) -> int:
    mapping = _mapping(arguments)
    found = read_source(arguments.foreign, arguments.file, mapping.zone, mapping.columns)
    write_whole(arguments.propose, propose(desk.backstage, found).encode())
    line(tr("importing.proposed", file=arguments.propose))
    return 0


def _bring(desk: Desk, arguments: Namespace) -> int:
    """0 where all of it was brought, or can be; 1 where something could not be read or is not mapped."""
    mapping = _mapping(arguments)
    found = read_source(arguments.foreign, arguments.file, mapping.zone, mapping.columns)
    actor = desk.actor or desk.system
    told = bring(desk.backstage, actor, arguments.foreign, found, mapping, dry=arguments.dry_run)
    for each in told.unread:
        line(tr("importing.unread", where=each.where, reason=tr(f"error.{each.reason}")))
    for group, words in told.unmapped.items():
        for word, count in words.most_common():
            line(tr("importing.unmapped", group=group, word=word, count=count))
    facts = {"tickets": told.tickets, "messages": told.messages, "here": told.here}
    line(tr("importing.would_bring", **facts) if arguments.dry_run else tr("importing.brought", **facts))
    return int(bool(told.unread or told.unmapped))


def _mapping(arguments: Namespace) -> Mapping:
    if arguments.mapping is None:
        return Mapping()
    try:
        return read_mapping(arguments.mapping)
    except OSError as error:
        raise KnownError("file.cannot_read", file=arguments.mapping, reason=error.strerror or str(error)) from error
