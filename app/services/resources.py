"""Where the files that ship with the app are: beside a checkout, inside a wheel, inside a frozen build."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


@cache
def resources() -> Traversable:
    """The resources folder. In a wheel and in a frozen build it lies inside the package, in a checkout beside it."""
    inside = files("app").joinpath("resources")
    return inside if inside.is_dir() else Path(__file__).parents[2] / "resources"
