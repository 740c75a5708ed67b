"""The database: one door to SQLite and PostgreSQL alike."""

from app.models.clock import Clock
from app.services.database.engine import open_engine, parse_url
from app.services.database.schema import check, upgrade
from app.services.database.unit_of_work import Database, Work

__all__ = ["Database", "Work", "check", "open_database", "upgrade"]


def open_database(url: str, clock: Clock) -> Database:
    """The database at `url`; connects when first used. `DatabaseError` for an address that cannot be one."""
    return Database(open_engine(parse_url(url)), clock)
