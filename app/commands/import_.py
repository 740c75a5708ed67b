"""`firstline import FILE`: read an export into an empty database."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from app.commands.output import line
from app.models.errors import KnownError
from app.services.database import secure, upgrade
from app.services.desk import Desk
from app.services.transfer import import_desk
from app.services.wording import tr


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="as `firstline export` wrote it")


def run(desk: Desk, arguments: Namespace) -> int:
    upgrade(desk.backstage)
    secure(desk.backstage)
    try:
        counts = import_desk(desk.backstage, arguments.file)
    except OSError as error:
        raise KnownError("file.cannot_read", file=arguments.file, reason=error.strerror or str(error)) from error
    told = {"rows": sum(counts.values()), "tickets": counts["ticket"], "messages": counts["message"]}
    line(tr("transfer.imported", file=arguments.file, **told))
    return 0
