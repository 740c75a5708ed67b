"""The program in docs/audit.md, by which anybody can verify an export, does so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.services import audit, erasure
from app.services.database import Database
from tests.fixtures.databases import SYSTEM
from tests.services.audit.test_chain import sealed, write
from tests.services.erasure.test_people import Filled, filled

__all__ = ["filled", "sealed"]
_DOCS = Path(__file__).parents[3] / "docs" / "audit.md"


def check(export: Path) -> tuple[int, str]:
    found = re.search(r"```python\n(.*?)```", _DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    done = subprocess.run([sys.executable, "-c", found[1], str(export)], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout.strip()


def test_it_ends_at_the_newest_hash(sealed: Database, tmp_path: Path) -> None:
    audit.export(sealed, tmp_path / "audit.jsonl")
    assert check(tmp_path / "audit.jsonl") == (0, audit.verify(sealed).newest)


@pytest.mark.parametrize(("said", "forged"), [('"test-desk"', '"evil-desk"'), ('"sequence": 2', '"sequence": 99')])
def test_it_tells_of_what_was_altered(sealed: Database, tmp_path: Path, said: str, forged: str) -> None:
    audit.export(sealed, tmp_path / "audit.jsonl")
    text = (tmp_path / "audit.jsonl").read_text(encoding="utf-8")
    assert said in text
    (tmp_path / "audit.jsonl").write_text(text.replace(said, forged, 1), encoding="utf-8")
    assert check(tmp_path / "audit.jsonl")[0] == 1


def test_it_lets_what_was_erased_pass(filled: Filled, tmp_path: Path) -> None:
    erasure.erase(filled.database, SYSTEM, filled.person, "[erased]")
    write(filled.database, 1)
    audit.seal(filled.database, SYSTEM, "here")
    audit.export(filled.database, tmp_path / "audit.jsonl")
    assert check(tmp_path / "audit.jsonl") == (0, audit.verify(filled.database).newest)
