"""Pictures of the first run and of the settings."""

from PySide6.QtWidgets import QWidget

from app.models.errors import KnownError
from app.services import staff
from app.views.first_run.control import FirstRunControl
from app.views.first_run.sign_in import SignIn
from app.views.first_run.steps import Step, Way
from app.views.first_run.wizard import FirstRun
from app.views.main_window import MainWindow
from app.views.screens.screen import Screen
from app.views.screens.setting import settle
from app.views.settings.part import SettingsPart


def _wizard(window: MainWindow) -> FirstRun:
    shell = window.shell
    control = FirstRunControl(shell.desk.profile, shell.desk.secrets, shell.desk.clock, shell.runner, window)
    dialog = FirstRun(control, shell.appearance, parent=window)
    dialog.open()
    return dialog


def _way(window: MainWindow) -> QWidget:
    return _wizard(window)


def _server(window: MainWindow) -> QWidget:
    """A port that nobody listens on."""
    dialog = _wizard(window)
    dialog.way.buttons[Way.SHARED].setChecked(True)
    dialog.next.click()
    dialog.server.form.fill({"host": "localhost", "port": 1, "user": "sam"})
    dialog.server.test.click()
    settle(window)
    return dialog


def _person(window: MainWindow) -> QWidget:
    dialog = _wizard(window)
    dialog.way.buttons[Way.HERE].setChecked(True)
    dialog.next.click()
    dialog.person.new.fill({"name": "Sam Okafor", "mail": "sam.okafor"})
    dialog.next.click()
    return dialog


def _mailbox(window: MainWindow) -> QWidget:
    dialog = _wizard(window)
    dialog.way.buttons[Way.HERE].setChecked(True)
    dialog.next.click()
    dialog.person.new.fill({"name": "Sam Okafor", "mail": "sam.okafor@firstline.example"})
    dialog.next.click()
    assert dialog.step is Step.MAILBOX
    return dialog


def _sign_in(window: MainWindow) -> QWidget:
    desk = window.shell.desk
    why = KnownError("staff.unknown", mail="lou@firstline.example")
    dialog = SignIn(why, staff.agents(desk.database), window.shell.appearance)
    dialog.setParent(window, dialog.windowFlags())
    dialog.open()
    return dialog


def _settings(window: MainWindow) -> QWidget:
    return window.shell.part(SettingsPart).open()


SCREENS = (
    Screen("settings-light", _settings),
    Screen("settings-german", _settings, "dark", language="de"),
    Screen("first-run-way", _way),
    Screen("first-run-way-dark", _way, "dark"),
    Screen("first-run-way-german", _way, language="de"),
    Screen("first-run-server", _server),
    Screen("first-run-server-german", _server, "dark", language="de"),
    Screen("first-run-person", _person),
    Screen("first-run-mailbox", _mailbox),
    Screen("first-run-mailbox-german", _mailbox, language="de"),
    Screen("first-run-sign-in", _sign_in),
)
