"""`firstline retention --older-than 3y`: erase the words of what was closed long ago; what is counted stays."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import timedelta

from app.commands.output import as_json, line
from app.services import erasure
from app.services.desk import Desk
from app.services.wording import tr

_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--older-than", type=age, required=True, metavar="AGE", help="3y, 18m, 26w or 90d, since closed"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say how much there is")
    parser.add_argument("--json", action="store_true")


def age(typed: str) -> timedelta:
    """A number with d, w, m (of 30 days) or y (of 365 days). `ArgumentTypeError` for anything else, and for nothing."""
    count, unit = typed[:-1], typed[-1:].lower()
    if not (count.isascii() and count.isdigit() and int(count) and unit in _DAYS and int(count) * _DAYS[unit] < 36_500):
        raise ArgumentTypeError(f"{typed}: write it as 3y, 18m, 26w or 90d")
    return timedelta(days=int(count) * _DAYS[unit])


def run(desk: Desk, arguments: Namespace) -> int:
    actor, word = desk.actor or desk.system, tr("erasure.word")
    told = erasure.retire(desk.backstage, actor, arguments.older_than, word, dry_run=arguments.dry_run)
    if arguments.json:
        as_json(told)
        return 0
    key = "erasure.would_retire" if arguments.dry_run else "erasure.retired"
    days = arguments.older_than.days
    line(tr(key, tickets=told.tickets, messages=told.messages, files=told.files, days=days))
    return 0
