"""`firstline scripts check`: an author of scripts learns what to mend, and where."""

import json
from pathlib import Path

import pytest

from app.main import main
from tests.services.remote_help.test_library import MANIFEST, lay


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")
    address = f"sqlite:///{tmp_path / 'desk.db'}"
    assert main(["--database", address, "init"]) == 0
    return address


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    folder = tmp_path / "scripts"
    folder.mkdir()
    return folder


def check(url: str, folder: Path, *more: str) -> int:
    return main(["--database", url, "scripts", "check", str(folder), *more])


def test_a_script_in_order_is_told_with_its_digest(url: str, scripts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(scripts, "disk-space", MANIFEST)
    capsys.readouterr()
    assert check(url, scripts / "disk-space") == 0
    assert capsys.readouterr().out.startswith("disk-space: in order (2 files, SHA-256 ")


def test_each_fault_of_each_script_is_a_line(url: str, scripts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(
        scripts, "disk-space", MANIFEST.replace('risk = "read"', 'risk = "mild"').replace("timeout = 30", "timeout = 0")
    )
    lay(scripts, "other", "id =")
    capsys.readouterr()
    assert check(url, scripts) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[:2] == [
        "disk-space, line 4, risk: One of 'read', 'change' or 'disrupt'.",
        "disk-space, line 5, timeout: At least 1.",
    ]
    assert told[2].startswith("other, line 1: This cannot be read as TOML")


def test_faults_as_json_have_their_place_and_code(url: str, scripts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(scripts, "disk-space", MANIFEST.replace("timeout = 30", "timeout = 0"))
    capsys.readouterr()
    assert check(url, scripts / "disk-space", "--json") == 1
    fault = json.loads(capsys.readouterr().out)["broken"][0]
    assert (fault["line"], fault["field"], fault["code"]) == (5, "timeout", "script.field.greater_than_equal")


def test_an_empty_folder_and_none_at_all_are_told(url: str, scripts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert check(url, scripts) == 1
    assert check(url, scripts / "nowhere") == 1
    told = capsys.readouterr()
    assert told.out == "There is no script here.\n"
    assert told.err.startswith("There is no folder ")
