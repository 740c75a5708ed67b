"""A look at a shared database before it is worked on: whether it is there, lets us in, and is ours. Changes nothing."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError

from app.models.clock import Clock
from app.models.errors import DatabaseError
from app.models.records.desk import Agent
from app.services import staff
from app.services.database import Database, check, open_database

_CAUSES = (
    (("could not translate host name", "failed to resolve host"), "database.host_unknown"),
    (("connection refused",), "database.port_closed"),
    (("timeout expired", "timed out", "network is unreachable", "no route to host"), "database.no_answer"),
)


class Tls(StrEnum):
    """How the way to the server is guarded, in the words of libpq's `sslmode`.

    https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION
    """

    VERIFIED = "verify-full"
    REQUIRED = "require"
    PREFERRED = "prefer"
    NONE = "disable"


class Server(BaseModel):
    """Where a shared database is. The password is not here: it is kept in the keyring."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1, title="Server", description="Its name or address")
    port: int = Field(5432, ge=1, le=65535, title="Port")
    name: str = Field("firstline", min_length=1, title="Database")
    user: str = Field(min_length=1, title="User", description="As the database server knows you")
    tls: Tls = Field(Tls.VERIFIED, title="Encryption")
    ca_file: Path | None = Field(
        None, title="Certificate file", description="Where the server's certificate is signed by your own authority"
    )

    @property
    def url(self) -> str:
        """The address as the settings file has it. A server on this machine may be named by its socket's folder."""
        if self.host.startswith("/"):
            local = {"host": self.host, "port": str(self.port)}
            return URL.create("postgresql", self.user, database=self.name, query=local).render_as_string()
        query = {"sslmode": self.tls.value}
        if self.tls is Tls.VERIFIED:
            query["sslrootcert"] = str(self.ca_file) if self.ca_file else "system"
        made = URL.create("postgresql", self.user, None, self.host, self.port, self.name, query)
        return made.render_as_string(hide_password=False)


class Fitness(StrEnum):
    """READY to work on; EMPTY with the right to create what is missing."""

    READY = "ready"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Found:
    """What a look found: `people` are those of the staff who work there now."""

    fitness: Fitness
    version: str
    people: tuple[Agent, ...] = ()


def look(url: str, password: str | None, clock: Clock) -> Found:
    """See whether the database can be worked on.

    `DatabaseError` in words that name the cause: `database.host_unknown`, `.port_closed`, `.no_answer`, `.no_tls`,
    `.tls_required`, `.certificate`, `.sign_in_refused`, `.no_such_database`, `.foreign`, `.older`, `.newer`,
    `.no_rights`, and `.empty` where we may not create its tables.
    """
    database = open_database(url, clock, lambda: password)
    try:
        return _look(database)
    except DatabaseError as error:
        raise _with_cause(error) from error
    finally:
        database.close()


def _look(database: Database) -> Found:
    with database.read() as session:
        version = str(session.scalar(text("SHOW server_version"))).split(" ", 1)[0]
        may_create = session.scalar(text("SELECT has_schema_privilege(current_schema(), 'CREATE')"))
    try:
        check(database)
    except DatabaseError as error:
        if error.code == "database.empty" and may_create:
            return Found(Fitness.EMPTY, version)
        raise
    people = tuple(each for each in staff.agents(database) if each.active)
    return Found(Fitness.READY, version, people)


def _with_cause(error: DatabaseError) -> DatabaseError:
    """libpq tells why a server cannot be reached in words alone, for several addresses on several lines."""
    told = error.__cause__
    if error.code != "database.lost" or not isinstance(told, DBAPIError):
        return error
    words = str(told.orig).lower()
    code = next((code for signs, code in _CAUSES if any(each in words for each in signs)), error.code)
    return DatabaseError(code, **error.facts)
