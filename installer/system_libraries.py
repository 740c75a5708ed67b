"""The notices of libraries that the build takes from the system it is made on: on Linux, by Debian's own records."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

DOCUMENTS = Path("/usr/share/doc")


def notices(places: Iterable[str | None], known: Sequence[Path]) -> list[str]:
    """A notice for each package of the system that one of these files is from; what is below `known` is told elsewhere.

    Files of which the system has no record are named in one notice more.
    """
    inside = tuple(os.path.realpath(each) + os.sep for each in known)
    whole = {each for each in places if each and Path(each).is_absolute()}
    files = {each for each in whole if not os.path.realpath(each).startswith(inside)}
    packages = _packages(files)
    unknown = [each for each in files if each not in packages and not _is_pythons(each)]
    found = [_notice(each) for each in sorted(set(packages.values()))]
    names = sorted({Path(each).name for each in unknown})
    return [*found, *([f"Libraries of the system that this was built on: {', '.join(names)}"] if names else [])]


def _packages(files: set[str]) -> dict[str, str]:
    """The package of each file, where there is one."""
    ask = shutil.which("dpkg-query")
    if ask is None or not files:
        return {}
    written: dict[str, str] = {}
    for each in files:  # the records know one of the two ways to write /lib, which is /usr/lib by now
        real = os.path.realpath(each)
        written |= dict.fromkeys((each, real, real.removeprefix("/usr"), f"/usr{each}"), each)
    asked = subprocess.run([ask, "--search", *written], capture_output=True, text=True, check=False)  # noqa: S603 - of files
    found: dict[str, str] = {}
    for line in asked.stdout.splitlines():
        package, _, place = line.partition(": ")
        if place in written:
            found[written[place]] = package.partition(",")[0].partition(":")[0]
    return found


def _is_pythons(place: str) -> bool:
    return os.path.realpath(place).startswith(os.path.realpath(sys.base_prefix) + os.sep)


def _notice(package: str) -> str:
    file = DOCUMENTS / package / "copyright"
    text = file.read_text(encoding="utf-8", errors="replace").strip() if file.is_file() else ""
    return f"{package} (a package of the system that this was built on)\n\n{text}".rstrip()
