"""A test run: the run dialog as everybody has it, with a script that nobody approved, and words that say so."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QBoxLayout

from app.models.rules.script_values import filled_in
from app.services.desk import Desk
from app.services.remote_help.hearing import Heard
from app.services.remote_help.preparing import Wanted
from app.services.remote_help.registry import Registered
from app.services.wording import tr
from app.views.kit.banner import Banner
from app.views.kit.task_runner import TaskRunner
from app.views.remote_help.control import RunControl
from app.views.remote_help.dialog import RunDialog
from app.views.window.shell import Shell


class TestControl(RunControl):
    """Whatever is asked for is a test of one stored version."""

    __test__ = False  # no class of tests

    def __init__(
        self, version: UUID, desk: Desk, runner: TaskRunner, heard: Heard, parent: QObject | None = None
    ) -> None:
        super().__init__(desk, runner, heard, parent)
        self._version = version

    def look(self, make: Callable[[], Wanted]) -> None:
        super().look(lambda: replace(make(), test_of=self._version))

    def start(self, make: Callable[[], Wanted]) -> None:
        super().start(lambda: replace(make(), test_of=self._version))


def open_test(shell: Shell, version: Registered) -> RunDialog:
    """The form of a script that its author tries."""
    manifest = version.manifest
    dialog = RunDialog(manifest, filled_in(manifest, {}), None, shell.appearance, shell.window)
    dialog.setWindowTitle(tr("script_try.title", name=manifest.id, version=manifest.version))
    told = Banner(shell.appearance, dialog)
    layout = dialog.layout()
    assert isinstance(layout, QBoxLayout)
    layout.insertWidget(0, told)
    told.tell("info", tr("script_try.words"), closable=False)
    dialog.work_with(TestControl(version.id, shell.desk, shell.runner, dialog.output.say))
    shell.closing.connect(dialog.close)
    dialog.show()
    dialog.form.setFocus()
    return dialog
