"""What somebody who helps with this desk needs to know of it, and nothing that a customer or a password is in."""

import platform
import re
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import text

from app import __version__
from app.models.errors import KnownError
from app.services import accounts
from app.services.database.age import head
from app.services.desk import Desk
from app.services.secrets.redacting import redact

_LIBRARIES = ("SQLAlchemy", "psycopg", "exchangelib", "IMAPClient", "keyring", "pydantic")
_PRIVATE = ("agent", "database")
_ADDRESS = re.compile(r"[^\s<>\"'=,;:]+@[^\s<>\"',;]+")
_FOLDER = re.compile(r"(?:[A-Za-z]:)?(?:[\\/][^\s\\/:\"']+){2,}[\\/]")
_TELLING = re.compile(r" (WARNING|ERROR|CRITICAL) ")
_LINES, _TAIL = 25, 200_000


def report(desk: Desk) -> str:
    """Versions, the database, the channels' health, settings and the last warnings of the log, a line each.

    Addresses and folders are masked, who works here and where the database is are told as set or not. What cannot be
    found out is told with its reason: a report is wanted just when something does not work.
    """
    parts = [_versions(), _settings(desk), _database(desk), _channels(desk), _log(desk)]
    return _mask("\n".join(line for part in parts for line in part))


def _versions() -> list[str]:
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return [
        f"Firstline {__version__}, schema {head()}",
        f"Python {platform.python_version()}, {platform.platform()}",
        libraries,
    ]


def _settings(desk: Desk) -> list[str]:
    told = {
        name: ("set" if value else "not set") if name in _PRIVATE else value
        for name, value in desk.settings.model_dump().items()
    }
    backend = desk.secrets.describe()
    return [
        "settings: " + ", ".join(f"{name}={value}" for name, value in told.items()),
        f"keyring: {backend or 'none'}",
    ]


def _database(desk: Desk) -> list[str]:
    query = "SHOW server_version" if desk.database.is_shared else "SELECT sqlite_version()"
    kind = "PostgreSQL" if desk.database.is_shared else "SQLite"
    try:
        with desk.database.read() as session:
            server = session.scalar(text(query))
            schema = session.scalar(text("SELECT version_num FROM alembic_version"))
    except KnownError as error:
        return [f"database: {kind}, {error.code}"]
    return [f"database: {kind} {server}, schema {schema}"]


def _channels(desk: Desk) -> list[str]:
    try:
        health = accounts.health(desk.database)
        kinds = {each.name: each.kind for each in accounts.listed(desk.database)}
    except KnownError:
        return []
    return [
        f"channel {place} ({kinds.get(each.name, 'switched off')}): {each.problem or 'works'}, "
        f"last mail {each.polled_at}, {each.waiting} waiting, {each.dead} given up"
        for place, each in enumerate(health, start=1)
    ]


def _log(desk: Desk) -> list[str]:
    """The last lines that tell of trouble."""
    file: Path = desk.profile.logs / "firstline.log"
    try:
        with file.open("rb") as stream:
            stream.seek(max(0, file.stat().st_size - _TAIL))
            lines = stream.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    return ["", *[each for each in lines if _TELLING.search(each)][-_LINES:]]


def _mask(told: str) -> str:
    return _FOLDER.sub("…/", _ADDRESS.sub("…@…", redact(told)))
