"""`firstline audit`: verified in one word, shown, sealed and exported."""

import json
from pathlib import Path

import pytest

from app.main import main
from app.services.database import open_database
from tests.fixtures.databases import SettableClock


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")
    address = f"sqlite:///{tmp_path / 'desk.db'}"
    assert main(["--database", address, "init", "--sample"]) == 0
    assert main(["--database", address, "audit", "seal"]) == 0
    return address


def audit(url: str, *arguments: str) -> int:
    return main(["--database", url, "audit", *arguments])


def test_a_whole_audit_verifies_and_tells_its_newest_hash(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert audit(url, "verify", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["waiting"], told["flaws"]) == (0, 0)
    assert told["sealed"] > 0
    assert audit(url, "verify", "--expect", told["newest"]) == 0
    assert told["newest"] in capsys.readouterr().out


def test_tampering_ends_with_1_and_names_the_entry(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    database = open_database(url, SettableClock())
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit SET actor = 'Eve' WHERE sequence = 2")
    database.close()
    assert audit(url, "verify") == 1
    assert "Entry 2 does not say what it said" in capsys.readouterr().out
    assert audit(url, "verify", "--expect", "f" * 64) == 1


def test_entries_are_shown_and_exported(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert audit(url, "show", "--since", "2020-01-31", "--limit", "10000") == 0
    assert "catalogue.applied" in capsys.readouterr().out
    assert audit(url, "export", str(tmp_path / "audit.jsonl")) == 0
    assert audit(url, "export", str(tmp_path / "nowhere" / "audit.jsonl")) == 1
    assert audit(url, "show", "--since", "yesterday") == 1
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 2
