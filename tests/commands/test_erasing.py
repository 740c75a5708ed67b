"""`firstline erase` and `firstline retention`: asked for before, told after, and wrong words refused."""

import json
from argparse import ArgumentTypeError
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.commands.retention import age
from app.main import main
from app.models.tables import Identity
from app.services.database import open_database
from tests.fixtures.databases import SettableClock


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("FIRSTLINE_PROFILE", str(tmp_path / "profile"))
    monkeypatch.setenv("FIRSTLINE_LANGUAGE", "en")
    address = f"sqlite:///{tmp_path / 'desk.db'}"
    assert main(["--database", address, "init", "--sample"]) == 0
    assert main(["--database", address, "intake", "--once"]) == 0
    return address


@pytest.fixture
def mail(url: str) -> str:
    database = open_database(url, SettableClock())
    with database.read() as session:
        found = session.scalars(select(Identity.value).where(Identity.kind == "mail").order_by(Identity.value)).first()
    database.close()
    assert found is not None
    return found


def test_a_person_is_erased_after_a_yes(
    url: str, mail: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("builtins.input", lambda: "no")
    assert main(["--database", url, "erase", mail]) == 1
    assert main(["--database", url, "erase", mail, "--dry-run"]) == 0
    assert "Nothing was erased" in capsys.readouterr().out
    monkeypatch.setattr("builtins.input", lambda: "Yes")
    assert main(["--database", url, "erase", mail]) == 0
    assert "is erased" in capsys.readouterr().out
    assert main(["--database", url, "erase", mail, "--yes"]) == 1
    assert mail in capsys.readouterr().err
    assert main(["--database", url, "audit", "verify"]) == 0


def test_retention_tells_how_much_there_was(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["--database", url, "retention", "--older-than", "3y"]) == 0
    assert "1095 days" in capsys.readouterr().out
    assert main(["--database", url, "retention", "--older-than", "3y", "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tickets"] == 0


def test_an_age_has_a_unit() -> None:
    assert [age(each) for each in ("3y", "18m", "26w", "90d")] == [
        timedelta(days=each) for each in (1095, 540, 182, 90)
    ]
    for wrong in ("", "3", "y", "0d", "-3y", "3x", "²y", "200y"):
        with pytest.raises(ArgumentTypeError):
            age(wrong)
