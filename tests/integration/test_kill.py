"""A desk killed at any step of a poll or a send: started again, each mail is there once and each answer went once.

The desk runs in a process of its own, on a real folder channel, and dies by `os._exit` just before or just after the
step that a test names: no cleaning up, no commit, no goodbye.
"""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.fixtures.databases import SettableClock
from tests.fixtures.rounds import eml

DIES = textwrap.dedent(
    """
    import os, sys
    from datetime import UTC, datetime, timedelta
    from app.services import accounts
    from app.services.channels.interface import Credentials
    from app.services.channels.folder.connector import FolderConnector
    from app.services.database import open_database
    from app.services.database.unit_of_work import Work
    from app.services.outbox.sending import Sender
    from app.services.staff import system_actor
    from app.services.work.rounds import ChannelRounds
    from sqlalchemy.orm import Session

    url, step, when, countdown = sys.argv[1:5]
    left = int(countdown)
    owner, name = {
        "read": (FolderConnector, "poll"), "commit": (Session, "commit"), "log": (Work, "flush_log"),
        "settle": (FolderConnector, "settle"), "mark": (Sender, "_mark"), "send": (FolderConnector, "send"),
        "sent": (Sender, "_sent"), "none": (object, None),
    }[step]
    if name:
        really = getattr(owner, name)

        def dies(*arguments, **named):
            global left
            left -= 1
            if left == 0 and when == "before":
                os._exit(9)
            result = really(*arguments, **named)
            if left == 0 and when == "after":
                os._exit(9)
            return result

        setattr(owner, name, dies)

    class Clock:
        def now(self):
            return datetime.now(UTC) + timedelta(minutes=float(sys.argv[5]))

    database = open_database(url, Clock())
    rounds = ChannelRounds(database, system_actor(), "desk", lambda *_: Credentials(lambda name: None), 10**6)
    report = rounds.run(accounts.named(database, "in"))
    assert report is None or report.problem is None, report
    """
)
STEPS = [
    (step, when, count)
    for step, counts in {
        "read": (1, 2), "commit": (1, 2, 3, 4, 5, 6, 7, 8), "log": (2, 3), "settle": (1,), "mark": (1,), "send": (1,),
        "sent": (1,),
    }.items()
    for count in counts
    for when in ("before", "after")
]  # fmt: skip


def run(url: str, step: str, when: str, count: int, minutes: float) -> int:
    command = [sys.executable, "-c", DIES, url, step, when, str(count), str(minutes)]
    return subprocess.run(command, check=False, cwd=Path(__file__).parents[2]).returncode


@pytest.mark.parametrize(("step", "when", "count"), STEPS)
def test_nothing_is_lost_and_nothing_is_done_twice(
    step: str, when: str, count: int, tmp_path: Path, clock: SettableClock
) -> None:
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    check_after_a_kill(url, tmp_path, (step, when, count))


@pytest.mark.parametrize(("step", "when"), [("commit", "before"), ("settle", "before"), ("send", "after")])
def test_the_same_on_postgresql(step: str, when: str, postgres_url: str, tmp_path: Path) -> None:
    check_after_a_kill(postgres_url, tmp_path, (step, when, 1))


def check_after_a_kill(url: str, tmp_path: Path, kill: tuple[str, str, int]) -> None:
    """Two mails wait and one acknowledgement each goes out; the desk dies, comes back, and works on."""
    from app.models.clock import SystemClock
    from app.services import accounts
    from app.services.database import open_database, upgrade
    from app.services.tickets import queue, reading
    from tests.fixtures.databases import SYSTEM

    inbox, outbox = tmp_path / "in", tmp_path / "out"
    inbox.mkdir()
    for number in (1, 2):
        file = inbox / f"{number}.eml"
        file.write_bytes(eml(f"Mail {number}", mail_id=f"m{number}@x.example", sender=f"p{number}@x.example"))
        os.utime(file, (1_700_000_000, 1_700_000_000))
    database = open_database(url, SystemClock())
    upgrade(database)
    config = {"path": str(inbox), "outbox": str(outbox), "done": str(tmp_path / "done")}
    account = accounts.new_account("in", "folder", "support@desk.example", config, acknowledge=True)
    accounts.add(database, SYSTEM, account)

    died = run(url, *kill, minutes=0)
    assert died in (0, 9)  # a later count than there are steps means that nothing died
    assert [run(url, "none", "before", 1, minutes) for minutes in (10, 20)] == [0, 0]

    from app.models.records.queue import QueueFilter

    tickets = [reading.show(database, each) for each in queue.ids(database, QueueFilter(open=None))]
    database.close()
    assert sorted(each.row.subject for each in tickets) == ["Mail 1", "Mail 2"]
    assert [len(each.messages) for each in tickets] == [2, 2]
    assert [each.messages[1].delivery for each in tickets] == ["sent", "sent"]
    assert len(list(outbox.glob("*.eml"))) == 2
    assert sorted(each.name for each in (tmp_path / "done").iterdir()) == ["1.eml", "2.eml"]
    assert list(inbox.glob("*.eml")) == []


def test_the_kills_really_kill(tmp_path: Path) -> None:
    """Else the tests above would prove nothing: most of their steps must end the process."""
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    check_after_a_kill(url, tmp_path, ("read", "before", 1))
    assert run(url, "read", "before", 1, minutes=30) == 9
    assert run(url, "commit", "after", 1, minutes=40) == 9
