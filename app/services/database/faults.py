"""The world's faults in a database, as errors that a person understands."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, StatementError, TimeoutError as PoolTimeout

from app.models.errors import DatabaseError

_SQLITE = {
    "SQLITE_BUSY": "database.locked",
    "SQLITE_LOCKED": "database.locked",
    "SQLITE_FULL": "database.disk_full",
    "SQLITE_IOERR": "database.disk_broken",
    "SQLITE_READONLY": "database.read_only",
    "SQLITE_CANTOPEN": "database.cannot_open",
    "SQLITE_NOTADB": "database.not_a_database",
    "SQLITE_CORRUPT": "database.damaged",
}
_POSTGRES = {
    "28P01": "database.sign_in_refused",  # invalid_password
    "28000": "database.sign_in_refused",  # invalid_authorization_specification
    "3D000": "database.no_such_database",  # invalid_catalog_name
    "42501": "database.no_rights",  # insufficient_privilege
    "53100": "database.disk_full",  # disk_full
    "25006": "database.read_only",  # read_only_sql_transaction
    "40P01": "database.locked",  # deadlock_detected
    "55P03": "database.locked",  # lock_not_available
    "53300": "database.too_many_desks",  # too_many_connections
    "57P01": "database.lost",  # admin_shutdown
    "57P02": "database.lost",  # crash_shutdown
    "57P03": "database.lost",  # cannot_connect_now
}
"""By SQLSTATE rather than by the driver's classes, which a desk on an embedded database never loads."""


@contextmanager
def told_in_words() -> Iterator[None]:
    """Turn what the driver says of the world into `DatabaseError`; bugs (a bad statement, say) pass through."""
    try:
        yield
    except PoolTimeout as error:
        raise DatabaseError("database.too_busy") from error
    except StatementError as error:
        code = code_of(error)
        if code is None:
            raise
        raise DatabaseError(code, detail=_first_line(error)) from error


def code_of(error: StatementError) -> str | None:
    """The code of what happened; None where it is a bug of ours."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return None
    name: str = getattr(error.orig, "sqlite_errorname", "")
    for prefix, code in _SQLITE.items():
        if name.startswith(prefix):
            return code
    state: str = getattr(error.orig, "sqlstate", None) or ""
    if state in _POSTGRES:
        return _POSTGRES[state]
    if isinstance(error, (OperationalError, InterfaceError)):
        return _by_text(str(error.orig)) if not name else None
    return None


def _by_text(told: str) -> str:
    """libpq tells why a connection failed in words alone."""
    if "password authentication failed" in told or "no password supplied" in told or "no pg_hba.conf" in told:
        return "database.sign_in_refused"
    if "does not exist" in told and "database" in told:
        return "database.no_such_database"
    if "certificate" in told:
        return "database.certificate"
    return "database.lost"


def _first_line(error: StatementError) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
