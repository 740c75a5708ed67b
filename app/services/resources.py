"""Where the files that ship with the app are: beside a checkout, inside a wheel, inside a frozen build."""

import sys
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


@cache
def resources() -> Traversable:
    """The resources folder. In a wheel and in a frozen build it lies inside the package, in a checkout beside it."""
    inside = files("app").joinpath("resources")
    return inside if inside.is_dir() else Path(__file__).parents[2] / "resources"


def third_party_notices() -> Path | None:
    """The terms of those whose work a frozen build holds: a text beside the program. None where nothing is packed."""
    file = Path(sys.executable).with_name("third-party-notices.txt")
    return file if getattr(sys, "frozen", False) and file.is_file() else None
