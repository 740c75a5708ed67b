"""The notices of everybody whose work is packed into the program, taken from what is packed.

Each installed distribution brings its own: the licence files beside its metadata. For the few that bring none the texts
lie in `notices`. What has neither fails the build, for it may not be handed on like that.
"""

import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

FILE = "third-party-notices.txt"
"""Its name beside the program, where `app.services.resources` looks for it."""
TEXTS = Path(__file__).parent / "notices"
OWN = "firstline"
BOOTLOADER = "pyinstaller"
"""What starts the program is part of every build, and of no analysis."""

_BRING_NONE: Mapping[str, str] = {
    "pyside6-essentials": "qt.txt",
    "shiboken6": "qt.txt",
    "pymsalruntime 0.20.2": "microsoft.txt",  # of this version alone: later ones are not under the MIT licence
}
_HOLD_MORE: Mapping[str, str] = {"psycopg-binary": "postgresql.txt"}
"""Libraries of others in a distribution that brings its own terms alone."""
_AT_THE_END = ("lgpl-3.0.txt", "gpl-3.0.txt")
"""Whoever is under the first of these must bring both."""
_HOMES = ("source", "source code", "repository", "github", "code", "homepage", "home", "documentation")
_NAMES = re.compile(r"(licen[cs]es?|copying|copyright|notice|authors)\b.*", re.IGNORECASE)
_RULE = "=" * 80


def notices(names: Iterable[str], more: Iterable[str] = ()) -> str:
    """One text for Python, these distributions, and `more` notices.

    `SystemExit` with a sentence that names the distributions of which none is known.
    """
    parts, lacking = [_python()], []
    for each in sorted(set(names) | {BOOTLOADER}, key=str.casefold):
        found = distribution(each)
        if text := _texts(found):
            parts.append(f"{_head(found)}\n\n{text}")
        else:
            lacking.append(f"{_name(found)} {found.version}")
    if lacking:
        raise SystemExit(
            f"No licence text is installed with {', '.join(lacking)}. Find out under which terms it may be handed on, "
            f"and put its text into {TEXTS} and its name into {Path(__file__).name}, or leave it out of the build."
        )
    parts += [*more, *((TEXTS / each).read_text(encoding="utf-8").rstrip() for each in _AT_THE_END)]
    head = "Firstline is made with the work of others. These are their names and the terms that they set.\n"
    return "\n".join([head, *(f"{_RULE}\n\n{each}\n" for each in parts)])


def packed(places: Iterable[str | None]) -> set[str]:
    """The names of the distributions that these files belong to. `SystemExit` for an installed file that has none."""
    owners, installed = _owners(), _installed()
    found: set[str] = set()
    for place in places:
        if not place or not Path(place).is_absolute():
            continue
        file = os.path.normcase(os.path.realpath(place))
        owner = owners.get(file)
        if owner is not None:
            found.add(owner)
        elif file.startswith(installed):
            raise SystemExit(f"{place} would be packed, and belongs to no installed distribution: whose is it?")
    return found - {OWN}


def _texts(found: Distribution) -> str:
    """What it brings, or what lies here for it; empty where there is neither."""
    name = _name(found)
    here = _BRING_NONE.get(name) or _BRING_NONE.get(f"{name} {found.version}")
    files = [TEXTS / here] if here else _licence_files(found)
    if files and name in _HOLD_MORE:
        files.append(TEXTS / _HOLD_MORE[name])
    texts = [each.read_text(encoding="utf-8", errors="replace").strip() for each in files]
    return "\n\n".join(dict.fromkeys(each for each in texts if each))


def _licence_files(found: Distribution) -> list[Path]:
    """Those that its metadata names, and those beside it with a telling name."""
    beside = [each for each in found.files or [] if each.parts[0].endswith((".dist-info", ".egg-info"))]
    named = {Path(each).name for each in found.metadata.get_all("License-File") or []}
    wanted = [each for each in beside if each.name in named or _NAMES.fullmatch(each.name)]
    places = [Path(str(found.locate_file(each))) for each in sorted(wanted, key=str)]
    return [each for each in places if each.is_file()]


def _head(found: Distribution) -> str:
    """Name and version, the licence in the words of its metadata, and where it comes from, as some licences want it."""
    told = found.metadata
    classifiers = [each.split(" :: ")[-1] for each in told.get_all("Classifier") or [] if each.startswith("License")]
    said = str(told.get("License") or "").strip()
    licence = told.get("License-Expression") or (said if said and "\n" not in said else ", ".join(classifiers))
    urls = {"homepage": str(told.get("Home-page") or "")}
    for each in told.get_all("Project-URL") or []:
        label, _, url = each.partition(",")
        urls[label.strip().casefold()] = url.strip()
    home = next((urls[each] for each in _HOMES if urls.get(each, "").startswith("http")), "")
    lines = [("Licence: ", licence), ("From: ", home)]
    return "\n".join([f"{told['Name']} {found.version}", *(label + value for label, value in lines if value)])


def _python() -> str:
    """Python's own terms, with those of what it holds of others."""
    places = [Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix)]
    found = [place / "LICENSE.txt" for place in places if (place / "LICENSE.txt").is_file()]
    if not found:
        raise SystemExit(f"Python's own licence (LICENSE.txt) is neither in {places[0]} nor in {places[1]}.")
    version = ".".join(map(str, sys.version_info[:3]))
    return f"Python {version}\nFrom: https://www.python.org\n\n{found[0].read_text(encoding='utf-8').strip()}"


@cache
def _owners() -> dict[str, str]:
    """Every installed file, and the name of its distribution."""
    owners: dict[str, str] = {}
    for each in distributions():
        root = os.path.realpath(str(each.locate_file("")))
        for file in each.files or []:
            owners[os.path.normcase(os.path.normpath(f"{root}/{file}"))] = _name(each)
    return owners


def _installed() -> tuple[str, ...]:
    places = {os.path.realpath(sysconfig.get_path(each)) for each in ("purelib", "platlib")}
    return tuple(os.path.normcase(each) + os.sep for each in places)


def _name(found: Distribution) -> str:
    """As the packaging tools compare names."""
    return re.sub(r"[-_.]+", "-", found.metadata["Name"]).lower()
