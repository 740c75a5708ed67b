"""The world's faults in a database, as errors that a person understands."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import errors as pg
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
_POSTGRES: tuple[tuple[type[Exception], str], ...] = (
    (pg.InvalidPassword, "database.sign_in_refused"),
    (pg.InvalidAuthorizationSpecification, "database.sign_in_refused"),
    (pg.InvalidCatalogName, "database.no_such_database"),
    (pg.InsufficientPrivilege, "database.no_rights"),
    (pg.DiskFull, "database.disk_full"),
    (pg.ReadOnlySqlTransaction, "database.read_only"),
    (pg.DeadlockDetected, "database.locked"),
    (pg.LockNotAvailable, "database.locked"),
    (pg.TooManyConnections, "database.too_many_desks"),
    (pg.AdminShutdown, "database.lost"),
    (pg.CrashShutdown, "database.lost"),
    (pg.CannotConnectNow, "database.lost"),
)


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
    for kind, code in _POSTGRES:
        if isinstance(error.orig, kind):
            return code
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
