"""`firstline sla NUMBER`: how the clocks of a ticket stand."""

from argparse import ArgumentParser, Namespace
from datetime import datetime, timedelta
from uuid import UUID

from app.commands.output import as_json, line, table
from app.models.records.clocks import ClockView
from app.services.desk import Desk
from app.services.sla import telling
from app.services.tickets import reading
from app.services.wording import tr


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("number", type=int, metavar="NUMBER")
    parser.add_argument("--json", action="store_true")


def run(desk: Desk, arguments: Namespace) -> int:
    clocks = telling.clocks(desk.database, reading.id_of(desk.database, arguments.number))
    if arguments.json:
        as_json([_told(each) for each in clocks])
    elif clocks:
        names = ("clock", "state", "target", "spent", "due", "broken", "calendar")
        table([tr(f"clock_column.{each}") for each in names], [_row(each) for each in clocks])
    else:
        line(tr("cli.sla.none"))
    return 0


def _row(clock: ClockView) -> tuple[object, ...]:
    return (
        tr(f"clock.{clock.kind.value}"),
        f"{tr(f'clock_state.{clock.state.value}')} ({tr(f'clock_reason.{clock.reason.value}')})",
        _length(clock.target),
        _length(clock.spent),
        _local(clock.due_at),
        _local(clock.broken_at),
        clock.calendar or tr("clock.round_the_clock"),
    )


def _told(clock: ClockView) -> dict[str, object]:
    """Lengths in seconds of open time, instants in ISO 8601; whom a segment was spent with by id and by name."""
    names: dict[UUID | None, str] = dict(clock.names)
    return {
        "kind": clock.kind,
        "state": clock.state,
        "reason": clock.reason,
        "target": clock.target.total_seconds(),
        "spent": clock.spent.total_seconds(),
        "left": clock.left.total_seconds(),
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "stopped_at": clock.stopped_at,
        "warned_at": clock.warned_at,
        "broken_at": clock.broken_at,
        "calendar": clock.calendar or None,
        "handoff": clock.handoff_id,
        "segments": [
            {
                "since": each.since,
                "until": each.until,
                "state": each.state,
                "reason": each.reason,
                "spent": each.spent.total_seconds(),
                "calendar": each.calendar_id,
                "team": each.team_id,
                "team_name": names.get(each.team_id),
                "agent": each.agent_id,
                "agent_name": names.get(each.agent_id),
            }
            for each in clock.segments
        ],
        "teams": {name: time.total_seconds() for name, time in clock.teams},
        "people": {name: time.total_seconds() for name, time in clock.people},
    }


def _length(time: timedelta) -> str:
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _local(at: datetime | None) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}" if at is not None else ""
