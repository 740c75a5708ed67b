"""`firstline scripts`: remote-help scripts, checked, stored, approved and run."""

from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from pathlib import Path
from uuid import UUID

from app.commands import scripts_host_keys, scripts_run
from app.commands.output import as_json, line
from app.models.errors import KnownError
from app.models.records.desk import Actor
from app.models.records.scripts import Package
from app.services.desk import Desk
from app.services.remote_help import agreeing, library, registry
from app.services.remote_help.library import BrokenScript
from app.services.remote_help.registry import Registered
from app.services.remote_help.transports.carriers import carried
from app.services.wording import language, tr, tr_error


def add_parser(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    check = verbs.add_parser("check", help="whether scripts are in order: the folder of one, or one that holds several")
    add = verbs.add_parser("add", help="store scripts, for somebody else to approve")
    add.add_argument("--built-in", action="store_true", help="those that ship with Firstline")
    for each in (check, add):
        each.add_argument("folder", metavar="FOLDER", type=Path, nargs="?" if each is add else None)
    listing = verbs.add_parser("list", help="the scripts there are, and whether they run")
    for verb, words in (("approve", "let a script run"), ("retire", "let a script run no more")):
        verbs.add_parser(verb, help=words).add_argument("script", metavar="ID")
    running = verbs.add_parser("run", help="run a script on one or more targets")
    running.add_argument("script", metavar="ID")
    running.add_argument(
        "--target", action="append", default=[], metavar="HOST", help="a host; of a service the name of its connection"
    )
    running.add_argument(
        "--param", action="append", default=[], metavar="NAME=VALUE", help="@FILE reads a secret's value"
    )
    running.add_argument("--ticket", type=int, metavar="NUMBER")
    running.add_argument("--dry-run", action="store_true")
    running.add_argument("--consent", default="", metavar="WORDS", help="how the requester agreed")
    running.add_argument("--preview", action="store_true", help="only say what would run where as whom")
    running.add_argument("--pin", action="store_true", help="trust the host keys that are shown for the first time")
    running.add_argument("--agreed", type=UUID, metavar="RUN", help="go on with a run that a second person agreed to")
    running.add_argument("--test", action="store_true", help="try your own, unapproved, on a connection for tests")
    _add_connecting(verbs.add_parser("connect", help="say how targets are reached, and which may be"))
    listing_keys = verbs.add_parser("host-keys", help="the keys that somebody confirmed for hosts")
    scripts_host_keys.add_arguments(listing_keys)
    exporting = verbs.add_parser("export", help="write the newest version of a script as a folder")
    exporting.add_argument("script", metavar="ID")
    exporting.add_argument("folder", metavar="FOLDER", type=Path)
    agreeing = verbs.add_parser("agree", help="let somebody else's run begin")
    agreeing.add_argument("run", metavar="RUN", type=UUID)
    for each in (check, listing, running):
        each.add_argument("--json", action="store_true")


def _add_connecting(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--transport", required=True, choices=[each.value for each in carried()])
    parser.add_argument(
        "--address",
        default="",
        metavar="URL",
        help="of a service: https://host/base, ldaps://dc1.corp.example, postgresql://user@host/name, sqlite:////srv/file.db",
    )
    parser.add_argument("--user", default="", metavar="NAME", help="as whom, where the transport signs in by a name")
    allowed = "a host, names with *, a network, or an organisational unit that may be reached; as often as needed"
    parser.add_argument("--allow", action="append", default=[], metavar="PATTERN", help=allowed)
    tests = "its targets are there to try scripts on; as it was, where neither is said"
    parser.add_argument("--for-tests", action=BooleanOptionalAction, help=tests)
    asked = "whoever runs a script by it types the password each time; as it was, where neither is said"
    parser.add_argument("--ask-password", action=BooleanOptionalAction, help=asked)
    option = "what the transport wants to be told besides; @FILE reads the value"
    parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help=option)
    secret = "password, key, token and so on, into this computer's keyring"  # noqa: S105 - a help text
    parser.add_argument("--secret", action="append", default=[], metavar="NAME=@FILE", help=secret)


def run(desk: Desk, arguments: Namespace) -> int:
    """1 where a script is broken or there is none, and where a run did not succeed everywhere."""
    actor = desk.actor or desk.system
    match arguments.verb:
        case "check":
            return _check(arguments)
        case "add":
            return _add(desk, actor, arguments)
        case "list":
            return _list(desk, arguments)
        case "approve" | "retire":
            script = registry.found(desk.database, arguments.script)
            (registry.approve if arguments.verb == "approve" else registry.retire)(desk.database, actor, script.id)
            line(
                tr(
                    "cli.scripts.approved" if arguments.verb == "approve" else "cli.scripts.retired",
                    name=script.manifest.id,
                    version=script.manifest.version,
                )
            )
            return 0
        case "export":
            script = registry.found(desk.database, arguments.script)
            place = registry.export(desk.database, script.id, _folder(arguments.folder))
            line(tr("script_library.exported", folder=place))
            return 0
        case "agree":
            agreeing.agree(desk.database, actor, arguments.run)
            line(tr("cli.scripts.agreed"))
            return 0
        case "connect":
            return scripts_run.connect(desk, actor, arguments)
        case "host-keys":
            return scripts_host_keys.run(desk, actor, arguments)
        case _:
            return scripts_run.run(desk, actor, arguments)


def _check(arguments: Namespace) -> int:
    packages, broken = library.read_any(_folder(arguments.folder))
    if arguments.json:
        as_json(_told(packages, broken))
    else:
        _show(packages, broken)
    return 0 if packages and not broken else 1


def _add(desk: Desk, actor: Actor, arguments: Namespace) -> int:
    if arguments.built_in:
        packages, broken = list(library.built_in().values()), tuple[BrokenScript, ...]()
    elif arguments.folder is not None:
        packages, broken = library.read_any(_folder(arguments.folder))
    else:
        raise KnownError("cli_scripts.no_folder", folder="")
    if not broken:
        for each in packages:
            registry.add(desk.database, actor, each)
    _show(packages, broken)
    return 0 if packages and not broken else 1


def _list(desk: Desk, arguments: Namespace) -> int:
    found = registry.listed(desk.database)
    if arguments.json:
        as_json([_registered(each) for each in found])
        return 0
    for each in found:
        state = "ready" if each.may_run else "waits"
        told = {
            "name": each.manifest.id,
            "version": each.manifest.version,
            "title": each.manifest.words(language()).name,
        }
        line(tr(f"cli.scripts.{state}", **told))
    if not found:
        line(tr("cli.scripts.nothing"))
    return 0


def _registered(script: Registered) -> dict[str, object]:
    manifest = script.manifest
    told = {"id": manifest.id, "version": manifest.version, "sha256": script.sha256, "risk": manifest.risk.value}
    return {
        **told,
        "transport": manifest.transport.value,
        "approved": script.may_run,
        "approved_by": script.approved_by,
    }


def _folder(path: Path) -> Path:
    folder = path.absolute()
    if not folder.is_dir():
        raise KnownError("cli_scripts.no_folder", folder=str(path))
    return folder


def _show(packages: list[Package], broken: tuple[BrokenScript, ...]) -> None:
    for package in packages:
        line(tr("cli.scripts.good", name=package.manifest.id, count=len(package.files), digest=package.sha256))
    for error in broken:
        for each in error.fields:
            key = "cli.scripts.fault" if each.field else "cli.scripts.fault_whole"
            told = {"script": error.facts["script"], "line": each.line, "problem": tr_error(each.problem)}
            line(tr(key, **told, **({"field": each.field} if each.field else {})))
    if not packages and not broken:
        line(tr("cli.scripts.nothing"))


def _told(packages: list[Package], broken: tuple[BrokenScript, ...]) -> dict[str, object]:
    return {
        "scripts": [
            {"id": each.manifest.id, "version": each.manifest.version, "sha256": each.sha256} for each in packages
        ],
        "broken": [
            {
                "script": error.facts["script"],
                "line": each.line,
                "field": each.field,
                "code": each.problem.code,
                "problem": tr_error(each.problem),
            }
            for error in broken
            for each in error.fields
        ],
    }
