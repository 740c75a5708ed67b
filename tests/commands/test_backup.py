"""`firstline backup` and `firstline restore`, as a person types them."""

from pathlib import Path

import pytest

from app.main import main
from app.services import staff
from app.services.database import open_database
from tests.fixtures.databases import SYSTEM, SettableClock


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")
    address = f"sqlite:///{tmp_path / 'desk.db'}"
    assert main(["--database", address, "init", "--sample"]) == 0
    capsys.readouterr()
    return address


def people(url: str) -> int:
    database = open_database(url, SettableClock())
    try:
        return len(staff.agents(database))
    finally:
        database.close()


def test_what_was_backed_up_can_be_restored(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "backup.db"
    assert main(["--database", url, "backup", str(target)]) == 0
    assert f"Backed up to {target} (" in capsys.readouterr().out
    before = people(url)
    database = open_database(url, SettableClock())
    staff.add_agent(database, SYSTEM, "Late", "late@desk.example", staff.Role.AGENT, ())
    database.close()
    assert main(["--database", url, "restore", str(target)]) == 0
    assert "desk.db.before-restore-" in capsys.readouterr().out
    assert people(url) == before


def test_an_empty_desk_is_filled_from_a_backup(url: str, tmp_path: Path) -> None:
    target, new = tmp_path / "backup.db", f"sqlite:///{tmp_path / 'new' / 'desk.db'}"
    assert main(["--database", url, "backup", str(target)]) == 0
    assert main(["--database", new, "restore", str(target)]) == 0
    assert people(new) == people(url)


def test_a_backup_in_the_way_is_told_in_one_line(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "backup.db"
    target.touch()
    assert main(["--database", url, "backup", str(target)]) == 1
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", f"{target} is there already. A backup is never written over another one.\n")


def test_for_a_shared_database_the_way_to_restore_it_is_told(
    postgres_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")
    arguments = ["--profile", str(tmp_path), "--database", postgres_url, "restore", str(tmp_path / "desk.dump")]
    assert main(arguments) == 1
    told = capsys.readouterr().err
    assert "pg_restore --no-owner --no-privileges --exit-on-error -d postgresql://" in told
    assert "firstline init" in told
