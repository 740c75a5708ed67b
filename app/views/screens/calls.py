"""Pictures of logging calls."""

from PySide6.QtWidgets import QWidget

from app.models.records.calls import CallOutcome
from app.services.wording import tr
from app.views.call.form import CallDialog
from app.views.call.part import CallPart
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.screens.setting import settle


def _empty(window: MainWindow) -> QWidget:
    return window.shell.part(CallPart).open()


def _caller(window: MainWindow) -> CallDialog:
    dialog = window.shell.part(CallPart).open()
    dialog.fields.who.setText("priya")
    dialog.typed.emit("priya")
    settle(window)
    return dialog


def _tickets(window: MainWindow) -> CallDialog:
    dialog = _caller(window)
    dialog.fields.list.setCurrentRow(0)
    dialog.choose_current()
    settle(window)
    return dialog


def _filled(window: MainWindow) -> QWidget:
    dialog = _tickets(window)
    dialog.fields.list.setCurrentRow(0)
    dialog.choose_current()
    dialog.fields.text.setPlainText(tr("screens.call"))
    dialog.fields.outcome.setCurrentIndex(list(CallOutcome).index(CallOutcome.HANDED_OVER))
    dialog.fields.follow_up.setPlainText(tr("screens.follow_up"))
    return dialog


def _unknown(window: MainWindow) -> QWidget:
    dialog = window.shell.part(CallPart).open()
    dialog.fields.who.setText("+44 20 7946 0958")
    dialog.typed.emit("+44 20 7946 0958")
    return dialog


def _parked(window: MainWindow) -> QWidget:
    for typed in ("priya", "+44 20 7946 0958"):
        dialog = window.shell.part(CallPart).open()
        dialog.fields.who.setText(typed)
        dialog.fields.text.setPlainText(tr("screens.call"))
        dialog.reject()
    return window


SCREENS = (
    Screen("call-empty", _empty),
    Screen("call-caller", _caller),
    Screen("call-tickets", _tickets, "dark"),
    Screen("call-filled", _filled),
    Screen("call-german", _filled, language="de"),
    Screen("call-unknown", _unknown),
    Screen("call-parked", _parked),
    Screen("call-small", _filled, size=(960, 540)),
)
