"""Nobody's work is packed into the program without its notice."""

import sys
from collections.abc import Iterator
from importlib import util
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path
from types import ModuleType

import pytest

from tests.integration.packaging.running import ROOT


def _module(name: str) -> ModuleType:
    spec = util.spec_from_file_location(name, ROOT / "installer" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


third_parties, system_libraries = _module("third_parties"), _module("system_libraries")


def needed(name: str = "firstline") -> Iterator[str]:
    """What the program needs, and what that needs: all that is installed here of it."""
    from packaging.requirements import Requirement

    seen: set[str] = set()
    waiting = [(name, [""])]
    while waiting:
        asked, extras = waiting.pop()
        for text in requires(asked) or []:
            requirement = Requirement(text)
            if requirement.marker and not any(requirement.marker.evaluate({"extra": each}) for each in extras):
                continue
            try:
                found = distribution(requirement.name).metadata["Name"]
            except PackageNotFoundError:
                continue
            if found not in seen:
                seen.add(found)
                waiting.append((found, ["", *requirement.extras]))
                yield found


def installed(folder: Path, name: str, version: str, **files: str) -> None:
    """A distribution on the path of this test."""
    place = folder / f"{name}-{version}.dist-info"
    place.mkdir()
    written = {"METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nLicense: MIT\n", **files}
    for file, text in written.items():
        (place / file).write_text(text, encoding="utf-8")
    (folder / f"{name}.py").touch()
    record = [f"{place.name}/{file},," for file in (*written, "RECORD")]
    (place / "RECORD").write_text("\n".join([f"{name}.py,,", *record]) + "\n", encoding="utf-8")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(str(tmp_path))
    third_parties._owners.cache_clear()
    yield tmp_path
    third_parties._owners.cache_clear()


def test_all_that_the_program_needs_has_a_notice_and_so_has_python() -> None:
    names = list(needed())
    assert {"PySide6_Essentials", "shiboken6", "psycopg-binary", "msal", "lxml"} <= set(names)
    text = third_parties.notices(names)
    for each in names:
        assert f"\n{each} {distribution(each).version}\n" in text
    assert f"\nPython {sys.version.split()[0]}\n" in text
    assert "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2" in text
    assert "pyinstaller " in text


def test_qt_comes_with_the_text_of_both_licences_and_the_way_to_its_source() -> None:
    text = third_parties.notices(["PySide6_Essentials"])
    assert "https://code.qt.io" in text
    for title in ("GNU LESSER GENERAL PUBLIC LICENSE", "GNU GENERAL PUBLIC LICENSE"):
        assert f" {title}\n                       Version 3, 29 June 2007" in text


def test_the_client_library_of_postgresql_comes_with_its_makers_terms() -> None:
    assert "The Regents of the University of California" in third_parties.notices(["psycopg-binary"])


def test_microsofts_runtime_comes_with_microsofts_terms_in_the_version_that_is_under_them(elsewhere: Path) -> None:
    installed(elsewhere, "pymsalruntime", "0.20.2")
    text = third_parties.notices(["pymsalruntime"])
    assert "\npymsalruntime 0.20.2\nLicence: MIT\n" in text
    assert "Copyright (c) Microsoft Corporation" in text


@pytest.mark.parametrize(("name", "version"), [("pymsalruntime", "0.20.5"), ("nobodys", "1.0")])
def test_what_has_no_terms_fails_the_build_by_its_name(elsewhere: Path, name: str, version: str) -> None:
    installed(elsewhere, name, version)
    with pytest.raises(SystemExit, match=rf"No licence text is installed with {name} {version}\. Find out"):
        third_parties.notices([name])


def test_terms_in_an_empty_file_are_none(elsewhere: Path) -> None:
    installed(elsewhere, "nobodys", "1.0", LICENSE=" \n")
    with pytest.raises(SystemExit, match="nobodys"):
        third_parties.notices(["nobodys"])


def test_what_is_packed_is_told_by_its_files(elsewhere: Path) -> None:
    import httpx
    import PySide6

    installed(elsewhere, "somebodys", "1.0", LICENSE="Do as you like.")
    files = [
        httpx.__file__,
        PySide6.__file__,
        str(elsewhere / "somebodys.py"),
        None,
        "-",
        str(ROOT / "app" / "main.py"),
    ]
    assert third_parties.packed(files) == {"httpx", "pyside6-essentials", "somebodys"}
    assert "Do as you like." in third_parties.notices(["somebodys"])


def test_an_installed_file_that_is_nobodys_fails_the_build() -> None:
    import httpx

    with pytest.raises(SystemExit, match=r"stray\.py would be packed"):
        third_parties.packed([str(Path(httpx.__file__).parents[1] / "stray.py")])


@pytest.mark.skipif(not Path("/var/lib/dpkg/status").exists(), reason="this system is not Debian")
def test_a_library_of_the_system_comes_with_the_notice_of_its_package(tmp_path: Path) -> None:
    (library,) = list(Path("/lib").resolve().rglob("libc.so.6"))[:1]
    (tmp_path / "libmine.so").touch()
    told = system_libraries.notices([str(library), str(tmp_path / "libmine.so"), None, str(ROOT / "x.py")], [ROOT])
    assert [each.partition(" ")[0] for each in told] == ["libc6", "Libraries"]
    assert "Free Software Foundation" in told[0]
    assert told[1].endswith(": libmine.so")
