"""Pictures of the on-call window: a week, a month, a span that is handed on, and a rotation."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.services import staff
from app.views.main_window import MainWindow
from app.views.oncall.dialog import OnCallDialog
from app.views.oncall.part import OnCallPart
from app.views.screens.screen import Screen
from app.views.screens.setting import settle


def _opened(window: MainWindow, team: str) -> OnCallDialog:
    teams = {each.name: each.id for each in staff.teams(window.shell.desk.database)}
    dialog = window.shell.part(OnCallPart).open(teams[team])
    settle(window)
    return dialog


def _week(window: MainWindow) -> QWidget:
    return _opened(window, "Payments Development")


def _month(window: MainWindow) -> QWidget:
    dialog = _opened(window, "Service Desk")
    dialog.actions_["month"].trigger()
    settle(window)
    return dialog


def _chosen(window: MainWindow) -> QWidget:
    dialog = _opened(window, "Application Support")
    dialog.picture.setFocus()
    for _ in range(30):
        pressed = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        QApplication.sendEvent(dialog.picture, pressed)
    return dialog


def _override(window: MainWindow) -> QWidget:
    dialog = _opened(window, "Application Support")
    dialog.actions_["override"].trigger()
    assert dialog.form is not None
    return dialog.form


def _swap(window: MainWindow) -> QWidget:
    dialog = _opened(window, "Application Support")
    dialog.actions_["swap"].trigger()
    settle(window)
    return dialog.form or dialog


def _rotation(window: MainWindow) -> QWidget:
    dialog = _opened(window, "Payments Development")
    edit = dialog.actions_["edit"]
    (edit if edit.isEnabled() else dialog.actions_["rotation"]).trigger()
    settle(window)
    assert dialog.form is not None
    return dialog.form


def _none(window: MainWindow) -> QWidget:
    return _opened(window, "Infrastructure")


SCREENS = (
    Screen("oncall-week", _week),
    Screen("oncall-week-dark", _week, "dark"),
    Screen("oncall-month-german", _month, language="de"),
    Screen("oncall-chosen", _chosen),
    Screen("oncall-override", _override),
    Screen("oncall-swap", _swap),
    Screen("oncall-rotation", _rotation),
    Screen("oncall-rotation-german-dark", _rotation, "dark", "de"),
    Screen("oncall-none", _none),
)
