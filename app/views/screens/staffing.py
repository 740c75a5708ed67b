"""Pictures of giving tickets away."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.models.records.handing import Handing
from app.views.changing.part import ChangingPart
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.screens.setting import settle
from app.views.staffing.part import StaffingPart


def _away(window: MainWindow) -> QWidget:
    part = window.shell.part(StaffingPart)
    part.open()
    settle(window)
    dialog = part.dialog
    assert dialog is not None
    dialog.who.setCurrentIndex(dialog.who.findText("Tomasz", Qt.MatchFlag.MatchStartsWith))
    dialog.how.setCurrentIndex(dialog.how.findData(Handing.SPREAD.value))
    dialog.how.activated.emit(dialog.how.currentIndex())
    settle(window)
    return dialog


def _assign(window: MainWindow) -> QWidget:
    picker = window.shell.part(ChangingPart).assign()
    settle(window)
    return picker


def _people(window: MainWindow) -> QWidget:
    window.commands.run("people")
    settle(window)
    return window


SCREENS = (
    Screen("people-light", _people),
    Screen("away-light", _away),
    Screen("away-german", _away, "dark", "de"),
    Screen("assign-light", _assign),
    Screen("assign-german", _assign, "dark", "de"),
)
