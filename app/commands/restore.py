"""`firstline restore FILE`: an embedded database from a backup; for a shared one it says how."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from app.commands.output import line
from app.models.errors import KnownError
from app.services import backup
from app.services.database import upgrade
from app.services.desk import Desk
from app.services.wording import tr


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="what “firstline backup” has written")


def run(desk: Desk, arguments: Namespace) -> int:
    source = arguments.file.expanduser().absolute()
    if desk.database.is_shared:
        raise KnownError("backup.restore_by_hand", line=backup.restore_line(desk.database, source))
    target = Path(str(desk.database.engine.url.database))
    aside = backup.restore(source, target, desk.clock.now())
    upgrade(desk.database)
    if aside is not None:
        line(tr("cli.backup.aside", file=aside))
    line(tr("cli.backup.restored", file=source))
    return 0
