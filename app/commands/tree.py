"""`firstline tree APPLICATION|--list`: the way up for an application, and who is there at an instant."""

from argparse import ArgumentParser, Namespace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from app.commands.instants import instant, shown, zone_of
from app.commands.output import as_json, line, table
from app.models.errors import KnownError
from app.models.records.desk import Level
from app.models.records.trees import EdgeKind, Finding, NodeView, TreeView
from app.services import staff
from app.services.desk import Desk
from app.services.tickets import reading
from app.services.trees import store, telling
from app.services.wording import tr

_INSTANTS = ("since", "until")


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("application", metavar="APPLICATION", nargs="?", help="its name")
    parser.add_argument("--list", action="store_true", help="all applications, and whose tree they go by")
    parser.add_argument("--at", metavar="TIME", help="as 2026-03-07T03:00; now, where it is left out")
    parser.add_argument("--ticket", type=int, metavar="NUMBER", help="with the way that this ticket came")
    parser.add_argument("--json", action="store_true")
    changing = parser.add_mutually_exclusive_group()
    changing.add_argument("--export", action="store_true", help="print the tree as a TOML file")
    changing.add_argument(
        "--import", dest="file", type=Path, metavar="FILE", help="keep this file's tree (TOML or JSON)"
    )
    changing.add_argument("--reset", action="store_true", help="go by the template again")


def run(desk: Desk, arguments: Namespace) -> int:
    if arguments.list or arguments.application is None:
        return _list(desk, arguments)
    application_id = find_application(desk, arguments.application)
    if arguments.export:
        line(store.export(desk.database, store.of_application(desk.database, application_id)[0]).rstrip())
        return 0
    if arguments.file is not None:
        return _take_in(desk, application_id, arguments)
    if arguments.reset:
        return _reset(desk, application_id, arguments)
    at = instant(arguments.at) if arguments.at is not None else desk.clock.now()
    ticket_id = _ticket(desk, application_id, arguments) if arguments.ticket is not None else None
    view = telling.tell(desk.database, application_id, at, ticket_id)
    if arguments.json:
        as_json(_told(view))
    else:
        _show(view)
    return 0


def find_application(desk: Desk, name: str) -> UUID:
    """By its name, whatever its case. `KnownError` `tree.no_application`."""
    for each in staff.applications(desk.database):
        if each.name.casefold() == name.casefold():
            return each.id
    raise KnownError("tree.no_application", name=name)


def _ticket(desk: Desk, application_id: UUID, arguments: Namespace) -> UUID:
    """The ticket whose way is shown. `KnownError` `ticket.unknown_number`, `tree.other_ticket`."""
    ticket_id = reading.id_of(desk.database, arguments.ticket)
    if reading.show(desk.database, ticket_id).application_id != application_id:
        raise KnownError("tree.other_ticket", number=arguments.ticket, application=arguments.application)
    return ticket_id


def _list(desk: Desk, arguments: Namespace) -> int:
    lines = store.listed(desk.database)
    if arguments.json:
        as_json(lines)
        return 0
    table(
        [tr(f"cli.tree.column.{each}") for each in ("application", "origin", "steps")],
        [(each.application, _origin(each.inherited, each.version), each.nodes) for each in lines],
    )
    return 0


def _take_in(desk: Desk, application_id: UUID, arguments: Namespace) -> int:
    try:
        text = arguments.file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise KnownError("file.cannot_read", file=arguments.file, reason=str(error)) from error
    onto = store.of_application(desk.database, application_id)[0]
    tree = store.save(desk.database, desk.actor or desk.system, store.read(desk.database, text, onto))
    line(tr("cli.tree.saved", application=arguments.application, version=tree.version))
    _findings(telling.tell(desk.database, application_id, desk.clock.now()).findings)
    return 0


def _reset(desk: Desk, application_id: UUID, arguments: Namespace) -> int:
    tree, inherited = store.of_application(desk.database, application_id)
    if not inherited:
        store.remove(desk.database, desk.actor or desk.system, tree)
    line(tr("cli.tree.removed", application=arguments.application))
    return 0


