"""An upgrade whose process dies in the middle leaves the schema that was there, and can be done again."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from psycopg import connect
from sqlalchemy import inspect, text

from app.services.database import Database, age, check, open_database, upgrade
from app.services.database.schema import differences
from tests.fixtures.databases import SettableClock

DIES = textwrap.dedent(
    """
    import os, sys
    from datetime import UTC, datetime
    from sqlalchemy import Engine, event
    from app.services.database import open_database, upgrade

    url, left = sys.argv[1], int(sys.argv[2])

    class Clock:
        def now(self):
            return datetime.now(UTC)

    @event.listens_for(Engine, "after_cursor_execute")
    def dies(connection, cursor, statement, *_rest):
        global left
        left -= any(each in statement for each in ("ALTER", "CREATE", "UPDATE alembic", "INSERT INTO change"))
        if left == 0:
            os._exit(9)

    upgrade(open_database(url, Clock()))
    """
)
OLD = "0002"


def at_old_age(url: str, clock: SettableClock, revision: str = OLD) -> Database:
    """A database as an older program made it."""
    if not url.startswith("sqlite"):
        with connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
    database = open_database(url, clock)
    config = Config()
    config.set_main_option("script_location", str(age.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with database.engine.execution_options(firstline_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return database


def shape(database: Database) -> list[tuple[str, list[str]]]:
    with database.engine.connect() as connection:
        found = inspect(connection)
        return [(name, [each["name"] for each in found.get_columns(name)]) for name in sorted(found.get_table_names())]


@pytest.mark.parametrize("statement", [1, 4, 8, 10])
def test_a_killed_upgrade_leaves_the_old_schema_whole(engine_url: str, clock: SettableClock, statement: int) -> None:
    database = at_old_age(engine_url, clock)
    before = shape(database)
    died = subprocess.run([sys.executable, "-c", DIES, engine_url, str(statement)], check=False, cwd=Path.cwd())
    assert died.returncode == 9
    assert shape(database) == before
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == OLD
    upgrade(database)
    check(database)
    with database.engine.connect() as connection:
        assert differences(connection) == []
    database.close()


def test_a_sqlite_file_is_backed_up_before_its_upgrade(tmp_path: Path, clock: SettableClock) -> None:
    database = at_old_age(f"sqlite:///{tmp_path / 'desk.db'}", clock)
    before = shape(database)
    upgrade(database)
    database.close()
    kept = open_database(str(tmp_path / f"desk.db.before-upgrade-from-{OLD}"), clock)
    assert shape(kept) == before
    kept.close()
