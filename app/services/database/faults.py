"""The world's faults in a database, as errors that a person understands."""

import re
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
    "57P04": "database.no_such_database",  # database_dropped
    "42501": "database.no_rights",  # insufficient_privilege
    "53100": "database.disk_full",  # disk_full
    "25006": "database.read_only",  # read_only_sql_transaction
    "40P01": "database.locked",  # deadlock_detected
    "55P03": "database.locked",  # lock_not_available
    "53300": "database.too_many_desks",  # too_many_connections
    "57014": "database.too_busy",  # query_canceled: an administrator's, or a statement_timeout
    "58030": "database.disk_broken",  # io_error
    "57P01": "database.lost",  # admin_shutdown
    "57P02": "database.lost",  # crash_shutdown
    "57P03": "database.lost",  # cannot_connect_now
}
"""By SQLSTATE rather than by the driver's classes, which a desk on an embedded database never loads."""
_TOLD = (
    (("too many clients", "remaining connection slots", "too many connections"), "database.too_many_desks"),
    (("zu viele verbindungen", "die verbleibenden verbindungen"), "database.too_many_desks"),
    (("does not match host name",), "database.certificate_host"),
    (("server does not support ssl",), "database.no_tls"),
    (("certificate",), "database.certificate"),
    (("no encryption", "no ssl encryption", "keine verschlüsselung"), "database.tls_required"),
    (("authentication failed", "no password supplied", "pg_hba.conf", 'role "'), "database.sign_in_refused"),
    (("authentifizierung für benutzer", "rolle »"), "database.sign_in_refused"),
    (("permission denied for database", "keine berechtigung für datenbank"), "database.no_rights"),
    (('database "', "datenbank »"), "database.no_such_database"),
    (("permission denied", "keine berechtigung"), "database.no_rights"),
)
"""Why a connection failed libpq tells in words alone, those of the server in the server's language: English or German
here, and in any other it is `database.lost` with what the server said. The first that fits is meant."""
_ROLE_GONE = re.compile(r"(role|Rolle) .*(does not exist|existiert nicht)")
"""What is told to a connection whose login was dropped under it, with one SQLSTATE or another."""


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
    if _ROLE_GONE.search(str(error.orig)):
        return "database.sign_in_refused"
    if isinstance(error, (OperationalError, InterfaceError)):
        return _by_text(str(error.orig)) if not name else None
    return None


def _by_text(told: str) -> str:
    words = told.lower()
    return next((code for signs, code in _TOLD if any(each in words for each in signs)), "database.lost")


def _first_line(error: StatementError) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
