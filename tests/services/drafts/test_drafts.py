"""Drafts survive whatever happens to the process that writes them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest

from app.models.errors import KnownError
from app.services.drafts import Drafts, StoredDraft

DRAFT = StoredDraft("answer", "Anna <anna@acme.example>", "", "Re: Größe", "Hallo\nAnna", ("/tmp/a.pdf",), quote=False)
WRITE_FOR_EVER = """
import sys
from pathlib import Path
from uuid import UUID
from app.services.drafts import Drafts, StoredDraft
drafts, number = Drafts(Path(sys.argv[1])), 0
while True:
    number += 1
    drafts.save(UUID(sys.argv[2]), StoredDraft("note", "", "", "", f"{number} " + "x" * 200_000 + f" {number}"))
    print(number, flush=True)
"""


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    ticket = uuid4()
    Drafts(tmp_path).save(ticket, DRAFT)
    assert Drafts(tmp_path).load(ticket) == DRAFT
    assert Drafts(tmp_path).waiting() == {ticket}
    assert Drafts(tmp_path).load(uuid4()) is None


def test_what_is_discarded_is_gone_with_its_pictures(tmp_path: Path) -> None:
    ticket, drafts = uuid4(), Drafts(tmp_path)
    drafts.save(ticket, DRAFT)
    first, second = drafts.keep_pasted(ticket, b"one", ".png"), drafts.keep_pasted(ticket, b"two", ".png")
    assert [Path(each).read_bytes() for each in (first, second)] == [b"one", b"two"]
    drafts.discard(ticket)
    assert drafts.load(ticket) is None
    assert drafts.waiting() == set()
    assert not Path(first).exists()


def test_a_draft_of_an_older_program_can_be_read(tmp_path: Path) -> None:
    ticket = uuid4()
    (tmp_path / f"{ticket}.json").write_text(
        '{"kind": "note", "to": "", "cc": "", "subject": "", "text": "old", "attachments": []}', encoding="utf-8"
    )
    found = Drafts(tmp_path).load(ticket)
    assert found is not None
    assert (found.text, found.quote) == ("old", True)


def test_a_damaged_draft_is_set_aside_and_not_thrown_away(tmp_path: Path) -> None:
    ticket = uuid4()
    (tmp_path / f"{ticket}.json").write_bytes(b"{broken")
    assert Drafts(tmp_path).load(ticket) is None
    assert (tmp_path / f"{ticket}.unreadable").read_bytes() == b"{broken"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("a file stands here", encoding="utf-8")
    with pytest.raises(KnownError) as told:
        Drafts(tmp_path / "drafts").save(uuid4(), DRAFT)
    assert told.value.code == "profile.cannot_write"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_draft_is_whole_after_the_process_was_killed(tmp_path: Path) -> None:
    ticket = uuid4()
    for pause in (0.02, 0.05, 0.09):
        writing = subprocess.Popen(
            [sys.executable, "-c", WRITE_FOR_EVER, str(tmp_path), str(ticket)], stdout=subprocess.PIPE, text=True
        )
        assert writing.stdout is not None
        writing.stdout.readline()
        time.sleep(pause)
        os.kill(writing.pid, signal.SIGKILL)
        told = writing.communicate()[0].split()
        found = Drafts(tmp_path).load(ticket)
        assert found is not None
        first, _, last = found.text.split(" ")
        assert first == last
        assert int(first) >= max(map(int, told), default=1)


def test_formatting_and_pictures_come_back(tmp_path: Path) -> None:
    ticket, drafts = uuid4(), Drafts(tmp_path)
    path = drafts.keep_pasted(ticket, b"png", ".png")
    rich = StoredDraft("answer", "a@b.de", "", "Re", "x", html="<p><b>x</b></p>", pictures={"a@firstline": path})
    drafts.save(ticket, rich)
    assert Drafts(tmp_path).load(ticket) == rich


def test_what_was_sent_keeps_its_pictures_until_it_cannot_be_taken_back(tmp_path: Path) -> None:
    ticket, drafts = uuid4(), Drafts(tmp_path)
    path = drafts.keep_pasted(ticket, b"png", ".png")
    other = tmp_path / "mine.png"
    other.write_bytes(b"mine")
    draft = StoredDraft("answer", "", "", "", "x", (str(other),), pictures={"a@firstline": path})
    drafts.save(ticket, draft)
    drafts.sent(ticket)
    assert drafts.load(ticket) is None
    assert Path(path).exists()
    drafts.forget_pictures(ticket, draft)
    assert not Path(path).exists()
    assert other.exists()  # a file of theirs is theirs


def test_pictures_without_a_draft_are_tidied_away(tmp_path: Path) -> None:
    kept, gone, drafts = uuid4(), uuid4(), Drafts(tmp_path)
    drafts.save(kept, DRAFT)
    paths = [Path(drafts.keep_pasted(each, b"png", ".png")) for each in (kept, gone)]
    drafts.tidy()
    assert [each.exists() for each in paths] == [True, False]


def test_the_unfinished_are_listed_the_newest_first(tmp_path: Path) -> None:
    first, second, drafts = uuid4(), uuid4(), Drafts(tmp_path)
    for age, ticket in ((60, first), (5, second)):
        drafts.save(ticket, DRAFT)
        then = time.time() - age
        os.utime(tmp_path / f"{ticket}.json", (then, then))
    assert [ticket for ticket, _ in drafts.unfinished()] == [second, first]
