"""What is typed while talking survives a killed process and a database that is away."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.call_form import CallForm
from app.models.records.calls import CallOutcome, Direction
from app.models.records.tickets import Priority
from app.services.journal import Entry, Journal

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WHOLE = CallForm(
    AT,
    direction=Direction.OUT,
    who="+49 40 1",
    person_id=new_id(),
    person_name="Änne",
    ticket_id=new_id(),
    ticket_number=7,
    subject="Zeile",
    text="Über\nzwei",
    application_id=new_id(),
    category="login",
    priority=Priority.P1,
    outcome=CallOutcome.HANDED_OVER,
    team_id=new_id(),
    tie=True,
    follow_up="Danke",
    seconds=99,
)


def test_a_call_comes_back_as_it_was(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "calls")
    journal.keep(Entry(CallForm(AT, text="First")))
    journal.keep(Entry(WHOLE, is_done=True))
    assert [each for each in journal.entries() if each.is_done] == [Entry(WHOLE, is_done=True)]
    journal.forget(WHOLE.id)
    journal.forget(WHOLE.id)
    assert [each.form.text for each in journal.entries()] == ["First"]


def test_what_cannot_be_read_is_set_aside_and_the_others_come(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.keep(Entry(WHOLE))
    (tmp_path / f"{new_id()}.json").write_text("{", encoding="utf-8")
    assert journal.entries() == [Entry(WHOLE)]
    assert len(list(tmp_path.glob("*.unreadable"))) == 1


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "calls").mkdir(mode=0o500)
    with pytest.raises(KnownError, match="cannot_write"):
        Journal(tmp_path / "calls").keep(Entry(WHOLE))


def test_a_file_in_the_way_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "calls").write_text("x", encoding="utf-8")
    with pytest.raises(KnownError, match="cannot_write"):
        Journal(tmp_path / "calls").keep(Entry(WHOLE))


def test_what_was_kept_before_a_kill_is_whole(tmp_path: Path) -> None:
    """A process that keeps a call again and again is killed in the middle of it."""
    code = (
        "import sys; from pathlib import Path; from dataclasses import replace\n"
        "from tests.services.journal.test_journal import WHOLE, Entry, Journal\n"
        "journal = Journal(Path(sys.argv[1]))\n"
        "for count in range(10**9):\n"
        "    journal.keep(Entry(replace(WHOLE, text='x' * (count % 5000))))\n"
        "    print(count, flush=True)\n"
    )
    root = Path(__file__).parents[3]
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=root, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= 40:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    (kept,) = Journal(tmp_path).entries()
    assert kept.form.text == "x" * len(kept.form.text)
    assert kept.form.who == WHOLE.who
