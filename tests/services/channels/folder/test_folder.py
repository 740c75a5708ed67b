"""A folder of mails: late arrivals, growing files, and files that go away."""

import os
import time
from pathlib import Path

import pytest

from app.models.errors import ChannelError
from app.services.channels.folder.config import FolderConfig
from app.services.channels.folder.manifest import MANIFEST
from app.services.channels.interface import Connector, Outgoing
from tests.fixtures.rounds import eml


def open_folder(path: Path, **settings: Path) -> Connector:
    return MANIFEST.open(FolderConfig(path=path, **settings), lambda _name: None, 10**6)


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
