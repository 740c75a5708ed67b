"""Pictures of what works everywhere: the palette and the sheet of keys."""

from PySide6.QtWidgets import QWidget

from app.views.about.part import AboutPart
from app.views.main_window import MainWindow
from app.views.palette.part import PalettePart
from app.views.screens.screen import Screen, Show
from app.views.screens.setting import settle
from app.views.shortcuts.part import ShortcutsPart


def _palette(typed: str) -> Show:
    def show(window: MainWindow) -> QWidget:
        picker = window.shell.part(PalettePart).open()
        picker.line.setText(typed)
        settle(window)
        return picker

    return show


def _shortcuts(window: MainWindow) -> QWidget:
    return window.shell.part(ShortcutsPart).open()


def _about(window: MainWindow) -> QWidget:
    dialog = window.shell.part(AboutPart).open()
    settle(window)
    return dialog


SCREENS = (
    Screen("about-light", _about),
    Screen("about-german", _about, "dark", "de"),
    Screen("palette-light", _palette("")),
    Screen("palette-dark", _palette("re"), "dark"),
    Screen("palette-german", _palette("an"), language="de"),
    Screen("palette-nothing", _palette("zeppelin")),
    Screen("shortcuts-light", _shortcuts),
    Screen("shortcuts-dark", _shortcuts, "dark", "de"),
)
