"""One picture: what it is of, and how the desk is set for it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.models.records.desk import Role
from app.views.kit.appearance import Choice
from app.views.main_window import MainWindow

Show = Callable[[MainWindow], QWidget]
"""Brings the window into a state; returns what is drawn."""


@dataclass(frozen=True, slots=True)
class Screen:
    """`name` is its file's. `scale` is the desktop's, in percent; `size` is in the desktop's own pixels."""

    name: str
    show: Show
    theme: Choice = "light"
    language: str = "en"
    role: Role | None = None
    scale: int = 100
    size: tuple[int, int] = (1460, 900)


def as_it_is(window: MainWindow) -> QWidget:
    """Nothing is done to the window."""
    return window
