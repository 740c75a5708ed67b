"""`firstline oncall TEAM`: who is on duty, until when, who is next, and where nobody is."""

import sys
from argparse import ArgumentParser, Namespace
from datetime import datetime, timedelta
from uuid import UUID

from app.commands.instants import instant, shown
from app.commands.output import as_json, line
from app.models.errors import KnownError
from app.models.records.desk import Team
from app.models.records.on_call import OnDuty, Shift
from app.services import staff
from app.services.desk import Desk
from app.services.oncall import ical
from app.services.oncall.reading import roster_of
from app.services.wording import tr

_AHEAD = timedelta(days=7)
_FED = timedelta(days=90)


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("team", metavar="TEAM", help="its name")
    parser.add_argument("--at", metavar="TIME", help="as 2026-03-07T03:00; now, where it is left out")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true")
    shape.add_argument("--ics", action="store_true", help="the shifts of the next three months as an iCalendar")


def run(desk: Desk, arguments: Namespace) -> int:
    at = instant(arguments.at) if arguments.at is not None else desk.clock.now()
    team = _team(desk, arguments.team)
    if arguments.ics:
        sys.stdout.write(ical.feed(desk.database, team.id, at, at + _FED).decode())
        return 0
    with desk.database.read() as session:
        roster = roster_of(session, team.id)
    duty, gaps = roster.on_duty(at), roster.gaps(at, at + _AHEAD)
    names: dict[UUID | None, str] = {each.id: each.name for each in staff.agents(desk.database)}
    if arguments.json:
        as_json(_told(team, at, duty, gaps, names, roster.balance(at, at + _FED).score))
    else:
        _show(team, duty, gaps, names)
    return 0


def _team(desk: Desk, name: str) -> Team:
    found = next((each for each in staff.teams(desk.database) if each.name.casefold() == name.casefold()), None)
    if found is None:
        raise KnownError("cli_oncall.no_team", name=name)
    return found


def _show(team: Team, duty: OnDuty, gaps: tuple[Shift, ...], names: dict[UUID | None, str]) -> None:
    if duty.agent_id is None:
        line(tr("cli.oncall.nobody", team=team.name))
    elif duty.until is None:
        line(tr("cli.oncall.for_good", team=team.name, name=names[duty.agent_id]))
    else:
        following = names.get(duty.next_id, tr("notice.nobody"))
        line(tr("cli.oncall.now", team=team.name, name=names[duty.agent_id], until=shown(duty.until), next=following))
    if duty.instead_of is not None:
        line(tr("cli.oncall.instead", name=names.get(duty.instead_of, "")))
    for each in gaps:
        line(tr("cli.oncall.gap", since=shown(each.since), until=shown(each.until)))


def _told(
    team: Team, at: datetime, duty: OnDuty, gaps: tuple[Shift, ...], names: dict[UUID | None, str], score: int
) -> dict[str, object]:
    """`score` is of the next 90 days, `gaps` are of the next seven."""
    return {
        "team": team.name,
        "at": at,
        "on_duty": names.get(duty.agent_id),
        "until": duty.until,
        "next": names.get(duty.next_id),
        "instead_of": names.get(duty.instead_of),
        "gaps": [{"since": each.since, "until": each.until} for each in gaps],
        "score": score,
    }
