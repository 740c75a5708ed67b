"""What `make freeze` builds runs where there is no Python, and finds what ships with it."""

import os
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.integration.packaging.running import ROOT, Place

pytestmark = [
    pytest.mark.skipif(
        not (os.environ.get("CI") or os.environ.get("FIRSTLINE_FREEZE")),
        reason="freezing takes a minute or two; it is done in CI, and here with FIRSTLINE_FREEZE=1",
    ),
    pytest.mark.timeout(900),
]


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the build made."""
    folder = tmp_path_factory.mktemp("frozen")
    freeze = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    places = ["--distpath", str(folder / "dist"), "--workpath", str(folder / "build")]
    told = subprocess.run(
        [*freeze, *places, str(ROOT / "installer" / "firstline.spec")],
        env={**os.environ, "PYINSTALLER_CONFIG_DIR": str(folder / "cache")}, cwd=folder,
        capture_output=True, text=True, timeout=800, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr[-3000:]
    return folder / "dist" / "firstline"


@pytest.fixture
def program(frozen: Path, tmp_path: Path) -> Place:
    name = "firstline-cli.exe" if sys.platform == "win32" else "firstline"
    return Place([str(frozen / name)], tmp_path)


def test_a_frozen_program_is_well_by_its_own_report(program: Place, frozen: Path) -> None:
    report = program.selftest()
    assert report["program"]["frozen"] is True
    assert Path(report["checks"]["resources"]["place"]).is_relative_to(frozen)


def test_a_frozen_program_makes_a_desk_and_shows_its_queue(program: Place) -> None:
    assert program.run("--profile", "desk", "init", "--sample").returncode == 0
    assert program.run("--profile", "desk", "intake", "--once").returncode == 0
    assert program.run("--profile", "desk", "queue").stdout.count("\n") > 3


def test_a_frozen_program_runs_the_scripts_of_the_desk(program: Place) -> None:
    file = program.home / "script.py"
    imported = (
        "cryptography.x509, dns.resolver, dns.asyncresolver, httpx, json, smtplib, sys, wave, xml.etree.ElementTree"
    )
    file.write_text(f"import {imported}\nprint(json.load(sys.stdin)['word'], 'PySide6.QtWidgets' in sys.modules)\n")
    done = subprocess.run(
        [*program.program, "--run-script", str(file)],
        input=b'\n{"word": "on"}', capture_output=True, cwd=program.home, timeout=120, check=False,
    )  # fmt: skip
    assert (done.stdout.split(), done.stderr) == ([b"on", b"False"], b"")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows always has a screen")
def test_a_frozen_program_draws_its_demo_where_there_is_no_screen(program: Place) -> None:
    assert "firstline-demo.png" in program.run("--demo").stdout
    assert (program.home / "firstline-demo.png").read_bytes().startswith(b"\x89PNG")


def test_a_build_leaves_out_what_the_desk_never_draws_with(frozen: Path) -> None:
    unwanted = ("qml", "quick", "webengine", "qtpdf", "qt6pdf", "opengl32sw", "gtk")
    libraries = [file.name for file in frozen.rglob("*") if "resources" not in file.parts]
    assert libraries
    assert [name for name in libraries if any(each in name.lower() for each in unwanted)] == []


def test_a_build_brings_the_notices_of_all_that_is_packed_into_it(frozen: Path) -> None:
    notices = (frozen / "third-party-notices.txt").read_text(encoding="utf-8")
    told = {line.partition(" ")[0] for line in notices.splitlines() if line}
    packed = packed_packages(frozen)
    lacking = {
        f"{package}: {owner}"
        for package, owners in packages_distributions().items()
        if package in packed
        for owner in set(owners) - {"firstline"}
        if owner not in told
    }
    assert lacking == set()
    assert {"Python", "PySide6_Essentials", "httpx", "SQLAlchemy", "pyinstaller"} <= told


def packed_packages(frozen: Path) -> set[str]:
    """The names of all modules in the build, and of all that lies in its folder, without what is below them."""
    from PyInstaller.archive.readers import CArchiveReader

    program = CArchiveReader(str(frozen / ("firstline.exe" if sys.platform == "win32" else "firstline")))
    modules = program.open_embedded_archive("PYZ.pyz").toc
    beside = [file.name for file in (frozen / "_internal").iterdir()]
    return {name.partition(".")[0] for name in (*modules, *beside)}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows brings no readline")
def test_a_build_leaves_out_what_is_under_terms_that_it_cannot_keep(frozen: Path) -> None:
    assert [file.name for file in frozen.rglob("*readline*")] == []
