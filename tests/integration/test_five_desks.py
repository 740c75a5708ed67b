"""Five real processes on one PostgreSQL: one of them reads the mailbox, and another when that one is gone."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from app.models.clock import SystemClock
from app.models.records.queue import QueueFilter
from app.models.tables import Lease
from app.services import accounts
from app.services.database import Database, open_database
from app.services.tickets import queue
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import eml

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no process can be paused here")

LASTING = 3.0
PATIENCE = 60.0
DESK = textwrap.dedent(
    """
    import sys, time
    from datetime import datetime, timedelta, UTC
    from app.services import accounts, staff
    from app.services.channels.interface import Credentials
    from app.services.database import open_database
    from app.services.work.rounds import ChannelRounds
    from app.services.work.worker import Worker

    url, name, lasting, skew = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])

    class Skewed:
        def now(self):
            return datetime.now(UTC) + timedelta(hours=skew)

    class Told(ChannelRounds):
        def _take_in(self, account, *rest):
            print("polls", flush=True)
            super()._take_in(account, *rest)

    database = open_database(url, Skewed())

    def rounds():
        lasts = timedelta(seconds=lasting)
        return Told(database, staff.system_actor(), name, lambda *_: Credentials(lambda name: None), 10**6, lasts)

    Worker(database, rounds, rest=0.3).run()
    """
)


@dataclass
class Desks:
    """The processes by name, and what each wrote down."""

    url: str
    folder: Path
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, skew_hours: float = 0) -> None:
        arguments = [sys.executable, "-c", DESK, self.url, name, str(LASTING), str(skew_hours)]
        with self._log(name).open("wb") as out:
            self.running[name] = subprocess.Popen(arguments, stdout=out, stderr=subprocess.STDOUT)

    def polls(self) -> Counter[str]:
        return Counter({name: self._log(name).read_text().count("polls") for name in self.running})

    def told(self) -> str:
        return "\n".join(f"{name}: {self._log(name).read_text()[-2000:]}" for name in self.running)

    def end(self) -> None:
        for each in self.running.values():
            each.send_signal(signal.SIGCONT)
            each.kill()
            each.wait()

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    opened = open_database(postgres_url, SystemClock())
    yield opened
    opened.close()


@pytest.fixture
def desks(database: Database, postgres_url: str, tmp_path: Path) -> Iterator[Desks]:
    mailbox = tmp_path / "mailbox"
    mailbox.mkdir()
    account = accounts.new_account("support", "folder", "support@desk.example", {"path": str(mailbox)})
    accounts.add(database, SYSTEM, account)
    found = Desks(postgres_url, tmp_path)
    yield found
    found.end()


def deliver(desks: Desks, number: int) -> None:
    file = desks.folder / "mailbox" / f"{number}.eml"
    file.write_bytes(eml(f"Mail {number}", mail_id=f"m{number}@x.example"))
    os.utime(file, (1_700_000_000, 1_700_000_000))


def tickets(database: Database) -> int:
    return len(queue.ids(database, QueueFilter()))


def holder(database: Database) -> str:
    with database.read() as session:
        return session.scalar(select(Lease.holder).where(Lease.name == "channel/support")) or ""


def wait_for(desks: Desks, holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, desks.told()
        time.sleep(0.05)


def test_one_of_five_polls_and_another_takes_over_when_it_is_killed(database: Database, desks: Desks) -> None:
    """Their clocks differ by hours, which is nothing to the database's."""
    for number, skew in enumerate((0, 5, -5, 30, -30)):
        desks.start(f"desk-{number}", skew)
    deliver(desks, 1)
    wait_for(desks, lambda: tickets(database) == 1)
    wait_for(desks, lambda: desks.polls().total() >= 8)
    assert [name for name, count in desks.polls().items() if count] == [holder(database)]
    killed = holder(database)
    desks.running[killed].kill()
    deliver(desks, 2)
    wait_for(desks, lambda: tickets(database) == 2)
    assert holder(database) != killed
    counted = desks.polls()
    assert len([name for name, count in counted.items() if count]) == 2
    del counted[killed]
    assert len([name for name, count in counted.items() if count]) == 1


def test_a_paused_desk_that_wakes_with_an_old_lease_does_no_harm(database: Database, desks: Desks) -> None:
    desks.start("sleeper")
    deliver(desks, 1)
    wait_for(desks, lambda: tickets(database) == 1)
    desks.running["sleeper"].send_signal(signal.SIGSTOP)
    desks.start("other")
    for number in range(2, 12):
        deliver(desks, number)
    wait_for(desks, lambda: tickets(database) == 11 and holder(database) == "other")
    with database.read() as session:
        fence = session.scalar(select(Lease.fence).where(Lease.name == "channel/support"))
    desks.running["sleeper"].send_signal(signal.SIGCONT)
    deliver(desks, 12)
    wait_for(desks, lambda: tickets(database) == 12)
    time.sleep(LASTING / 2)
    with database.read() as session:
        assert session.scalar(select(Lease.fence).where(Lease.name == "channel/support")) == fence
    assert (tickets(database), holder(database)) == (12, "other")
    assert desks.running["sleeper"].poll() is None
