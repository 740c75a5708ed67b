"""Connecting an open desk to another database: a command that opens the steps of the first run."""

from PySide6.QtCore import QObject

from app.services.wording import tr
from app.views.first_run.control import FirstRunControl
from app.views.first_run.steps import Way
from app.views.first_run.wizard import FirstRun
from app.views.window.shell import Shell


class FirstRunPart(QObject):
    """The new database is worked on from the next start: nothing of this one's window is on it."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        shell.commands.section("window")
        shell.commands.add("connect", "", "database", self.open)

    def open(self) -> FirstRun:
        shell, desk = self._shell, self._shell.desk
        control = FirstRunControl(desk.profile, desk.secrets, desk.clock, shell.runner, self)
        dialog = FirstRun(control, shell.appearance, (Way.SHARED, Way.HERE), shell.window)
        dialog.accepted.connect(lambda: shell.warn(tr("connect.done")))
        dialog.finished.connect(control.deleteLater)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog
