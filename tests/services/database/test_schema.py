"""The schema in the database is the one in the code, and nothing else is touched."""

import sqlite3
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.models.errors import DatabaseError
from app.models.identifiers import new_id
from app.services import accounts
from app.services.database import Database, age, check, open_database, schema, upgrade
from app.services.database.schema import differences
from tests.fixtures.databases import SettableClock
from tests.integration.servers.test_upgrade_killed import at_old_age


def test_head_is_what_the_tables_in_the_code_say(database: Database) -> None:
    with database.engine.connect() as connection:
        assert differences(connection) == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    upgrade(database)
    check(database)


def test_a_cursor_from_before_channels_moved_is_of_its_channels_kind(engine_url: str, clock: SettableClock) -> None:
    database = at_old_age(engine_url, clock, "0006")
    key = new_id()
    told = {"id": key if database.is_shared else key.hex, "no": False}
    with database.engine.execution_options(firstline_writes=True).begin() as connection:
        connection.execute(
            text(
                "INSERT INTO channel (id, name, kind, config, address, sender_name, active, acknowledge, plus_address)"
                " VALUES (:id, 'support', 'folder', '{}', 'a@b.example', '', :no, :no, :no)"
            ),
            told,
        )
        connection.execute(
            text("INSERT INTO channel_state (channel_id, cursor, problem_facts) VALUES (:id, 'x', '{}')"), told
        )
    upgrade(database)
    assert accounts.cursor_of(database, accounts.named(database, "support")) == ("x", "folder")
    database.close()


def test_a_newer_schema_is_refused(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match=r"database\.newer"):
        upgrade(database)
    with pytest.raises(DatabaseError, match=r"database\.newer"):
        check(database)


def test_the_database_of_another_product_is_refused_and_left_alone(tmp_path: Path, clock: SettableClock) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE invoice (id)")
    other.close()
    database = open_database(str(path), clock)
    with pytest.raises(DatabaseError, match=r"database\.foreign"):
        upgrade(database)
    with database.engine.connect() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master")).scalars().all()
    database.close()
    assert tables == ["invoice"]


def test_an_empty_database_says_so(tmp_path: Path, clock: SettableClock) -> None:
    database = open_database(str(tmp_path / "new.db"), clock)
    with pytest.raises(DatabaseError, match=r"database\.empty"):
        check(database)
    database.close()


def test_a_sqlite_file_on_a_network_share_is_refused(clock: SettableClock) -> None:
    with pytest.raises(DatabaseError, match=r"database\.network_share"):
        open_database("sqlite:////" + "/server/share/desk.db", clock)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path, clock: SettableClock) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to be looked at as one " * 40)
    database = open_database(str(path), clock)
    with pytest.raises(DatabaseError, match=r"database\.not_a_database"):
        upgrade(database)
    database.close()
    assert path.read_text().startswith("not a database")


def test_a_migrations_file_begins_with_its_revision() -> None:
    """A desk that starts goes by the names of the files alone."""
    script = ScriptDirectory(str(Path(schema.__file__).with_name("migrations")))
    known = [each.revision for each in script.walk_revisions()]
    assert list(age.revisions()) == list(reversed(known))
    assert age.revisions()[-1] == script.get_current_head()
