"""The schema's age: what this program knows, what the database has, and no write where the two are not the same.

A desk may be open while another program upgrades its database. Each write therefore asks for the age once more before
it commits, in a statement that it needs anyway: from `hold` on no upgrade can end, and `confirm`, which looks after
that, sees every one that has ended. On SQLite the write itself keeps upgrades out.
(https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS)
"""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.orm import Session

from app.models.errors import DatabaseError

MIGRATIONS = Path(__file__).with_name("migrations")
UPGRADE_LOCK = 4_711_2026
DOORBELL = "firstline_change"
"""The channel that is notified with each change."""
TOPIC = "schema"
"""What the change feed calls an upgrade."""
UPGRADED = "database.upgraded"
"""The code of what is refused since this program is too old by now."""

_HOLD = text(f"SELECT pg_current_xact_id()::text::bigint, pg_try_advisory_xact_lock_shared({UPGRADE_LOCK})")
_AGE = text("SELECT version_num FROM alembic_version")
_RING_AND_AGE = text("SELECT version_num, pg_notify(:doorbell, '') FROM alembic_version")


@cache
def revisions() -> tuple[str, ...]:
    """The ages that this program knows, the newest last: each migration's file begins with its own."""
    return tuple(sorted(each.name.partition("_")[0] for each in MIGRATIONS.joinpath("versions").glob("[0-9]*.py")))


def head() -> str:
    """The age of this program."""
    return revisions()[-1]


def age_of(connection: Connection) -> str | None:
    """The database's age; None where it is empty. `DatabaseError`: `database.foreign`, `database.newer`."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    revision = connection.scalar(_AGE) if "alembic_version" in tables else None
    if revision is None or not {"ticket", "receipt"} <= tables:
        raise DatabaseError("database.foreign", tables=", ".join(sorted(tables)[:5]))
    if revision not in revisions():
        raise DatabaseError("database.newer", revision=revision)
    return str(revision)


def is_upgraded(connection: Connection) -> bool:
    """Whether the schema is not this program's any more."""
    return bool(connection.scalar(_AGE) != head())


def hold(session: Session) -> int:
    """Keep upgrades out until this write ends; its transaction, 0 on SQLite. `DatabaseError` `database.upgrading`."""
    if session.get_bind().dialect.name != "postgresql":
        return 0
    transaction, held = session.execute(_HOLD).one()
    if not held:
        raise DatabaseError("database.upgrading")
    return int(transaction)


def confirm(session: Session, *, ring: bool) -> None:
    """See that the schema is this program's still, and ring the doorbell on the way, where the engine has one.

    `DatabaseError` `database.upgraded`: nothing of this write may be kept.
    """
    rings = ring and session.get_bind().dialect.name == "postgresql"
    found = session.scalar(_RING_AND_AGE, {"doorbell": DOORBELL}) if rings else session.scalar(_AGE)
    if found != head():
        raise DatabaseError(UPGRADED)
