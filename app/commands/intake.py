"""`firstline intake --once`: poll every channel once, and send what waits."""

from argparse import ArgumentParser, Namespace

from app.commands.output import as_json, table
from app.models.records.intake import IntakeReport, Outcome
from app.services import accounts
from app.services.desk import Desk
from app.services.wording import tr

_COUNTED = {
    "new": Outcome.NEW,
    "replies": Outcome.REPLY,
    "noted": Outcome.NOTED,
    "duplicates": Outcome.DUPLICATE,
    "ignored": Outcome.IGNORED,
    "quarantined": Outcome.QUARANTINED,
}


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", required=True, help="one round, then end")
    parser.add_argument("--channel", help="this channel alone")
    parser.add_argument("--json", action="store_true")


def run(desk: Desk, arguments: Namespace) -> int:
    """0 where every channel went well, 1 where one failed or is worked on by another desk."""
    rounds = desk.rounds()
    reports = []
    try:
        for account in accounts.listed(desk.database):
            if not account.active or arguments.channel not in (None, account.name):
                continue
            report = rounds.run(account)
            if report is None:
                report = IntakeReport(account.name, failed=1, problem="lease.taken", problem_facts={})
            reports.append(report)
    finally:
        rounds.close()
    if arguments.channel is not None and not reports:
        accounts.named(desk.database, arguments.channel)
    told = [_told(each) for each in reports]
    if arguments.json:
        as_json({"channels": told})
    else:
        head = [tr(f"cli.intake.{key}") for key in ("channel", "fetched", *_COUNTED, "failed", "problem")]
        table(head, [list(each.values()) for each in told], widest=200)
    return 1 if any(each.problem for each in reports) else 0


def _told(report: IntakeReport) -> dict[str, object]:
    problem = tr(f"error.{report.problem}", **report.problem_facts) if report.problem else None
    return {
        "channel": report.channel,
        "fetched": report.fetched,
        **{name: report.outcomes[outcome] for name, outcome in _COUNTED.items()},
        "failed": report.failed,
        "problem": problem,
    }
