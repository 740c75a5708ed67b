"""A file is there when it is whole, and not before; what was there stays until then."""

import os
from pathlib import Path

import pytest

from app.models.errors import KnownError
from app.services.whole_file import whole_file, write_whole


def test_it_takes_the_others_place_at_once(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")
    with whole_file(target) as unfinished:
        unfinished.write_bytes(b"new")
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_what_was_given_up_leaves_what_there_was(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), whole_file(target) as unfinished:
        unfinished.write_bytes(b"half")
        raise ZeroDivisionError
    assert target.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_what_a_killed_process_left_does_not_get_in(tmp_path: Path) -> None:
    (tmp_path / f"file.{os.getpid()}.new").write_bytes(b"left")
    with whole_file(tmp_path / "file") as unfinished:
        assert not unfinished.exists()
        unfinished.touch()
    assert (tmp_path / "file").read_bytes() == b""


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "taken"
    target.mkdir()
    with pytest.raises(KnownError, match=r"file\.cannot_write"):
        write_whole(target, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["taken"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"file\.cannot_write"):
        write_whole(tmp_path / "nowhere" / "file", b"new")
