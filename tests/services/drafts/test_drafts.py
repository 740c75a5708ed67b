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
from app.services.journal import Journal, Put
from app.services.secrets import Secrets

DRAFT = StoredDraft("answer", "Anna <anna@acme.example>", "", "Re: Größe", "Hallo\nAnna", ("/tmp/a.pdf",), quote=False)
WRITE_FOR_EVER = """
import sys
from pathlib import Path
from uuid import UUID
from app.services.drafts import StoredDraft
from tests.services.drafts.test_drafts import drafts_in
drafts, number = drafts_in(Path(sys.argv[1])), 0
while True:
    number += 1
    drafts.save(UUID(sys.argv[2]), StoredDraft("note", "", "", "", f"{number} " + "x" * 200_000 + f" {number}"))
    print(number, flush=True)
"""


def drafts_in(folder: Path) -> Drafts:
    return Drafts(folder / "drafts", Journal(folder / "journal", Secrets({"FIRSTLINE_SECRET_JOURNAL": "a key"})))


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    ticket = uuid4()
    drafts_in(tmp_path).save(ticket, DRAFT)
    assert drafts_in(tmp_path).load(ticket) == DRAFT
    assert drafts_in(tmp_path).waiting() == {ticket}
    assert drafts_in(tmp_path).load(uuid4()) is None


def test_what_is_discarded_is_gone_with_its_pictures(tmp_path: Path) -> None:
    ticket, drafts = uuid4(), drafts_in(tmp_path)
    drafts.save(ticket, DRAFT)
    first, second = drafts.keep_pasted(ticket, b"one", ".png"), drafts.keep_pasted(ticket, b"two", ".png")
    assert [Path(each).read_bytes() for each in (first, second)] == [b"one", b"two"]
    drafts.discard(ticket)
    assert drafts.load(ticket) is None
    assert drafts.waiting() == set()
    assert not Path(first).exists()


def test_a_draft_of_an_older_program_can_be_read(tmp_path: Path) -> None:
    ticket, drafts = uuid4(), drafts_in(tmp_path)
    told = {"kind": "note", "to": "", "cc": "", "subject": "", "text": "old", "attachments": []}
    drafts.journal.write(Put("draft", ticket, told))
    found = drafts.load(ticket)
    assert found is not None
    assert (found.text, found.quote, found.meant) == ("old", True, False)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("a file stands here", encoding="utf-8")
    with pytest.raises(KnownError) as told:
        drafts_in(tmp_path).save(uuid4(), DRAFT)
    assert told.value.code in ("file.cannot_read", "profile.cannot_write")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_draft_is_whole_after_the_process_was_killed(tmp_path: Path) -> None:
    ticket = uuid4()
    for pause in (0.02, 0.05, 0.09):
        writing = subprocess.Popen(
            [sys.executable, "-c", WRITE_FOR_EVER, str(tmp_path), str(ticket)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        assert writing.stdout is not None
        writing.stdout.readline()
        time.sleep(pause)
        os.kill(writing.pid, signal.SIGKILL)
        told = writing.communicate()[0].split()
        found = drafts_in(tmp_path).load(ticket)
        assert found is not None
        first, _, last = found.text.split(" ")
        assert first == last
        assert int(first) >= max(map(int, told), default=1)


def test_formatting_and_pictures_come_back(tmp_path: Path) -> None:
    ticket, drafts = uuid4(), drafts_in(tmp_path)
    path = drafts.keep_pasted(ticket, b"png", ".png")
    rich = StoredDraft("answer", "a@b.de", "", "Re", "x", html="<p><b>x</b></p>", pictures={"a@firstline": path})
    drafts.save(ticket, rich)
    assert drafts_in(tmp_path).load(ticket) == rich


def test_what_was_sent_keeps_its_pictures_until_it_cannot_be_taken_back(tmp_path: Path) -> None:
    ticket, drafts = uuid4(), drafts_in(tmp_path)
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
    kept, gone, drafts = uuid4(), uuid4(), drafts_in(tmp_path)
    drafts.save(kept, DRAFT)
    paths = [Path(drafts.keep_pasted(each, b"png", ".png")) for each in (kept, gone)]
    drafts.tidy()
    assert [each.exists() for each in paths] == [True, False]


def test_the_unfinished_are_listed_the_newest_first(tmp_path: Path) -> None:
    first, second, drafts = uuid4(), uuid4(), drafts_in(tmp_path)
    for ticket in (second, first, second):
        drafts.save(ticket, DRAFT)
    assert [ticket for ticket, _ in drafts_in(tmp_path).unfinished()] == [second, first]
