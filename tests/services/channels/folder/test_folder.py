"""A folder of mails: late arrivals, growing files, and files that go away."""

import os
import time
from pathlib import Path

import pytest

from app.models.errors import ChannelError
from app.services.channels.folder.config import FolderConfig
from app.services.channels.folder.manifest import MANIFEST
from app.services.channels.interface import Connector, Credentials, Outgoing
from tests.fixtures.rounds import eml


def open_folder(path: Path, **settings: Path) -> Connector:
    return MANIFEST.open(FolderConfig(path=path, **settings), Credentials(lambda _name: None), 10**6)


def put(folder: Path, name: str, age: float = 60) -> Path:
    file = folder / name
    file.write_bytes(eml(name, mail_id=f"{name}@x.example"))
    os.utime(file, (time.time() - age, time.time() - age))
    return file


def names(batch) -> list[str]:
    return [each.external_id.split(":")[0] for each in batch.messages]


def test_a_file_that_comes_late_with_an_older_name_and_time_is_found(tmp_path: Path) -> None:
    connector = open_folder(tmp_path)
    put(tmp_path, "b.eml")
    first = connector.poll(None, 10)
    put(tmp_path, "a.eml", age=10_000)
    assert names(first) == ["b.eml"]
    assert names(connector.poll(first.cursor, 10)) == ["a.eml"]


def test_a_file_replaced_by_another_of_its_name_is_read_again(tmp_path: Path) -> None:
    connector = open_folder(tmp_path)
    put(tmp_path, "a.eml")
    first = connector.poll(None, 10)
    put(tmp_path, "a.eml", age=30)
    assert names(connector.poll(first.cursor, 10)) == ["a.eml"]


def test_a_file_that_may_still_grow_waits(tmp_path: Path) -> None:
    connector = open_folder(tmp_path)
    file = put(tmp_path, "a.eml", age=0)
    first = connector.poll(None, 10)
    assert names(first) == []
    os.utime(file, (time.time() - 5, time.time() - 5))
    assert names(connector.poll(first.cursor, 10)) == ["a.eml"]


def test_only_eml_files_are_mails(tmp_path: Path) -> None:
    for name in ("a.eml", "b.EML", "c.txt", "d.part"):
        put(tmp_path, name)
    (tmp_path / "folder.eml").mkdir()
    assert names(open_folder(tmp_path).poll(None, 10)) == ["a.eml", "b.EML"]


def test_taken_in_files_move_beside_others_of_their_name(tmp_path: Path) -> None:
    done = tmp_path / "done"
    connector = open_folder(tmp_path, done=done)
    for age in (60, 30):
        put(tmp_path, "a.eml", age)
        connector.settle([each.external_id for each in connector.poll(None, 10).messages])
    assert len(list(done.iterdir())) == 2
    assert list(tmp_path.glob("*.eml")) == []


def test_a_folder_that_is_not_there_is_told_and_may_come_back(tmp_path: Path) -> None:
    with pytest.raises(ChannelError, match=r"folder\.cannot_read") as failed:
        open_folder(tmp_path / "gone").poll(None, 10)
    assert failed.value.passing


def test_without_an_outbox_nothing_is_sent_and_the_mail_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ChannelError, match=r"folder\.no_outbox") as failed:
        open_folder(tmp_path).send(Outgoing("a@x", "b@x", ["c@x"], b""))
    assert failed.value.about_message


def test_an_answer_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    connector = open_folder(tmp_path, outbox=tmp_path / "out")
    connector.send(Outgoing("../../a@x", "b@x", ["c@x"], b"Subject: hi\r\n\r\n"))
    (file,) = (tmp_path / "out").iterdir()
    assert file.suffix == ".eml"
    assert file.read_bytes() == b"Subject: hi\r\n\r\n"


def test_a_large_folder_is_listed_once_and_read_batch_for_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        put(tmp_path, f"{number:02}.eml")
    connector = open_folder(tmp_path)
    listings: list[object] = []
    scan = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: (listings.append(path), scan(path))[1])
    found, cursor, more = [], None, True
    while more:
        batch = connector.poll(cursor, 4)
        found += names(batch)
        cursor, more = batch.cursor, batch.more
    assert found == [f"{number:02}.eml" for number in range(30)]
    assert len(listings) == 1


def test_a_batch_that_was_not_committed_comes_again_from_the_same_connector(tmp_path: Path) -> None:
    for number in range(4):
        put(tmp_path, f"{number}.eml")
    connector = open_folder(tmp_path)
    first = connector.poll(None, 2)
    assert names(connector.poll(None, 2)) == names(first)
    assert names(connector.poll(first.cursor, 2)) == ["2.eml", "3.eml"]


