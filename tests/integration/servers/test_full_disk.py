"""The server's disk runs full: what was asked is refused whole, and when there is room again it goes on."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, insert, select

from app.models.errors import DatabaseError
from app.models.tables import Blob, Team
from app.services import staff
from app.services.database import Database, open_database, upgrade
from tests.fixtures.databases import SYSTEM, SettableClock
from tests.fixtures.servers import PostgresServer, own_folder

MEGABYTES = 48


@pytest.fixture
def small_disk() -> Iterator[Path]:
    with own_folder() as folder:
        options = ["-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)]
        mounted = subprocess.run(["mount", *options], check=False, capture_output=True)
        if mounted.returncode != 0:
            pytest.skip("needs the right to mount a small disk")
        yield folder
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_of_the_server_is_told_and_nothing_is_half_written(
    start_postgres: Callable[..., PostgresServer], small_disk: Path, clock: SettableClock
) -> None:
    server = start_postgres()
    place, filler = small_disk / "tables", small_disk / "filler"
    place.mkdir()
    for each in (small_disk, place):
        server.give(each)
    with server.connect() as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{place}'".encode())
    database = open_database(server.create("desk", "TABLESPACE small"), clock)
    upgrade(database)
    left = os.statvfs(small_disk)
    filler.write_bytes(b"\0" * (left.f_bavail * left.f_frsize - 3_000_000))
    kept = fill(database)
    assert 0 < kept < 100
    assert count(database, Blob) == count(database, Team) == kept
    assert staff.teams(database)  # what is there can be read
    filler.unlink()
    add(database)
    assert count(database, Blob) == count(database, Team) == kept + 1
    database.close()


def fill(database: Database) -> int:
    """Until nothing more fits; how many writes were acknowledged."""
    acknowledged = 0
    with pytest.raises(DatabaseError, match=r"^database\.disk_full"):
        while acknowledged < 100:
            add(database)
            acknowledged += 1
    return acknowledged


def add(database: Database) -> None:
    """A small row before a large one, in one write."""
    with database.write(SYSTEM) as work:
        work.session.execute(insert(Team).values(id=uuid4(), name=f"{uuid4()}", level=1))
        content = os.urandom(400_000)
        work.session.execute(insert(Blob).values(sha256=f"{uuid4()}", size=len(content), content=content))
        work.audit("blob.added", None)


def count(database: Database, table: type[Blob | Team]) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
