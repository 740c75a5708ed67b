"""A shared desk is dumped, and restored into the empty server of another machine: nothing is missing, and it goes on.

The way is that of docs/administration.md, with PostgreSQL's own programs.
"""

import os
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from app.main import main
from app.models.errors import DatabaseError, KnownError
from app.services import audit, backup, staff
from app.services.database import Database, check, open_database
from app.services.database.changes import ChangeFeed
from app.services.database.numbers import TicketNumbers
from app.services.staff import logins
from app.services.tickets import editing, reading
from tests.fixtures.databases import SYSTEM, SettableClock
from tests.fixtures.people import PASSWORD, SharedDesk
from tests.fixtures.servers import PostgresServer, programs

NEW = "firstline"


@pytest.fixture
def filled(shared_desk: SharedDesk, clock: SettableClock, monkeypatch: pytest.MonkeyPatch) -> SharedDesk:
    """A desk whose server has done so much that another one is far behind in counting."""
    monkeypatch.setenv("PATH", f"{programs()}{os.pathsep}{os.environ['PATH']}")
    with psycopg.connect(shared_desk.url, autocommit=True) as connection:
        for _ in range(3_000):
            connection.execute("SELECT pg_current_xact_id()")
    assert audit.seal(shared_desk.owner, SYSTEM, "here") > 0
    add_team(shared_desk.owner, "Not sealed")
    return shared_desk


def add_team(database: Database, name: str) -> None:
    staff.add_agent(database, SYSTEM, name, f"{name.replace(' ', '.').lower()}@desk.example", staff.Role.AGENT, ())


def contents(url: str) -> dict[str, tuple[int, str]]:
    """Of each table its count, and a hash of all that is in it but the numbers of transactions."""
    hashed = "md5(string_agg((to_jsonb(one) - 'transaction' - 'last')::text, '|' ORDER BY to_jsonb(one)::text))"
    with psycopg.connect(url) as connection:
        names = [row[0] for row in connection.execute("SELECT relname FROM pg_stat_user_tables ORDER BY 1")]
        query = f"SELECT count(*), coalesce({hashed}, '') FROM {{}} one"
        found = {name: connection.execute(query.format(name).encode()).fetchone() for name in names}
    return {name: (row[0], row[1]) for name, row in found.items() if row is not None}


def restored(server: PostgresServer, dumped: Path) -> str:
    url = server.create(NEW)
    server.give(server.folder)
    dumped.chmod(0o644)
    with psycopg.connect(url):
        pass
    copy = server.folder / "dump"
    copy.write_bytes(dumped.read_bytes())
    server.give(copy)
    server.run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "-d", url, str(copy))
    return url


def test_a_restored_desk_has_everything_and_goes_on(
    filled: SharedDesk,
    start_postgres: Callable[..., PostgresServer],
    tmp_path: Path,
    clock: SettableClock,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dumped = tmp_path / "desk.dump"
    assert main(["--profile", str(tmp_path), "--database", filled.url, "backup", str(dumped)]) == 0
    assert PASSWORD not in capsys.readouterr().out
    before, sealed = contents(filled.url), audit.verify(filled.owner)
    url = restored(start_postgres(), dumped)
    database = open_database(url, clock)
    with pytest.raises(DatabaseError, match=r"^database\.restored"):
        check(database)

    assert main(["--profile", str(tmp_path), "--database", url, "init"]) == 0
    check(database)
    after = contents(url)
    assert {name: told for name, told in before.items() if name not in ("change", "lease")} == {
        name: told for name, told in after.items() if name not in ("change", "lease")
    }
    assert before["ticket"][0] > 0 < before["audit"][0]
    told = audit.verify(database, sealed.newest)
    assert (told.flaws, told.sealed, told.waiting) == (0, sealed.sealed, sealed.waiting)

    _goes_on(database, filled, url, clock)
    database.close()


def _goes_on(database: Database, old: SharedDesk, url: str, clock: SettableClock) -> None:
    """Changes are heard of, numbers go on, the chain grows, people are let in with a new password."""
    feed = ChangeFeed(database)
    feed.read()
    add_team(database, "Came later")
    assert [each.topic for each in feed.read()] == ["agent"]
    with old.owner.write(SYSTEM) as there, database.write(SYSTEM) as here:
        assert TicketNumbers(here.session).next() == TicketNumbers(there.session).next()
    assert audit.seal(database, SYSTEM, "there") > 0
    assert audit.verify(database).flaws == audit.verify(database).waiting == 0
    ann = next(each for each in staff.agents(database) if each.mail == "ann@desk.example")
    login = old.login("ann")
    with pytest.raises(DatabaseError, match=r"^database\.sign_in_refused"):
        staff.sign_in(_as(url, login, clock), None)
    logins.admit(database, SYSTEM, ann, login, PASSWORD)
    theirs = _as(url, login, clock)
    actor = staff.sign_in(theirs, None)
    assert actor.id == ann.id
    editing.assign(theirs, actor, editing.Stale(old.tickets["free"]), actor.id)
    with pytest.raises(KnownError):
        reading.show(theirs, old.tickets["hidden"])
    theirs.close()


def _as(url: str, login: str, clock: SettableClock) -> Database:
    return open_database(
        make_url(url).set(username=login, password=PASSWORD).render_as_string(hide_password=False), clock
    )


def test_without_pg_dump_the_line_to_use_is_told_without_a_password(
    shared_desk: SharedDesk, tmp_path: Path, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    database, _ = shared_desk.as_("ann")
    with pytest.raises(KnownError, match=r"^backup\.no_pg_dump") as told:
        backup.dump(database, tmp_path / "desk.dump")
    assert PASSWORD not in str(told.value)
    assert "pg_dump --format=custom" in str(told.value)


def test_who_may_not_read_everything_gets_no_backup(filled: SharedDesk, tmp_path: Path) -> None:
    """pg_dump refuses rather than leave out what row level security hides."""
    database, _ = filled.as_("ann")
    with pytest.raises(KnownError, match=r"^backup\.dump_failed"):
        backup.dump(database, tmp_path / "desk.dump")
    assert list(tmp_path.glob("desk.dump*")) == []


def test_an_old_pg_dump_is_told(filled: SharedDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 11.2 (Debian 11.2-1)'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(KnownError, match=r"^backup\.pg_dump_old"):
        backup.dump(filled.owner, tmp_path / "desk.dump")
