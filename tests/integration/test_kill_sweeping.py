"""A worker killed at any step of its sweeps: started again, each warning, breach and attempt is there once, on time.

The worker runs in a process of its own and dies by `os._exit` just before or just after the step that a test names.
It comes back and goes on where it was.
"""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.models.tables import Audit, Outbox
from app.services.sla.sweeping import BROKEN, WARNED
from tests.fixtures.rounds import MailDesk
from tests.services.escalation.desk import Ladder, ladder

DIES = textwrap.dedent(
    """
    import os, sys
    from datetime import datetime, timedelta
    from pathlib import Path
    from app.services.database import open_database
    from app.services.database.unit_of_work import Work
    from app.services.escalation import attempts
    from app.services.sla import sweeping
    from app.services.staff import system_actor
    from sqlalchemy.orm import Session

    url, step, when, countdown, start, times, reached = sys.argv[1:8]
    left = int(countdown)
    owner, name = {
        "commit": (Session, "commit"), "log": (Work, "flush_log"), "batch": (sweeping.Sweep, "_batch"),
        "mark": (Work, "audit"), "ask": (attempts, "_log"), "leave": (attempts, "end_step"),
        "follow": (attempts, "add_step"), "move": (attempts, "move"), "none": (object, None),
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
        minutes = 0.0

        def now(self):
            return datetime.fromisoformat(start) + timedelta(minutes=self.minutes)

    clock = Clock()
    database = open_database(url, clock)
    for minutes in map(float, times.split(",")):
        Path(reached).write_text(str(minutes))
        clock.minutes = minutes
        sweeping.Sweep(database, system_actor(), "worker", (attempts.sweep,)).run()
    """
)
TIMES = (14.0, 15.0, 30.0, 361.0, 481.0)
"""In minutes: nobody is late, Ann is, Bob is and Development is asked, the first response is near, it is broken."""
EXPECTED = {
    "Application Support": [("Ann", "no_answer", 0.0), ("Bob", "no_answer", 15.0)],
    "Development": [("Cid", "no_answer", 30.0)],
    "Ledgerline": [("Ledgerline", "no_answer", 361.0), ("Ledgerline", "told", 481.0)],
}
STEPS = [
    (step, when, count)
    for step, counts in {
        "commit": (2, 3, 4, 5, 8), "log": (4,), "batch": (1, 6), "mark": (1, 2), "ask": (1, 2), "leave": (1,),
        "follow": (1,), "move": (1,),
    }.items()
    for count in counts
    for when in ("before", "after")
]  # fmt: skip


@pytest.fixture
def rungs(mail_desk: MailDesk) -> Ladder:
    return ladder(mail_desk)


def run(rungs: Ladder, url: str, kill: tuple[str, str, int], times: tuple[float, ...], reached: Path) -> int:
    start = rungs.desk.clock.now().isoformat()
    step, when, count = kill
    told = ",".join(map(str, times))
    command = [sys.executable, "-c", DIES, url, step, when, str(count), start, told, str(reached)]
    return subprocess.run(command, check=False, cwd=Path(__file__).parents[2]).returncode


def attempts(rungs: Ladder) -> dict[str, list[tuple[str, str, float]]]:
    """By step, whom it was offered to: who, what became of it, and how many minutes in."""
    start = rungs.desk.clock.now()
    return {
        step.node_name: [
            (each.who, each.outcome.value, (each.at - start).total_seconds() / 60) for each in step.attempts
        ]
        for step in rungs.steps
    }


def told(rungs: Ladder) -> dict[str, int]:
    with rungs.desk.database.read() as session:
        query = select(Audit.action, func.count()).where(Audit.action.in_((WARNED, BROKEN))).group_by(Audit.action)
        found = dict(session.execute(query).all())
        return found | {"mails": session.scalar(select(func.count()).select_from(Outbox)) or 0}


def check(rungs: Ladder, url: str, kill: tuple[str, str, int], folder: Path) -> int:
    """Die in one of the sweeps, go on with it at once, and compare with what had come of it undisturbed."""
    rungs.ask()
    rungs.hand()
    reached = folder / "reached"
    died = run(rungs, url, kill, TIMES, reached)
    assert died in (0, 9)
    left = TIMES[TIMES.index(float(reached.read_text())) :]
    assert run(rungs, url, ("none", "before", 1), left, reached) == 0
    assert attempts(rungs) == EXPECTED
    assert told(rungs) == {WARNED: 1, BROKEN: 1, "mails": 4}
    return died


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("step", "when", "count"), STEPS)
def test_nothing_is_lost_and_nothing_is_told_twice(
    rungs: Ladder, engine_url: str, step: str, when: str, count: int, tmp_path: Path
) -> None:
    assert check(rungs, engine_url, (step, when, count), tmp_path) == 9, "nothing died: the test would prove nothing"


@pytest.mark.parametrize("engine_url", ["postgres"], indirect=True)
@pytest.mark.parametrize(
    ("step", "when", "count"), [("commit", "before", 3), ("commit", "after", 4), ("ask", "after", 2)]
)
def test_the_same_on_postgresql(
    rungs: Ladder, engine_url: str, step: str, when: str, count: int, tmp_path: Path
) -> None:
    assert check(rungs, engine_url, (step, when, count), tmp_path) == 9
