"""`--selftest` tells of each part whether it works, and goes on where one does not."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from app.commands import selftest
from app.models.errors import KnownError


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.json"


def read(report: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return told


def broken() -> dict[str, Any]:
    raise RuntimeError("no screen")


def test_every_part_is_well_here(report: Path) -> None:
    assert selftest.run(report, {"window": lambda: {"qt": "6"}}) == 0
    told = read(report)
    assert (told["ok"], told["running"]) == (True, None)
    assert set(told["checks"]) == {"resources", "database", "postgres", "keyring", "tls", "channels", "window"}
    for check in told["checks"].values():
        assert (check["ok"], check["error"]) == (True, None)
        assert 0 <= check["seconds"] < 60
    assert told["checks"]["window"]["qt"] == "6"


def test_a_part_that_fails_is_told_and_the_others_are_tried(report: Path) -> None:
    assert selftest.run(report, {"window": broken, "sound": dict}) == 1
    told = read(report)
    assert (told["ok"], told["checks"]["window"]["error"]) == (False, "RuntimeError: no screen")
    assert told["checks"]["sound"]["ok"] is True


def test_a_part_that_kills_the_program_is_named_in_the_report(report: Path) -> None:
    def killing() -> dict[str, Any]:
        raise SystemExit(9)

    with pytest.raises(SystemExit):
        selftest.run(report, {"window": killing})
    told = read(report)
    assert (told["ok"], told["running"]) == (False, "window")
    assert told["checks"]["tls"]["ok"] is True


def test_a_build_without_its_resources_is_not_well(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "resources", lambda: report.parent)
    assert selftest.run(report, {}) == 1
    assert "lacks icons" in read(report)["checks"]["resources"]["error"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps them in its own store")
def test_a_machine_without_certificate_authorities_is_not_well(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(name, str(report.parent / "nothing"))
    assert selftest.run(report, {}) == 1
    assert "0 certificate authorities" in read(report)["checks"]["tls"]["error"]


def test_a_report_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"file\.cannot_write"):
        selftest.run(tmp_path / "nowhere" / "report.json", {})
