"""A desk that is killed between any two steps of keeping and filing loses nothing and files nothing twice.

The desk is a process of its own, on both engines, and dies by `os._exit` just before, in the middle of, or just after
every line that goes to the journal, every sync of it to the disk, and every commit. What it was told to be kept it says
on a pipe. Then the desk starts again.
"""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.identifiers import new_id
from app.models.records.call_form import CallForm
from app.models.records.desk import Actor
from app.models.records.tickets import NewNote
from app.models.tables import Audit, Call, Message, Outbox
from app.services.database import Database, open_database
from app.services.journal import Journal, lines
from app.services.offline import TicketNote, Unfiled, Waiting
from app.services.secrets import Secrets
from tests.fixtures.databases import SettableClock
from tests.fixtures.rounds import MailDesk
from tests.services.offline.conftest import KEY, tickets

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
_DEAD = 9
_MOST = 60


@dataclass
class Death:
    """Ends the process at a step, counted from 0."""

    at: int
    steps: int = field(default=0)

    def step(self) -> None:
        if self.steps == self.at:
            os._exit(_DEAD)
        self.steps += 1

    def around(self, owner: object, name: str) -> None:
        """Before and after every call."""
        real = getattr(owner, name)

        def watched(*told: object, **named: object) -> object:
            self.step()
            outcome = real(*told, **named)
            self.step()
            return outcome

        setattr(owner, name, watched)

    def in_the_middle_of_writing(self) -> None:
        real = lines._write

        def watched(handle: int, line: bytes) -> None:
            self.step()
            os.write(handle, line[: len(line) // 2])
            self.step()
            real(handle, line[len(line) // 2 :])

        lines._write = watched


@dataclass(frozen=True)
class Run:
    """One life of the desk: what it writes, under which ids."""

    url: str
    profile: Path
    actor: Actor
    ticket_id: UUID
    number: int
    call_id: UUID = field(default_factory=new_id)
    note_id: UUID = field(default_factory=new_id)

    def waiting(self) -> Waiting:
        return Waiting(Journal(self.profile, Secrets(KEY)))

    def live(self, death: Death, says: int) -> None:
        """Write a call and a note, file both, and tell what was kept; never returns."""
        clock = SettableClock()
        database = open_database(self.url, clock)
        waiting, now = self.waiting(), clock.now()
        death.in_the_middle_of_writing()
        death.around(lines.os, "fsync")
        death.around(Session, "commit")
        call = CallForm(now, id=self.call_id, who="Nora", subject="call", text="call")
        note = TicketNote(self.ticket_id, self.number, "", was_done=False, note=NewNote("note", id=self.note_id))
        for what in (call, note):
            waiting.add(Unfiled.of(self.actor, now, what))
            os.write(says, f"{self.call_id if what is call else self.note_id}\n".encode())
        waiting.file(database, self.actor)
        os._exit(0)


def lived(run: Run, at: int) -> tuple[bool, set[UUID]]:
    """Whether it was killed, and what it had said that it kept."""
    hears, says = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            run.live(Death(at), says)
        finally:
            os._exit(1)
    os.close(says)
    with os.fdopen(hears) as heard:
        kept = {UUID(each) for each in heard.read().split()}
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, _DEAD)
    return status == _DEAD, kept


def count(database: Database, run: Run) -> dict[UUID, int]:
    with database.read() as session:
        calls = session.scalar(select(func.count()).select_from(Call).where(Call.id == run.call_id))
        notes = session.scalar(select(func.count()).select_from(Message).where(Message.id == run.note_id))
    return {run.call_id: calls or 0, run.note_id: notes or 0}


@pytest.fixture
def runs(desk: MailDesk, engine_url: str, tmp_path: Path) -> Iterator[Callable[[], Run]]:
    ticket = tickets(desk)[0]
    desk.database.close()  # no connection goes through a fork
    yield lambda: Run(engine_url, tmp_path / "profile", desk.agent, ticket.id, ticket.number)
    desk.database.close()


def test_killed_at_any_step_nothing_is_lost_and_nothing_is_twice(desk: MailDesk, runs: Callable[[], Run]) -> None:
    for at in range(_MOST):
        run = runs()
        killed, kept = lived(run, at)
        waiting = run.waiting()
        outcomes = waiting.file(desk.database, desk.agent)
        assert [each.error for each in outcomes] == [None] * len(outcomes)
        assert [each.thing.id for each in outcomes] in ([], [run.call_id], [run.note_id], [run.call_id, run.note_id])
        found = count(desk.database, run)
        assert {each for each, times in found.items() if times} >= kept, at
        assert max(found.values()) <= 1, at
        assert waiting.all() == run.waiting().all() == [], at
        assert not run.waiting()._journal.set_aside.exists(), at
        desk.database.close()
        if not killed:
            assert set(found.values()) == {1}
            assert at >= 16  # it was killed at every step of four lines and two commits
            break
    else:
        pytest.fail("it never came to its end")
    with desk.database.read() as session:
        filed = session.scalar(select(func.count()).select_from(Audit).where(Audit.action == "call.filed"))
        assert filed == session.scalar(select(func.count()).select_from(Call))
        assert session.scalar(select(func.count()).select_from(Outbox)) == 0


def test_killed_again_and_again_while_it_files(desk: MailDesk, runs: Callable[[], Run]) -> None:
    """The same things, over many lives that each come one step further."""
    run = runs()
    for at in range(_MOST):
        killed, _ = lived(run, at)  # the ids are the same ones: what is filed already must not be filed again
        assert max(count(desk.database, run).values()) <= 1
        desk.database.close()
        if not killed:
            break
    assert set(count(desk.database, run).values()) == {1}
    assert run.waiting().all() == []
