"""A streaming replica in place of the primary: read on it, and be told where writing is refused."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from app.main import main
from app.models.errors import DatabaseError
from app.models.tables import Team
from app.services import staff
from app.services.database import Database, check, open_database, secure, upgrade
from app.services.database.changes import ChangeFeed
from app.services.database.schema import is_read_only
from tests.fixtures.databases import SYSTEM, SettableClock
from tests.fixtures.servers import PostgresServer, own_folder, running


def add_team(database: Database, name: str) -> None:
    with database.write(SYSTEM) as work:
        work.session.add(Team(id=uuid4(), name=name, level=1))
        work.changed("team", name)


def names(database: Database) -> list[str]:
    return [each.name for each in staff.teams(database)]


def test_on_a_replica_everything_is_read_and_nothing_written(
    start_postgres: Callable[..., PostgresServer],
    clock: SettableClock,
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    server = start_postgres()
    primary = open_database(server.create("desk"), clock)
    upgrade(primary)
    add_team(primary, "Before")
    with own_folder() as folder, running(server.standby(folder)) as standby:
        replica = open_database(standby.url("desk"), clock)
        check(replica)
        assert is_read_only(replica)
        assert not is_read_only(primary)
        feed = ChangeFeed(replica)
        feed.read()
        add_team(primary, "After")
        wait_for(standby, server)
        assert [each.topic for each in feed.read()] == ["team"]
        assert names(replica) == ["After", "Before"]
        for write in (lambda: add_team(replica, "Never"), lambda: secure(replica)):
            with pytest.raises(DatabaseError, match=r"^database\.read_only"):
                write()
        profile = str(tmp_path_factory.mktemp("profile"))
        assert main(["--profile", profile, "--database", standby.url("desk"), "doctor"]) == 1
        assert "replica" in capsys.readouterr().out
        server.stop()
        standby.run("pg_ctl", "-D", str(standby.data), "promote")
        assert not is_read_only(replica)
        add_team(replica, "New primary")
        assert [each.topic for each in feed.read()] == ["team"]
        assert names(replica) == ["After", "Before", "New primary"]
        replica.close()
    primary.close()


def wait_for(standby: PostgresServer, primary: PostgresServer) -> None:
    """Until it has what the primary has now."""
    with primary.connect() as connection:
        row = connection.execute("SELECT pg_current_wal_lsn()::text").fetchone()
    with standby.connect() as connection:
        while connection.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", row).fetchone() != (True,):
            pass
