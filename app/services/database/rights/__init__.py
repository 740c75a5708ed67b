"""Rights in the shared database: every person connects as themselves, and PostgreSQL holds them to the rules.

Somebody with an agent's password and `psql` gets no further than the window lets them. `apply` is run by who made the
database, at `firstline init`; it can be run again at any time.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.models.errors import DatabaseError
from app.services.database.rights.functions import functions
from app.services.database.rights.grants import GRANTS, grants, groups
from app.services.database.rights.guards import guards
from app.services.database.rights.logins import logins
from app.services.database.rights.policies import POLICIES, policies

__all__ = ["GRANTS", "POLICIES", "WORKER", "Login", "apply", "login_of"]

OWNER, WORKER = "owner", "worker"
_LONGEST_NAME = 63 - len("_administrator")


@dataclass(frozen=True, slots=True)
class Login:
    """As whom we are connected. `role` is a `Role`, `owner`, `worker`, or empty for nobody of the staff."""

    name: str
    role: str
    agent_id: UUID | None

    @property
    def is_owner(self) -> bool:
        """Whether it made the database, and is above its rules."""
        return self.role == OWNER

    @property
    def sees_everything(self) -> bool:
        """Whether even restricted tickets are there for it, with all that hangs on them."""
        return self.role in (OWNER, WORKER, "administrator")

    @property
    def carries_mail(self) -> bool:
        """Whether this login may take mail in and send it."""
        return self.sees_everything


def login_of(session: Session) -> Login | None:
    """Our login of a shared database; None on an embedded one, which has none."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    row = session.execute(text("SELECT session_user::text, desk_role(), desk_me()")).one()
    return Login(row[0], row[1] or "", row[2])


def apply(connection: Connection) -> bool:
    """Bring functions, policies, guards, groups and grants to this program's age; whether there are groups now.

    There are none where this login may not make them: the database is used by its owner alone then. `DatabaseError`
    `database.name_too_long`.
    """
    database, schema = connection.execute(text("SELECT current_database(), current_schema()")).one()
    if len(database.encode()) > _LONGEST_NAME:
        raise DatabaseError("database.name_too_long", name=database, most=_LONGEST_NAME)
    _run(connection, f"SET LOCAL search_path TO {connection.dialect.identifier_preparer.quote(schema)}, pg_temp")
    for statement in (*functions(), *guards(), *logins(), *policies()):
        _run(connection, statement)
    _run(connection, "ALTER FUNCTION desk_outbox_taken_back() SET search_path FROM CURRENT")
    if not _made_groups(connection, database):
        return False
    for statement in grants(database, schema):
        _run(connection, statement)
    _run(connection, "UPDATE agent SET login = login WHERE login IS NOT NULL")  # the guard puts each into their group
    return True


def _made_groups(connection: Connection, database: str) -> bool:
    there = set(connection.scalars(text("SELECT rolname FROM pg_roles")))
    missing = [each for each in groups(database) if each not in there]
    may = connection.scalar(text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"))
    if missing and not may:
        return False
    for each in missing:
        _run(connection, f"CREATE ROLE {connection.dialect.identifier_preparer.quote_identifier(each)} NOLOGIN")
    return True


def _run(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement.replace("%", "%%"))
