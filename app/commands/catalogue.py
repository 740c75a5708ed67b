"""`firstline catalogue show|apply FILE`: teams, people, organisations, applications and routing rules as one file."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from app.commands.output import line
from app.models.errors import KnownError
from app.services.catalogue import apply_catalogue, write_catalogue
from app.services.desk import Desk
from app.services.wording import tr


def add_parser(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="show|apply")
    verbs.add_parser("show", help="print the catalogue as TOML")
    applying = verbs.add_parser("apply", help="add and change what the file says; its rules replace the old ones")
    applying.add_argument("file", type=Path, metavar="FILE")


def run(desk: Desk, arguments: Namespace) -> int:
    if arguments.verb == "show":
        line(write_catalogue(desk.database).rstrip())
        return 0
    try:
        text = arguments.file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError("file.cannot_read", file=arguments.file, reason=str(error)) from error
    apply_catalogue(desk.database, desk.actor or desk.system, text)
    line(tr("cli.catalogue.applied"))
    return 0
