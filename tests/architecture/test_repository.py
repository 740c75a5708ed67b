"""What the repository as a whole promises: a lock that names no place, files that name no machine, one version."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from app import __version__
from tests.architecture.source import APP, ROOT

LOCK = ROOT / "requirements.lock"
MACHINE = re.compile(
    "|".join(
        re.escape(first) + second
        for first, second in (  # in two halves, so that this file names none itself
            ("/wo", "rk/"), ("/ho", r"me/\w"), ("/ro", "ot/"), ("/tm", "p/fl"), ("/op", "t/pypi"), ("C:\\Us", r"ers\\"),
            ("py", r"pi\.org"), ("python", r"hosted\.org"),
        )
    )
)  # fmt: skip


def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout, so nothing tells which files are tracked")
    listing = ["git", "-c", "safe.directory=*", "ls-files", "-z"]  # the checkout may be another user's
    told = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in told.split("\0") if name and (ROOT / name).is_file()]


def requirements() -> list[str]:
    """Each locked package with everything that belongs to it on one line."""
    return LOCK.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()


def test_every_locked_package_is_pinned_and_has_hashes() -> None:
    assert len(requirements()) > 50
    assert [line for line in requirements() if not re.match(r"\S+==\S+.*--hash=sha256:[0-9a-f]{64}", line)] == []


def test_the_lock_names_no_place_to_fetch_from() -> None:
    assert [line for line in requirements() if "://" in line or "index" in line.split()[0] or " @ " in line] == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    named = []
    for file in tracked():
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if found := MACHINE.search(line):
                named.append(f"{file.relative_to(ROOT)}:{number}: {found.group()}")
    assert named == []


def test_the_version_is_told_alike_in_both_places() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {file.parent for top in (APP, ROOT / "tests") for file in top.rglob("*.py")}
    inner = {
        parent for folder in folders for parent in folder.parents if parent.is_relative_to(ROOT) and parent != ROOT
    }
    assert sorted(str(each) for each in folders | inner if not (each / "__init__.py").is_file()) == []
