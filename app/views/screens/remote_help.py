"""Pictures of remote help: choosing a script, filling it in, and one that failed."""

from PySide6.QtWidgets import QLineEdit, QWidget

from app.services.remote_help import registry
from app.services.sample.scripts import arrange_scripts
from app.views.main_window import MainWindow
from app.views.remote_help.dialog import RunDialog
from app.views.remote_help.part import RemoteHelpPart
from app.views.screens.screen import Screen
from app.views.screens.setting import settle

_HOST = "web-1.lab.example"


def _provide(window: MainWindow) -> None:
    desk = window.shell.desk
    if not registry.listed(desk.database):
        arrange_scripts(desk.database, desk.system)


def _chooser(window: MainWindow) -> QWidget:
    _provide(window)
    picker = window.shell.part(RemoteHelpPart).choose()
    settle(window)
    return picker


def _opened(window: MainWindow, key: str) -> RunDialog:
    _provide(window)
    manifest = registry.found(window.shell.desk.database, key, approved=True).manifest
    dialog = window.shell.part(RemoteHelpPart).open(manifest)
    settle(window)
    dialog.form.targets_.setText(_HOST)
    settle(window)
    return dialog


def _filled(window: MainWindow) -> QWidget:
    dialog = _opened(window, "linux-disk")
    path = dialog.form.entries["path"]
    if isinstance(path, QLineEdit):
        path.setText("/var/lib")
    settle(window)
    return dialog


def _asked(window: MainWindow) -> QWidget:
    dialog = _opened(window, "linux-service-restart")
    dialog.run_.setEnabled(True)
    dialog.run()
    return dialog


def _refused(window: MainWindow) -> QWidget:
    dialog = _opened(window, "linux-health")
    dialog.form.targets_.setText("db.production.example")
    settle(window)
    return dialog


def _failed(window: MainWindow) -> QWidget:
    dialog = _opened(window, "linux-health")
    dialog.run_.setEnabled(True)
    dialog.run()
    settle(window)
    return dialog


SCREENS = (
    Screen("script-chooser", _chooser),
    Screen("script-form", _filled),
    Screen("script-form-dark-german", _filled, "dark", "de"),
    Screen("script-confirm", _asked),
    Screen("script-refused", _refused),
    Screen("script-failed", _failed),
)
