"""A desk's own disk runs full, and has room again, time after time: what was acknowledged is there once.

A disk of a few megabytes is mounted for it, where that is allowed. More: FIRSTLINE_CHAOS_ROUNDS=500.
"""

import os
import random
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.call_form import CallForm
from app.models.records.desk import Actor, Role
from app.models.records.tickets import MessageKind, NewNote
from app.models.tables import Audit, Call, Message
from app.services import audit, staff, wording
from app.services.database import Database, open_database, upgrade
from app.services.journal import Journal
from app.services.offline import Unfiled, Waiting
from app.services.phone.filing import file_call
from app.services.secrets import Secrets
from app.services.tickets import answering, reading
from tests.fixtures.databases import SYSTEM, SettableClock

ROUNDS = int(os.environ.get("FIRSTLINE_CHAOS_ROUNDS", "15"))
MEGABYTES = 12
_KEY = Secrets({"FIRSTLINE_SECRET_JOURNAL": "a key"})


class SmallDisk:
    """`filler` takes all of it but so many bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._filler = folder, folder / "filler"

    def leave(self, room: int) -> None:
        self.free()
        disk = os.statvfs(self.folder)
        self._filler.write_bytes(b"\0" * max(0, disk.f_bavail * disk.f_frsize - room))

    def free(self) -> None:
        self._filler.unlink(missing_ok=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(["mount", *options], check=False, capture_output=True).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("needs the right to mount a small disk")
    yield SmallDisk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def opened(folder: Path, clock: SettableClock) -> Database:
    database = open_database(f"sqlite:///{folder / 'desk.db'}", clock)
    upgrade(database)
    return database


def person(database: Database) -> Actor:
    staff.add_agent(database, SYSTEM, "Ann", "ann@desk.example", Role.AGENT, ())
    return staff.sign_in(database, "ann@desk.example")


def acknowledged(work: Callable[[], object], code: str) -> bool:
    """Whether it was; where it was not, `code` tells why, and there are words for it."""
    try:
        work()
    except KnownError as error:
        refused = error
    else:
        return True
    assert refused.code == code
    assert refused.code not in wording.tr_error(refused)
    return False


def words(dice: random.Random) -> str:
    return dice.randbytes(dice.choice([100, 5_000, 40_000])).hex()


@pytest.mark.parametrize("seed", range(2))
def test_an_embedded_database_keeps_what_it_acknowledged(small_disk: SmallDisk, seed: int) -> None:
    dice, clock, promised, tried = random.Random(seed), SettableClock(), set[UUID](), set[UUID]()
    database = opened(small_disk.folder, clock)
    ann = person(database)
    ticket = file_call(database, ann, CallForm(clock.now(), subject="VPN", text="x"), "GB").ticket_id
    for _ in range(ROUNDS):
        small_disk.leave(dice.randint(0, 400_000))
        for _ in range(6):
            note = NewNote(words(dice), id=new_id())
            tried.add(note.id)
            if acknowledged(partial(answering.note, database, ann, ticket, note), "database.disk_full"):
                promised.add(note.id)
        assert reading.show(database, ticket).row.subject == "VPN"
        if dice.random() < 0.3:
            database.close()
            database = open_database(f"sqlite:///{small_disk.folder / 'desk.db'}", clock)
            acknowledged(partial(upgrade, database), "database.disk_full")  # as every start does
    small_disk.free()
    with database.read() as session:
        stored = session.scalars(select(Message.id).where(Message.kind == MessageKind.NOTE)).all()
        audited = session.scalars(select(Audit.subject_id).where(Audit.action == "ticket.noted")).all()
        assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    assert 0 < len(promised) < len(tried)
    assert sorted(stored) == sorted(filter(None, audited)) == sorted(promised)
    audit.seal(database, SYSTEM, "check")
    assert audit.verify(database).flaws == 0
    database.close()


@pytest.mark.parametrize("seed", range(2))
def test_what_a_full_journal_kept_is_filed_once(small_disk: SmallDisk, tmp_path: Path, seed: int) -> None:
    dice, clock, promised = random.Random(seed), SettableClock(), list[UUID]()
    database = opened(tmp_path, clock)
    ann = person(database)
    waiting, refused, filed = Waiting(Journal(small_disk.folder, _KEY)), 0, list[UUID]()
    for _ in range(ROUNDS):
        small_disk.leave(dice.randint(0, 200_000))
        for _ in range(6):
            clock.forward(minutes=1)
            call = CallForm(clock.now(), id=new_id(), subject="It rang", text=words(dice))
            if acknowledged(partial(waiting.add, Unfiled.of(ann, clock.now(), call, "GB")), "file.cannot_write"):
                promised.append(call.id)
            else:
                refused += 1
        assert [each.id for each in waiting.all()] == promised
        if dice.random() < 0.3:
            waiting = Waiting(Journal(small_disk.folder, _KEY))
        if dice.random() < 0.3:  # filed, though the disk may have no room to say so
            assert all(each.error is None for each in waiting.file(database, ann))
            small_disk.free()
            waiting = Waiting(Journal(small_disk.folder, _KEY))
            waiting.file(database, ann)
            filed, promised = filed + promised, []
    small_disk.free()
    waiting.file(database, ann)
    assert waiting.all() == []
    with database.read() as session:
        stored = session.scalars(select(Call.id).join(Message).order_by(Message.stored_at, Message.id)).all()
    assert refused > 0
    assert list(stored) == filed + promised
    database.close()
