"""`firstline scripts`: whether remote-help scripts are in order."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from app.commands.output import as_json, line
from app.models.errors import KnownError
from app.models.records.scripts import Package
from app.services.desk import Desk
from app.services.remote_help import library
from app.services.remote_help.library import BrokenScript
from app.services.wording import tr, tr_error


def add_parser(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    check = verbs.add_parser("check", help="whether scripts are in order: the folder of one, or one that holds several")
    check.add_argument("folder", metavar="FOLDER", type=Path)
    check.add_argument("--json", action="store_true")


def run(_desk: Desk, arguments: Namespace) -> int:
    """1 where a script is broken, or there is none."""
    folder: Path = arguments.folder.absolute()
    if not folder.is_dir():
        raise KnownError("cli_scripts.no_folder", folder=str(arguments.folder))
    packages, broken = _looked_at(folder)
    if arguments.json:
        as_json(_told(packages, broken))
    else:
        _show(packages, broken)
    return 0 if packages and not broken else 1


def _looked_at(folder: Path) -> tuple[list[Package], tuple[BrokenScript, ...]]:
    if not (folder / library.MANIFEST).exists():
        packages, broken = library.read_all(folder)
        return list(packages.values()), broken
    try:
        return [library.read(folder)], ()
    except BrokenScript as error:
        return [], (error,)


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
