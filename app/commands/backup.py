"""`firstline backup FILE`: the whole database as one file, while desks work on it."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from app.commands.output import line
from app.services import backup
from app.services.desk import Desk
from app.services.wording import tr


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a new file; nothing is written over")


def run(desk: Desk, arguments: Namespace) -> int:
    target = arguments.file.expanduser().absolute()
    if desk.database.is_shared:
        size = backup.dump(desk.database, target)
    else:
        size = backup.back_up(Path(str(desk.database.engine.url.database)), target)
    line(tr("cli.backup.done", file=target, size=f"{size / 1_000_000:.1f}"))
    return 0
