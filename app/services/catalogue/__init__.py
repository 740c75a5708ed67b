"""What the desk is made of, from teams to routing rules, written out and taken in as one file."""

import tomlkit

from app.models.errors import NotAllowed
from app.models.records.desk import Actor
from app.models.rules.permissions import Action, may
from app.services.catalogue.applying import Applying
from app.services.catalogue.form import read_catalogue
from app.services.catalogue.writing import entries
from app.services.database import Database

__all__ = ["apply_catalogue", "write_catalogue"]


def apply_catalogue(database: Database, actor: Actor, text: str) -> None:
    """Add what is new in the file and change what differs, by name (people by mail address, organisations by domain).

    Nothing is deleted but routing rules and targets, which become those of the file, if it has any. All or nothing:
    `KnownError` `catalogue.broken`, `catalogue.unknown_name` (a team or application that is nowhere).
    """
    if not may(actor, Action.ADMINISTER):
        raise NotAllowed("not_allowed.administer")
    told = read_catalogue(text)
    with database.write(actor) as work:
        Applying(work, told).apply()
        work.audit("catalogue.applied", None, after={"rules": len(told.rule), "teams": len(told.team)})
        work.changed("catalogue", "all")


def write_catalogue(database: Database) -> str:
    """The catalogue as it is, in the form that `apply_catalogue` takes."""
    with database.read() as session:
        document = tomlkit.document()
        for name, told in entries(session).items():
            tables = tomlkit.aot()
            for each in told:
                tables.append(tomlkit.item({key: value for key, value in each.items() if value not in (None, [], "")}))
            if told:
                document.append(name, tables)
        return tomlkit.dumps(document)
