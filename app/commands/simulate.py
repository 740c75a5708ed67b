"""`firstline simulate APPLICATION --priority P2 --at TIME`: who would be asked when, if nobody answered."""

from argparse import ArgumentParser, Namespace

from app.commands.instants import instant, shown, zone_of
from app.commands.output import as_json, line, table
from app.commands.tree import find_application
from app.models.records.tickets import Priority
from app.models.records.trees import Simulation, TicketFacts
from app.services.desk import Desk
from app.services.escalation.simulating import simulate
from app.services.wording import tr


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("application", metavar="APPLICATION", help="its name")
    parser.add_argument("--priority", choices=[each.name for each in Priority], default=Priority.P3.name)
    parser.add_argument("--at", metavar="TIME", help="as 2026-03-07T03:00; now, where it is left out")
    for name in ("category", "component", "skill", "language"):
        parser.add_argument(f"--{name}", default="", metavar="X", help=f"the request's {name}")
    parser.add_argument("--json", action="store_true")


def run(desk: Desk, arguments: Namespace) -> int:
    facts = TicketFacts(
        Priority[arguments.priority],
        arguments.category,
        arguments.component,
        arguments.skill,
        arguments.language,
    )
    at = instant(arguments.at) if arguments.at is not None else desk.clock.now()
    found = simulate(desk.database, find_application(desk, arguments.application), facts, at)
    if arguments.json:
        as_json(found)
    else:
        _show(found)
    return 0


def _show(found: Simulation) -> None:
    facts = {"application": found.application, "priority": found.facts.priority.name}
    line(tr("cli.simulate.title", **facts, at=shown(found.at), zone=zone_of(found.at)))
    line()
    if not found.calls:
        line(tr("cli.simulate.empty"))
        return
    table(
        [tr(f"cli.simulate.column.{each}") for each in ("at", "step", "way", "who", "answer_by", "note")],
        [
            (
                shown(each.at),
                each.node_name,
                tr(f"contact_way.{each.kind.value}"),
                each.who,
                shown(each.answer_by) if each.answer_by > each.at else "",
                tr(f"contact_note.{each.note}") if each.note else "",
            )
            for each in found.calls
        ],
    )
