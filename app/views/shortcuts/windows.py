"""The keys of windows beside the main one: on the sheet of all keys, and by F1 in each of them on one of their own."""

from PySide6.QtWidgets import QWidget

from app.services.wording import tr
from app.views.kit.commands import Command
from app.views.oncall import keys as oncall
from app.views.shortcuts.sheet import ShortcutSheet
from app.views.tree import keys as tree

_WINDOWS = {
    "tree": ("tree_view", tree.KEYS | tree.PICTURE),
    "oncall": ("oncall_view", oncall.KEYS | oncall.PICTURE),
}


def sections() -> dict[str, list[Command]]:
    """What can be done there; it is run there alone."""
    return {name: _commands(name) for name in _WINDOWS}


def show_keys(name: str, window: QWidget) -> ShortcutSheet:
    """The keys of one such window, above it."""
    sheet = ShortcutSheet({name: _commands(name)}, {}, window)
    sheet.open()
    return sheet


def _commands(name: str) -> list[Command]:
    words, keys = _WINDOWS[name]
    return [Command(f"{name}.{each}", tr(f"{words}.do.{each}"), key, "", _nothing) for each, key in keys.items()]


def _nothing() -> None:
    """It belongs to a window that may not be open."""
