"""The program finds what ships with it, in a checkout and as an installed wheel."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app import __version__
from tests.integration.packaging.running import ROOT, Place

PYTHON = (sys.executable, "-m", "app")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=200)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(folder)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True, timeout=200)
    return folder


def test_a_checkout_finds_its_resources_beside_the_package(tmp_path: Path) -> None:
    report = Place(PYTHON, tmp_path, modules=ROOT).selftest()
    assert Path(report["checks"]["resources"]["place"]) == ROOT / "resources"
    assert report["program"]["frozen"] is False


def test_an_installed_wheel_finds_its_resources_in_the_package(installed: Path, tmp_path: Path) -> None:
    report = Place(PYTHON, tmp_path, modules=installed).selftest()
    assert Path(report["checks"]["resources"]["place"]) == installed / "app" / "resources"


def test_an_installed_wheel_makes_a_desk_and_fills_it(installed: Path, tmp_path: Path) -> None:
    place = Place(PYTHON, tmp_path, modules=installed)
    assert place.run("--profile", "desk", "init", "--sample").returncode == 0
    assert place.run("--profile", "desk", "intake", "--once").returncode == 0
    assert place.run("--profile", "desk", "queue").stdout.count("\n") > 3


def test_a_wheel_holds_the_program_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"app", f"firstline-{__version__}.dist-info"}
    shipped = {file.relative_to(ROOT).as_posix() for file in (ROOT / "resources").rglob("*") if file.is_file()}
    assert {f"app/{name}" for name in shipped} <= set(names)
    assert [name for name in names if name.endswith((".pyc", ".orig", "~"))] == []
