"""The database: one door to SQLite and PostgreSQL alike."""

from collections.abc import Callable

from app.models.clock import Clock
from app.services.database.engine import open_engine, parse_url
from app.services.database.schema import check, secure, upgrade
from app.services.database.unit_of_work import Database, Work

__all__ = ["Database", "Work", "check", "open_database", "secure", "upgrade"]


def open_database(url: str, clock: Clock, password: Callable[[], str | None] = lambda: None) -> Database:
    """The database at `url`; connects when first used. `DatabaseError` for an address that cannot be one.

    `password` is asked for a shared database whose address holds none.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "postgresql" and parsed.password is None and (kept := password()):
        parsed = parsed.set(password=kept)
    return Database(open_engine(parsed), clock)
