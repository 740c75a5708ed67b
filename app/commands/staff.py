"""`firstline staff add|role|teams|disable|enable|list`: who works here, as what, and with which login."""

import sys
from argparse import ArgumentParser, Namespace
from getpass import getpass
from uuid import UUID

from app.commands.output import as_json, line, table
from app.models.errors import KnownError
from app.models.records.desk import Agent, Role
from app.services import staff
from app.services.desk import Desk
from app.services.staff import logins
from app.services.wording import tr

_WORKER = "worker"
_ROLES = [each.value for each in Role]


def add_parser(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="add|role|teams|disable|enable|list")
    adding = verbs.add_parser("add", help="add a person, give one a login, or another password")
    adding.add_argument("mail", metavar="MAIL", help="their mail address; for --role worker, a login")
    adding.add_argument("--name", help="their name; the mail address where it is left out")
    adding.add_argument("--role", choices=[*_ROLES, _WORKER], help="agent, where it is left out")
    adding.add_argument("--team", action="append", default=[], metavar="NAME", help="again for each further team")
    adding.add_argument("--login", help="who they are to a shared database; the mail address where it is left out")
    secret = adding.add_mutually_exclusive_group()
    secret.add_argument("--password-stdin", action="store_true", help="read the password from the standard input")
    secret.add_argument("--no-password", action="store_true", help="they sign in by GSSAPI, Windows or a certificate")
    roles = verbs.add_parser("role", help="give a person another role")
    roles.add_argument("mail", metavar="MAIL")
    roles.add_argument("role", choices=_ROLES)
    teams = verbs.add_parser("teams", help="the teams of a person, from now on")
    teams.add_argument("mail", metavar="MAIL")
    teams.add_argument("teams", metavar="NAME", nargs="*")
    for verb, words in (
        ("disable", "let a person, or a worker's login, in no more"),
        ("enable", "let a person in again"),
    ):
        verbs.add_parser(verb, help=words).add_argument("mail", metavar="MAIL")
    verbs.add_parser("list", help="everybody").add_argument("--json", action="store_true")


def run(desk: Desk, arguments: Namespace) -> int:
    verbs = {"add": _add, "role": _role, "teams": _teams, "disable": _disable, "enable": _enable, "list": _list}
    return verbs[arguments.verb](desk, arguments)


def _add(desk: Desk, arguments: Namespace) -> int:
    database, actor, mail = desk.database, desk.actor or desk.system, arguments.mail
    if arguments.role == _WORKER:
        logins.employ(database, actor, arguments.login or mail, _password(arguments, arguments.login or mail))
        line(tr("cli.staff.worker_added", login=arguments.login or mail))
        return 0
    agent = _find(desk, mail)
    if agent is None:
        role = Role(arguments.role or Role.AGENT)
        agent = staff.add_agent(database, actor, arguments.name or mail, mail, role, _team_ids(desk, arguments.team))
    elif not database.is_shared:
        raise KnownError("staff.mail_taken", mail=mail)
    if database.is_shared:
        login = arguments.login or agent.login or agent.mail
        logins.admit(database, actor, agent, login, _password(arguments, login))
        line(tr("cli.staff.admitted", mail=agent.mail, login=login))
    else:
        line(tr("cli.staff.added", mail=agent.mail))
    return 0


def _role(desk: Desk, arguments: Namespace) -> int:
    agent = _named(desk, arguments.mail)
    logins.set_role(desk.database, desk.actor or desk.system, agent, Role(arguments.role))
    line(tr("cli.staff.role_changed", mail=agent.mail, role=tr(f"role.{arguments.role}")))
    return 0


def _teams(desk: Desk, arguments: Namespace) -> int:
    agent = _named(desk, arguments.mail)
    logins.set_teams(desk.database, desk.actor or desk.system, agent, _team_ids(desk, arguments.teams))
    line(tr("cli.staff.teams_changed", mail=agent.mail, teams=", ".join(arguments.teams) or "-"))
    return 0


def _disable(desk: Desk, arguments: Namespace) -> int:
    agent, actor = _find(desk, arguments.mail), desk.actor or desk.system
    if agent is None:
        logins.dismiss_worker(desk.database, actor, arguments.mail)
    else:
        logins.disable(desk.database, actor, agent)
    line(tr("cli.staff.disabled", mail=arguments.mail))
    return 0


def _enable(desk: Desk, arguments: Namespace) -> int:
    agent = _named(desk, arguments.mail)
    logins.enable(desk.database, desk.actor or desk.system, agent)
    line(tr("cli.staff.enabled", mail=agent.mail))
    return 0


def _list(desk: Desk, arguments: Namespace) -> int:
    people = staff.agents(desk.database)
    names = {each.id: each.name for each in staff.teams(desk.database)}
    known = staff.login(desk.database)
    carriers = logins.workers(desk.database) if known is not None and known.carries_mail else []
    if arguments.json:
        as_json({"people": people, "workers": carriers})
        return 0
    rows = [
        (
            each.name,
            each.mail,
            tr(f"role.{each.role.value}") if each.active else tr("cli.staff.left"),
            each.login or "",
            ", ".join(sorted(names[team] for team in each.teams)),
        )
        for each in people
    ]
    rows += [("", "", tr("cli.staff.worker"), each, "") for each in carriers]
    table([tr(f"cli.staff.column.{each}") for each in ("name", "mail", "role", "login", "teams")], rows, 60)
    return 0


def _team_ids(desk: Desk, names: list[str]) -> list[UUID]:
    known = {each.name: each.id for each in staff.teams(desk.database)}
    unknown = next((each for each in names if each not in known), None)
    if unknown is not None:
        raise KnownError("team.unknown", name=unknown)
    return [known[each] for each in names]


def _find(desk: Desk, mail: str) -> Agent | None:
    return next((each for each in staff.agents(desk.database) if each.mail == mail.lower()), None)


def _named(desk: Desk, mail: str) -> Agent:
    agent = _find(desk, mail)
    if agent is None:
        raise KnownError("staff.unknown", mail=mail)
    return agent


def _password(arguments: Namespace, login: str) -> str | None:
    """Typed twice, or the first line of the standard input. `KnownError` `staff.passwords_differ`, `.no_password`."""
    if arguments.no_password:
        return None
    if arguments.password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass(tr("cli.staff.password", login=login))
        if password != getpass(tr("cli.staff.again")):
            raise KnownError("staff.passwords_differ")
    if not password:
        raise KnownError("staff.no_password")
    return password