def _show(view: TreeView) -> None:
    told = tr("cli.tree.title", application=view.application, at=shown(view.at), zone=zone_of(view.at))
    ticket = [tr("cli.tree.ticket", number=view.ticket_number)] if view.ticket_number else []
    line(", ".join([told, _origin(view.inherited, view.tree.version), *ticket]))
    line()
    table(
        [tr(f"cli.tree.column.{each}") for each in ("key", "level", "step", "team", "now", "next", "warning")],
        [
            (
                each.node.key,
                _level(each.node.level),
                f"{'> ' if each.current else ''}{each.node.name}",
                each.team or each.vendor or each.manager,
                _now(each),
                ", ".join(_leads_to(view, each.node.key)),
                tr("cli.tree.gap", since=shown(each.gap[0]), until=shown(each.gap[1])) if each.gap else "",
            )
            for each in view.nodes
        ],
    )
    _findings(view.findings)


def _findings(findings: tuple[Finding, ...]) -> None:
    if findings:
        line()
        line(tr("cli.tree.findings"))
    for each in findings:
        line(f"- {_finding(each)}")


def _finding(finding: Finding) -> str:
    facts = {
        name: shown(datetime.fromisoformat(value)) if name in _INSTANTS else value
        for name, value in finding.facts.items()
    }
    return tr(f"finding.{finding.code}", **facts)


def _origin(inherited: bool, version: int) -> str:
    return tr("cli.tree.inherited") if inherited else tr("cli.tree.own", version=version)


def _level(level: Level) -> str:
    return tr(f"level.{level.name}")


def _leads_to(view: TreeView, key: str) -> list[str]:
    """The names of the nodes; managers in brackets."""
    names = {each.key: each.name for each in view.tree.nodes}
    functional = [names.get(each.target, each.target) for each in view.tree.leaving(key, EdgeKind.FUNCTIONAL)]
    managers = [names.get(each.target, each.target) for each in view.tree.leaving(key, EdgeKind.HIERARCHIC)]
    return [*functional, *(f"({each})" for each in managers)]


def _now(view: NodeView) -> str:
    if not view.is_open:
        return tr("cli.tree.closed", opens=shown(view.opens_at)) if view.opens_at else tr("cli.tree.never_open")
    if not view.on_duty:
        return tr("cli.tree.nobody")
    if view.duty is None or view.duty.until is None:
        return view.on_duty
    until = shown(view.duty.until)
    if view.next_on_duty:
        return tr("cli.tree.until_next", who=view.on_duty, until=until, next=view.next_on_duty)
    return tr("cli.tree.until", who=view.on_duty, until=until)


def _told(view: TreeView) -> dict[str, object]:
    return {
        "application": view.application,
        "at": view.at,
        "audience": view.audience,
        "support_model": view.support_model,
        "inherited": view.inherited,
        "version": view.tree.version,
        "start": view.tree.start,
        "ticket": view.ticket_number,
        "way": view.way,
        "nodes": [_node_told(view, each) for each in view.nodes],
        "edges": view.tree.edges,
        "findings": [
            {"code": each.code, "node": each.node, "edge": each.edge, "facts": each.facts, "words": _finding(each)}
            for each in view.findings
        ],
    }


def _node_told(view: TreeView, each: NodeView) -> dict[str, object]:
    return {
        "key": each.node.key,
        "name": each.node.name,
        "level": each.node.level.name,
        "team": each.team,
        "vendor": each.vendor,
        "manager": each.manager,
        "open": each.is_open,
        "opens_at": each.opens_at,
        "on_duty": each.on_duty,
        "until": each.duty.until if each.duty is not None else None,
        "next": each.next_on_duty,
        "gap": each.gap,
        "walked": each.walked,
        "current": each.current,
        "share": each.share,
        "due_at": each.due_at,
        "leads_to": [one.target for one in view.tree.leaving(each.node.key, EdgeKind.FUNCTIONAL)],
        "managers": [one.target for one in view.tree.leaving(each.node.key, EdgeKind.HIERARCHIC)],
        "prerequisites": each.node.prerequisites,
    }
