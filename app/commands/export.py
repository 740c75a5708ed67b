"""`firstline export FILE`: the whole desk as JSON Lines."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from app.commands.output import line
from app.services.desk import Desk
from app.services.transfer import export_desk
from app.services.wording import tr


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="compressed where it ends in .gz")


def run(desk: Desk, arguments: Namespace) -> int:
    counts = export_desk(desk.backstage, arguments.file)
    told = {"rows": sum(counts.values()), "tickets": counts["ticket"], "messages": counts["message"]}
    line(tr("transfer.exported", file=arguments.file, **told))
    return 0
