"""`firstline queue`: the tickets of a view."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace

from app.commands.output import as_json, line, table
from app.models.records.tickets import Status
from app.services.desk import Desk
from app.services.search import filter_for
from app.services.tickets import queue
from app.services.wording import tr


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--search", default="", metavar="WORDS", help='as in the search line: from:anna is:open "blank pages"'
    )
    parser.add_argument("--status", action="append", choices=[each.value for each in Status], default=[])
    parser.add_argument("--unassigned", action="store_true", help="those nobody has")
    parser.add_argument("--all", action="store_true", help="solved and closed ones as well")
    parser.add_argument("--limit", type=int, default=50, metavar="N")
    parser.add_argument("--json", action="store_true")


def run(desk: Desk, arguments: Namespace) -> int:
    statuses = frozenset(map(Status, arguments.status))
    asked = filter_for(desk.database, desk.actor, arguments.search)
    wanted = replace(
        asked,
        open=asked.open if arguments.all or statuses or asked.open is not None else True,
        statuses=asked.statuses | statuses,
        unassigned=asked.unassigned or arguments.unassigned,
    )
    rows = queue.page(desk.database, wanted, arguments.limit)
    if arguments.json:
        as_json(rows)
        return 0
    if not rows:
        line(tr("cli.queue.empty"))
        return 0
    names = ("number", "priority", "status", "level", "team", "assignee", "requester", "subject", "updated")
    table(
        [tr(f"column.{each}") for each in names],
        [
            (
                row.number,
                row.priority.name,
                tr(f"status.{row.status.value}"),
                row.level.name,
                row.team,
                row.assignee,
                row.requester,
                row.subject,
                f"{row.updated_at.astimezone():%Y-%m-%d %H:%M}",
            )
            for row in rows
        ],
    )
    return 0
