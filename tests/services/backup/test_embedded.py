"""A backup of the embedded database is whole whatever goes on meanwhile, and can be put back."""

import multiprocessing
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest

from app.models.errors import KnownError
from app.services import backup, staff
from app.services.database import Database, check, open_database, upgrade
from app.services.sample import add_history, fill_with_sample
from tests.fixtures.databases import SYSTEM, SettableClock

WRITES = textwrap.dedent(
    """
    import sqlite3, sys
    connection = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
    connection.execute("CREATE TABLE ledger (number INTEGER PRIMARY KEY, twice INTEGER)")
    number = 0
    while True:
        number += 1
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO ledger (number) VALUES (?)", (number,))
        connection.execute("UPDATE ledger SET twice = 2 * number WHERE number = ?", (number,))
        connection.execute("COMMIT")
        print(number, flush=True)
    """
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


@pytest.fixture
def filled(file: Path, tmp_path: Path, clock: SettableClock) -> Database:
    database = open_database(str(file), clock)
    upgrade(database)
    fill_with_sample(database, SYSTEM, tmp_path / "mailbox")
    add_history(database, SYSTEM)
    return database


def counts(file: Path) -> dict[str, int]:
    with closing(sqlite3.connect(file)) as looking:
        names = [row[0] for row in looking.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: looking.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


def test_a_backup_holds_what_the_open_database_holds(filled: Database, file: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    assert backup.back_up(file, target) == target.stat().st_size
    assert counts(target) == counts(file)
    assert counts(target)["ticket"] > 0
    filled.close()
    assert [each.name for each in tmp_path.glob("backup*")] == ["backup.db"]


def test_a_backup_taken_while_another_process_writes_is_of_one_moment(
    filled: Database, file: Path, tmp_path: Path
) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITES, str(file)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        last = 0
        for number in range(5):
            target = tmp_path / f"backup-{number}.db"
            backup.back_up(file, target)
            with closing(sqlite3.connect(target)) as looking:
                told = looking.execute("SELECT count(*), max(number), sum(twice) FROM ledger").fetchone()
            assert told[0] == told[1] > last
            assert told[2] == told[1] * (told[1] + 1)
            last = told[1]
        writer.kill()
    filled.close()


def test_a_backup_is_never_written_over_another(filled: Database, file: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    target.write_text("of yesterday")
    with pytest.raises(KnownError, match=r"^backup\.exists"):
        backup.back_up(file, target)
    assert target.read_text() == "of yesterday"
    filled.close()


def test_a_damaged_database_makes_no_backup(filled: Database, file: Path, tmp_path: Path) -> None:
    filled.close()
    with file.open("r+b") as stream:
        stream.seek(4096 * 20)
        stream.write(b"\xff" * 4096 * 30)
    with pytest.raises(KnownError, match=r"^backup\.damaged"):
        backup.back_up(file, tmp_path / "backup.db")
    assert list(tmp_path.glob("backup*")) == []


def test_what_was_restored_is_what_was_backed_up(
    filled: Database, file: Path, tmp_path: Path, clock: SettableClock
) -> None:
    target = tmp_path / "backup.db"
    backup.back_up(file, target)
    before = counts(target)
    staff.add_agent(filled, SYSTEM, "Late Comer", "late@desk.example", staff.agents(filled)[0].role, ())
    filled.close()
    aside = backup.restore(target, file, clock.now())
    again = open_database(str(file), clock)
    check(again)
    assert counts(file) == before
    assert "late@desk.example" not in {each.mail for each in staff.agents(again)}
    staff.add_agent(again, SYSTEM, "Another", "another@desk.example", staff.agents(again)[0].role, ())
    again.close()
    assert aside == tmp_path / "desk.db.before-restore-20260302T090000Z"
    assert counts(aside)["agent"] == before["agent"] + 1


def test_nothing_is_restored_under_an_open_desk(
    filled: Database, file: Path, tmp_path: Path, clock: SettableClock
) -> None:
    target = tmp_path / "backup.db"
    backup.back_up(file, target)
    staff.agents(filled)  # its connection stays in the pool, open
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as elsewhere:  # SQLite's locks are the process's
        told = elsewhere.apply(_tried, (target, file, clock.now()))
    assert told == "backup.desk_open"
    assert staff.agents(filled)
    filled.close()


def _tried(*arguments: object) -> str:
    try:
        backup.restore(*arguments)  # type: ignore[arg-type]
    except KnownError as error:
        return error.code
    return ""


def test_a_file_that_is_no_backup_changes_nothing(
    filled: Database, file: Path, tmp_path: Path, clock: SettableClock
) -> None:
    filled.close()
    before = file.read_bytes()
    other, letter = tmp_path / "other.db", tmp_path / "letter.txt"
    with closing(sqlite3.connect(other)) as making:
        making.execute("CREATE TABLE invoice (id)")
    letter.write_text("Dear reader, " * 500)
    for wrong, code in (
        (other, "backup.not_ours"),
        (letter, "backup.damaged"),
        (tmp_path / "none.db", "file.cannot_read"),
    ):
        with pytest.raises(KnownError) as told:
            backup.restore(wrong, file, clock.now())
        assert told.value.code == code
    assert file.read_bytes() == before


def test_a_damaged_database_is_put_aside_for_its_backup(
    filled: Database, file: Path, tmp_path: Path, clock: SettableClock
) -> None:
    target = tmp_path / "backup.db"
    backup.back_up(file, target)
    filled.close()
    file.write_bytes(b"no database any more " * 1000)
    aside = backup.restore(target, file, clock.now())
    assert counts(file) == counts(target)
    assert aside is not None
    assert aside.read_bytes().startswith(b"no database")
