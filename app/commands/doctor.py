"""`firstline doctor`: does everything this desk needs work?"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator

from app.commands.output import as_json, line
from app.models.errors import KnownError
from app.services import accounts, database
from app.services.database import schema
from app.services.desk import Desk
from app.services.resources import resources
from app.services.wording import tr, tr_error

Check = tuple[str, Callable[[], str]]


def add_parser(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true")


def run(desk: Desk, arguments: Namespace) -> int:
    """0 where all is well, 1 where something is not; each thing is told in a sentence."""
    told = [_done(name, check) for name, check in _checks(desk)]
    if arguments.json:
        as_json({"ok": all(each["ok"] for each in told), "checks": told})
    else:
        for each in told:
            name = tr(f"cli.doctor.{each['check']}")
            line(f"{'ok' if each['ok'] else '--'}  {name}: {each['words']}")
    return 0 if all(each["ok"] for each in told) else 1


def _done(name: str, check: Callable[[], str]) -> dict[str, object]:
    try:
        return {"check": name, "ok": True, "words": check()}
    except KnownError as error:
        return {"check": name, "ok": False, "words": tr_error(error), "code": error.code}


def _checks(desk: Desk) -> Iterator[Check]:
    yield "profile", lambda: str(desk.profile.ready())
    yield "resources", lambda: str(len(list(resources().iterdir())))
    yield "database", lambda: _database(desk)
    yield "keyring", lambda: _keyring(desk)
    yield "channels", lambda: _channels(desk)


def _database(desk: Desk) -> str:
    """A replica is good for reading, and no place to work."""
    database.check(desk.database)
    if schema.is_read_only(desk.database):
        raise KnownError("database.read_only")
    return desk.database.engine.url.render_as_string(hide_password=True)


def _keyring(desk: Desk) -> str:
    """A machine without one is no defect: its secrets come from the environment."""
    return desk.secrets.describe() or tr("cli.doctor.no_keyring")


def _channels(desk: Desk) -> str:
    database.check(desk.database)  # without its tables nothing is known of channels
    found = accounts.health(desk.database)
    for each in found:
        if each.problem:
            raise KnownError(each.problem, **each.problem_facts)
    return ", ".join(each.name for each in found) or tr("cli.doctor.no_channels")
