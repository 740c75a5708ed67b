"""`firstline quarantine`: what could not be taken in, and why; its bytes can be saved as a file."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from uuid import UUID

from app.commands.output import as_json, line, table
from app.services.desk import Desk
from app.services.intake import quarantine
from app.services.whole_file import write_whole
from app.services.wording import tr


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("--save", nargs=2, metavar=("ID", "FILE"), help="write the message to a file")
    parser.add_argument("--json", action="store_true")


def run(desk: Desk, arguments: Namespace) -> int:
    if arguments.save:
        entry, file = arguments.save
        write_whole(Path(file), quarantine.content(desk.database, _id(entry)))
        return 0
    found = quarantine.listed(desk.database)
    if arguments.json:
        as_json([{"entry": each, "words": tr(f"quarantine.{each.problem}", **each.facts)} for each in found])
        return 0
    if not found:
        line(tr("cli.quarantine.empty"))
        return 0
    rows = [
        (each.id, each.channel, each.at, each.size, tr(f"quarantine.{each.problem}", **each.facts)) for each in found
    ]
    table([tr(f"cli.quarantine.{each}") for each in ("id", "channel", "at", "size", "problem")], rows, 100)
    return 0


def _id(text: str) -> UUID:
    """An id nobody has, for a text that is none."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
