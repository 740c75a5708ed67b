"""The command line: `firstline`. Without a command it opens the desk."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import Any

from app import __version__
from app.models.errors import KnownError
from app.services.instance import is_link, ticket_of
from app.services.profile import find_profile
from app.services.wording import tr, tr_error

COMMANDS = {
    "init": "create the database, or bring it to this program's age",
    "doctor": "does everything this desk needs work?",
    "channel": "mailboxes: add, list, test",
    "intake": "poll every channel once and send what waits",
    "explain": "what a mail says, where it would go, and why",
    "queue": "the tickets of a view",
    "show": "a ticket with its conversation",
    "sla": "how the clocks of a ticket stand",
    "oncall": "who is on duty for a team, until when, and who is next",
    "escalate": "hand a ticket up its tree",
    "tree": "the way up for an application, and who is there",
    "simulate": "who would be asked when, if nobody answered",
    "scripts": "remote-help scripts: check, store, approve and run them",
    "quarantine": "what could not be taken in, and why",
    "catalogue": "teams, people, applications and routing rules as one file",
    "worker": "poll and send without a window",
    "staff": "people: add, list, give a role, disable",
    "backup": "the whole database as one file, while desks work on it",
    "restore": "put a backup in the place of the embedded database",
    "audit": "what was done by whom: verify, show, export, seal",
    "erase": "take a person out of the desk for good",
    "retention": "erase the words of tickets that were closed long ago",
    "export": "the whole desk as JSON Lines",
    "import": "read an export into an empty database, or what another product wrote",
}
WITHOUT_SCHEMA = ("init", "doctor", "restore", "import")


def main(arguments: Sequence[str] | None = None) -> int:
    """0 done, 1 a known error told in one line, 2 wrong usage."""
    if sys.stdout is None:  # a windowed program on Windows has none
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for the whole run
    told = _with_links(sys.argv[1:] if arguments is None else arguments)
    parsed = _parser(told).parse_args(told)
    try:
        return _run(parsed)
    except KnownError as error:
        print(tr_error(error), file=sys.stderr)
        return 1
    except BrokenPipeError:  # `firstline queue | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _run(parsed: argparse.Namespace) -> int:
    if parsed.selftest is not None:
        return _selftest(parsed.selftest)
    if parsed.command == "screenshots":
        return _screenshots(parsed.folder, parsed.only)
    if parsed.demo:
        return _demo()
    if parsed.command in (None, "ticket"):
        return _open_window(parsed)
    return _on_desk(parsed)


def _on_desk(parsed: argparse.Namespace) -> int:
    """A command on the desk of this profile."""
    from app import bootstrap  # noqa: PLC0415 - `--help` and `--version` need none of it
    from app.services.joining import remember_database  # noqa: PLC0415

    desk = bootstrap.open_desk(find_profile(parsed.profile, os.environ), os.environ, parsed.database)
    try:
        bootstrap.keep_log(desk.profile, desk.settings)
        if _needs_schema(parsed):
            bootstrap.make_ready(desk)
            bootstrap.recognise(desk)
        status: int = _module(parsed.command).run(desk, parsed)
        if parsed.command == "init" and parsed.database:
            remember_database(desk.profile, desk.secrets, parsed.database)
        return status
    finally:
        desk.close()


def _needs_schema(parsed: argparse.Namespace) -> bool:
    """What another product wrote is brought into a desk that is there, unlike an export of our own."""
    if parsed.command == "channel" and parsed.verb == "find":
        return False  # it asks name servers, and is of use before there is a desk
    return parsed.command not in WITHOUT_SCHEMA or bool(getattr(parsed, "foreign", None))


def _module(command: str) -> Any:
    """Where a command lives; `import` is a word of Python's own."""
    return import_module(f"app.commands.{command}{'_' if iskeyword(command) else ''}")


def _open_window(parsed: argparse.Namespace) -> int:
    """The window on the desk of this profile; where one is open already it is brought to the front instead."""
    ticket = ticket_of(parsed.link) if parsed.command == "ticket" else 0
    if not _has_screen():
        raise KnownError("cli.no_screen")
    status: int = import_module("app.opening").open_window(parsed.profile, parsed.database, ticket)
    return status


def _demo() -> int:
    from app import bootstrap  # noqa: PLC0415

    if _has_screen():
        return int(import_module("app.opening").open_demo())
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    desk, mailbox = bootstrap.open_demo(os.environ)
    try:
        mailbox.deliver_all()
        picture = _render(desk, Path.cwd() / "firstline-demo.png")
        print(tr("cli.demo.no_screen", picture=picture))
        return 0
    finally:
        mailbox.stop()
        bootstrap.throw_away(desk)


def _screenshots(folder: Path, only: str) -> int:
    from app import bootstrap  # noqa: PLC0415

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    desk, mailbox = bootstrap.open_demo(os.environ)
    try:
        mailbox.deliver_all()
        pictures: list[Path] = import_module("app.views.screens").render_screens(desk, folder, only)
        print("\n".join(map(str, pictures)))
    finally:
        bootstrap.throw_away(desk)
    return 0


def _render(desk: object, file: Path) -> Path:
    picture: Path = import_module("app.views.screens").render_main_window(desk, file)
    return picture


def _selftest(file: Path) -> int:
    checks = import_module("app.views.selftest").CHECKS
    status: int = import_module("app.commands.selftest").run(file, checks)
    return status


def _has_screen() -> bool:
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="firstline", description="The desktop service desk for production support.")
    parser.add_argument("--version", action="version", version=f"Firstline {__version__}")
    _add_place(parser, None)
    parser.add_argument("--demo", action="store_true", help="open a throw-away desk with sample data")
    parser.add_argument("--selftest", type=Path, metavar="FILE", help="exercise what the program stands on; write JSON")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, words in COMMANDS.items():
        one = commands.add_parser(name, help=words, description=words)
        _add_place(one, argparse.SUPPRESS)
        if name in arguments:  # what a command takes is asked only where it is meant: the window waits for none of them
            _module(name).add_parser(one)
    ticket = commands.add_parser(
        "ticket", help="open a ticket in the window", description="open a ticket in the window"
    )
    _add_place(ticket, argparse.SUPPRESS)
    ticket.add_argument("link", metavar="NUMBER", help="its number, or firstline://ticket/NUMBER")
    screens = commands.add_parser("screenshots", help="every window of the demo as PNG")
    screens.add_argument("folder", type=Path, metavar="DIR")
    screens.add_argument("--only", default="", metavar="NAME", help="those whose name begins with this")
    return parser


def _with_links(arguments: Sequence[str]) -> list[str]:
    """The desktop hands over a clicked `firstline://ticket/42` bare: it is the command `ticket`."""
    told = list(arguments)
    if told and is_link(told[-1]) and "ticket" not in told:
        told.insert(-1, "ticket")
    return told


def _add_place(parser: argparse.ArgumentParser, default: str | None) -> None:
    """Where the desk is, said before or behind the command."""
    parser.add_argument(
        "--profile", type=Path, metavar="DIR", default=default, help="the folder that this desk keeps its things in"
    )
    parser.add_argument(
        "--database", metavar="URL", default=default, help="this database instead of the one that is set"
    )
