"""What is kept comes back, whatever happens to the process, the disk, the file or the key; and nobody else reads it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import KeyringLocked

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.services.journal import Drop, Journal, Put
from app.services.secrets import Secrets
from app.services.wording import catalogue, languages

KEY = {"FIRSTLINE_SECRET_JOURNAL": "a long secret of an administrator"}
WRITE_FOR_EVER = """
import sys
from pathlib import Path
from uuid import UUID
from app.services.journal import Journal, Put
from app.services.secrets import Secrets
journal = Journal(Path(sys.argv[1]), Secrets({"FIRSTLINE_SECRET_JOURNAL": sys.argv[3]}))
for count in range(10**9):
    journal.write(Put("call", UUID(sys.argv[2]), {"count": count, "text": "x" * (count * 977 % 60_000)}))
    print(count, flush=True)
"""


class Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 1.0  # type: ignore[assignment]
    viable = False  # no other test is to find it

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[f"{service}/{username}"] = password


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    made = Ring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: made)
    return made


def opened(folder: Path, environment: dict[str, str] | None = None) -> Journal:
    return Journal(folder, Secrets(KEY if environment is None else environment))


def texts(journal: Journal, kind: str = "note") -> list[str]:
    return [str(each.told["text"]) for each in journal.items(kind)]


def filled(folder: Path, *said: str, environment: dict[str, str] | None = None) -> Journal:
    journal = opened(folder, environment)
    for each in said:
        journal.write(Put("note", new_id(), {"text": each}))
    return journal


def test_what_is_kept_comes_back_in_its_order_over_several_restarts(tmp_path: Path) -> None:
    first, second, third = new_id(), new_id(), new_id()
    opened(tmp_path).write(Put("note", first, {"text": "Ärger"}))
    opened(tmp_path).write(Put("note", second, {"text": "zwei"}), Put("call", first, {"text": "another kind"}))
    opened(tmp_path).write(Put("note", third, {"text": "drei"}))
    opened(tmp_path).write(Put("note", first, {"text": "Ärger, länger"}))
    assert texts(opened(tmp_path)) == ["Ärger, länger", "zwei", "drei"]
    opened(tmp_path).write(Drop("note", second), Drop("note", new_id()))
    again = opened(tmp_path)
    assert texts(again) == ["Ärger, länger", "drei"]
    assert again.get("call", first) is not None
    assert again.get("note", second) is None
    assert again.troubles() == ()


def test_nothing_that_is_kept_can_be_read_in_the_file(tmp_path: Path) -> None:
    item = new_id()
    opened(tmp_path).write(Put("note", item, {"text": "the password is kangaroo"}))
    for each in tmp_path.iterdir():
        content = each.read_bytes()
        assert b"kangaroo" not in content
        assert b"note" not in content
        assert str(item).encode() not in content
        assert os.name == "nt" or each.stat().st_mode & 0o077 == 0


def test_the_same_words_twice_do_not_look_the_same(tmp_path: Path) -> None:
    journal, item = opened(tmp_path), new_id()
    for _ in range(2):
        journal.write(Put("note", item, {"text": "same"}))
    one, two = journal.file.read_bytes().splitlines()
    assert one.split()[3] != two.split()[3]


def test_a_torn_last_line_was_never_kept_and_spoils_nothing(tmp_path: Path) -> None:
    journal = filled(tmp_path, "first", "second", "third")
    whole = journal.file.read_bytes()
    last = whole.rstrip(b"\n").rindex(b"\n") + 1
    for cut in range(last, len(whole) - 1):
        journal.file.write_bytes(whole[:cut])
        again = opened(tmp_path)
        assert texts(again) == ["first", "second"]
        assert again.troubles() == ()
        if cut % 20 == 0:
            again.write(Put("note", new_id(), {"text": "behind it"}))
            assert texts(opened(tmp_path)) == ["first", "second", "behind it"]
    assert not journal.set_aside.exists()


def test_a_last_line_that_lacks_only_its_end_is_whole(tmp_path: Path) -> None:
    journal = filled(tmp_path, "first", "second")
    journal.file.write_bytes(journal.file.read_bytes().rstrip(b"\n"))
    again = opened(tmp_path)
    assert texts(again) == ["first", "second"]
    again.write(Put("note", new_id(), {"text": "third"}))
    assert texts(opened(tmp_path)) == ["first", "second", "third"]


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("part", [0, 1, 2, 3])
def test_a_damaged_entry_is_set_aside_and_told_and_the_others_come(tmp_path: Path, place: int, part: int) -> None:
    journal = filled(tmp_path, "first", "second", "third")
    lines = journal.file.read_bytes().splitlines()
    words = lines[place].split(b" ")
    words[part] = b"9" + words[part][:-2] + b"A"
    lines[place] = b" ".join(words)
    journal.file.write_bytes(b"\n".join(lines) + b"\n")
    again = opened(tmp_path)
    assert texts(again) == [each for at, each in enumerate(("first", "second", "third")) if at != place]
    assert [(each.code, each.facts["count"]) for each in again.troubles()] in (
        [("journal.damaged", 1)], [("journal.locked", 1)],
    )  # fmt: skip
    assert lines[place] in journal.set_aside.read_bytes()
    assert opened(tmp_path).troubles() == ()  # told once
    assert lines[place] in journal.set_aside.read_bytes()


def test_lines_that_were_swapped_are_not_taken_for_true(tmp_path: Path) -> None:
    journal = filled(tmp_path, "first", "second")
    one, two = (each.split(b" ") for each in journal.file.read_bytes().splitlines())
    swapped = b" ".join([*one[:3], two[3]]) + b"\n" + b" ".join([*two[:3], one[3]]) + b"\n"
    journal.file.write_bytes(swapped)
    again = opened(tmp_path)
    assert texts(again) == []
    assert [each.facts["count"] for each in again.troubles()] == [2]


def test_without_its_key_all_is_set_aside_and_comes_back_with_it(tmp_path: Path, ring: Ring) -> None:
    journal = filled(tmp_path, "first", "second", environment={})
    ((name, secret),) = ring.kept.items()
    assert name.startswith("firstline/journal/")
    ring.kept.clear()
    lost = opened(tmp_path, {})
    assert texts(lost) == []
    assert [(each.code, each.facts["count"]) for each in lost.troubles()] == [("journal.locked", 2)]
    lost.write(Put("note", new_id(), {"text": "under a new key"}))
    assert texts(opened(tmp_path, {})) == ["under a new key"]
    ring.kept[name] = secret
    assert texts(opened(tmp_path, {})) == ["first", "second", "under a new key"]
    assert journal.set_aside.read_bytes() == b""
    assert texts(opened(tmp_path, {})) == ["first", "second", "under a new key"]


def test_another_key_opens_nothing_and_nothing_is_lost(tmp_path: Path) -> None:
    filled(tmp_path, "first")
    wrong = opened(tmp_path, {"FIRSTLINE_SECRET_JOURNAL": "another"})
    assert texts(wrong) == []
    assert [each.code for each in wrong.troubles()] == ["journal.damaged"]
    assert texts(opened(tmp_path)) == ["first"]


def test_the_key_is_made_once_and_outlives_an_empty_journal(tmp_path: Path, ring: Ring) -> None:
    for count in range(3):
        journal, item = opened(tmp_path, {}), new_id()
        journal.write(Put("note", item, {"text": "x" * 300_000}))  # so large that it is written anew
        journal.write(Drop("note", item))
        opened(tmp_path, {}).items("note")
        assert len(ring.kept) == 1, count
    assert opened(tmp_path, {}).file.stat().st_size < 1_000


def test_two_profiles_of_one_person_have_a_key_each(tmp_path: Path, ring: Ring) -> None:
    filled(tmp_path / "one", "first", environment={})
    filled(tmp_path / "two", "second", environment={})
    assert len(set(ring.kept.values())) == 2
    assert texts(opened(tmp_path / "one", {})) == ["first"]


def test_a_locked_keyring_is_told_and_sets_nothing_aside(tmp_path: Path, ring: Ring) -> None:
    filled(tmp_path, "first", environment={})
    ring.locked = True
    journal = opened(tmp_path, {})
    with pytest.raises(KnownError, match=r"keyring\.failed"):
        journal.items("note")
    assert not journal.set_aside.exists()
    ring.locked = False
    assert texts(journal) == ["first"]


def test_without_a_keyring_that_protects_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)
    journal = opened(tmp_path, {})
    with pytest.raises(KnownError, match=r"keyring\.unsafe"):
        journal.write(Put("note", new_id(), {"text": "secret"}))
    assert not journal.file.exists()
    assert texts(journal) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits of files")
def test_a_full_disk_is_told_and_leaves_what_was_kept(tmp_path: Path) -> None:
    """The disk takes a part of the line, and no more."""
    import resource

    journal = filled(tmp_path, "first", "second")
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    whole = journal.file.read_bytes()
    for room in (0, 1, 50, 200):
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + room, was[1]))
        try:
            with pytest.raises(KnownError) as told:
                journal.write(Put("note", new_id(), {"text": "z" * 500}))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, was)
        assert told.value.code == "file.cannot_write"
        assert journal.file.read_bytes() == whole
        assert texts(journal) == texts(opened(tmp_path)) == ["first", "second"]
    journal.write(Put("note", new_id(), {"text": "room again"}))
    assert texts(opened(tmp_path)) == ["first", "second", "room again"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits of files")
def test_a_full_disk_at_the_start_leaves_a_damaged_entry_where_it_is(tmp_path: Path) -> None:
    import resource

    journal = filled(tmp_path, "first", "second")
    journal.file.write_bytes(b"garbage\n" + journal.file.read_bytes())
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3, was[1]))
    try:
        assert texts(opened(tmp_path)) == ["first", "second"]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)
    assert journal.file.read_bytes().startswith(b"garbage\n")
    assert [each.code for each in opened(tmp_path).troubles()] == ["journal.damaged"]


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("x", encoding="utf-8")
    with pytest.raises(KnownError) as told:
        opened(tmp_path / "journal").write(Put("note", new_id(), {"text": "x"}))
    assert told.value.code in ("file.cannot_write", "file.cannot_read", "profile.cannot_write")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_what_was_told_to_be_kept_is_there_after_a_kill(tmp_path: Path) -> None:
    item = new_id()
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITE_FOR_EVER, str(tmp_path), str(item), KEY["FIRSTLINE_SECRET_JOURNAL"]],
            stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3],
        )  # fmt: skip
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= 60:
                break
        process.send_signal(signal.SIGKILL)
        told = [60, *map(int, process.communicate()[0].split())]
        kept = opened(tmp_path).get("call", item)
        assert kept is not None
        assert kept.told["count"] >= max(told)
        assert kept.told["text"] == "x" * (kept.told["count"] * 977 % 60_000)


def test_the_file_does_not_grow_with_what_is_dropped(tmp_path: Path) -> None:
    journal, stays = opened(tmp_path), new_id()
    journal.write(Put("note", stays, {"text": "stays"}))
    for _ in range(40):
        item = new_id()
        journal.write(Put("note", item, {"text": "y" * 30_000}))
        journal.write(Drop("note", item))
    assert journal.file.stat().st_size < 400_000
    assert texts(opened(tmp_path)) == ["stays"]


def test_what_is_told_of_a_journal_has_words() -> None:
    for code in ("journal.damaged", "journal.locked", "database.waits"):
        assert all(f"error.{code}" in catalogue(each) for each in languages())