def test_the_cursor_forgets_files_that_were_moved_away(tmp_path: Path) -> None:
    connector = open_folder(tmp_path, done=tmp_path / "done")
    for number in range(20):
        put(tmp_path, f"{number:02}.eml")
    cursor, lengths = None, []
    for _ in range(11):
        batch = connector.poll(cursor, 2)
        connector.settle([each.external_id for each in batch.messages])
        cursor = batch.cursor
        lengths.append(len(cursor))
    assert max(lengths) <= 2 * 8 * 2
    assert cursor == ""


def test_a_cursor_that_was_damaged_reads_all_again_and_breaks_nothing(tmp_path: Path) -> None:
    put(tmp_path, "a.eml")
    assert names(open_folder(tmp_path).poll('["what', 10)) == ["a.eml"]


@pytest.mark.skipif(os.name != "posix", reason="only there may a name be any bytes")
def test_a_name_that_is_not_utf_8_is_read_and_settled_and_can_be_stored(tmp_path: Path) -> None:
    for name in (os.fsdecode(b"gr\xfc\xdfe.eml"), "100%0041.eml"):
        put(tmp_path, name)
    connector = open_folder(tmp_path, done=tmp_path / "done")
    batch = connector.poll(None, 10)
    assert len([each.external_id.encode() for each in batch.messages]) == 2
    connector.settle([each.external_id for each in batch.messages])
    assert len(list((tmp_path / "done").iterdir())) == 2


@pytest.mark.parametrize("name", ["../secret.eml", "..", "", "x/../a.eml", "/etc/passwd"])
def test_a_strange_external_id_moves_nothing(tmp_path: Path, name: str) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    outside = put(tmp_path, "secret.eml")
    told = outside.stat()
    connector = open_folder(inbox, done=tmp_path / "done")
    connector.settle([f"{name}:{told.st_size}:{told.st_mtime_ns}", name])
    assert outside.exists()


def test_a_file_changed_since_it_was_read_is_not_moved(tmp_path: Path) -> None:
    connector = open_folder(tmp_path, done=tmp_path / "done")
    file = put(tmp_path, "a.eml")
    batch = connector.poll(None, 10)
    put(tmp_path, "a.eml", age=30)
    connector.settle([each.external_id for each in batch.messages])
    assert file.exists()
    assert names(connector.poll(batch.cursor, 10)) == ["a.eml"]


def test_a_file_dated_minutes_ahead_waits_and_one_dated_years_ahead_does_not(tmp_path: Path) -> None:
    put(tmp_path, "soon.eml", age=-300)
    put(tmp_path, "far.eml", age=-40_000_000)
    assert names(open_folder(tmp_path).poll(None, 10)) == ["far.eml"]


def test_hidden_files_are_no_mails(tmp_path: Path) -> None:
    put(tmp_path, "._a.eml")
    assert names(open_folder(tmp_path).poll(None, 10)) == []


def test_a_file_that_cannot_be_read_is_named_and_the_others_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.eml", "b.eml"):
        put(tmp_path, name)
    really = open

    def refusing(path: str, *rest: object) -> object:
        if str(path).endswith("a.eml"):
            raise PermissionError(13, "Permission denied")
        return really(path, *rest)

    monkeypatch.setattr("builtins.open", refusing)  # root reads everything, so permissions cannot show it
    batch = open_folder(tmp_path).poll(None, 10)
    assert [(each.problem, each.raw is None) for each in batch.messages] == [("unreadable", True), (None, False)]


def test_taken_in_files_move_to_another_disk_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = put(tmp_path, "a.eml")
    raw = file.read_bytes()
    rename = Path.replace

    def across(source: Path, target: Path) -> Path:
        if source.parent != target.parent:
            raise OSError(18, "Invalid cross-device link")
        return rename(source, target)

    monkeypatch.setattr(Path, "replace", across)
    connector = open_folder(tmp_path, done=tmp_path / "done")
    connector.settle([each.external_id for each in connector.poll(None, 10).messages])
    assert [each.name for each in (tmp_path / "done").iterdir()] == ["a.eml"]
    assert (tmp_path / "done" / "a.eml").read_bytes() == raw
    assert not file.exists()


def test_the_three_folders_are_different_ones(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="three different"):
        FolderConfig(path=tmp_path, done=tmp_path)
