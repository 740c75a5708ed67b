"""A test run: the run dialog as everybody has it, with a script that nobody approved, and words that say so."""

from dataclasses import replace
from uuid import UUID

from PySide6.QtWidgets import QBoxLayout

from app.models.rules.script_values import filled_in
from app.services.desk import Desk
from app.services.remote_help.preparing import Wanted
from app.services.remote_help.registry import Registered
from app.services.wording import tr
from app.views.kit.banner import Banner
from app.views.kit.task_runner import TaskRunner
from app.views.remote_help.control import RunControl
from app.views.remote_help.dialog import Opening, RunDialog
from app.views.remote_help.feed import Feed
from app.views.remote_help.part import RemoteHelpPart
from app.views.window.shell import Shell


class TestControl(RunControl):
    """Whatever is asked for is a test of one stored version."""

    __test__ = False  # no class of tests

    def __init__(self, version: UUID, desk: Desk, runner: TaskRunner) -> None:
        super().__init__(desk, runner)
        self._version = version

    def look(self, wanted: Wanted) -> None:
        super().look(replace(wanted, test_of=self._version))

    def start(self, wanted: Wanted, feed: Feed, agreed: UUID | None = None) -> None:
        super().start(replace(wanted, test_of=self._version), feed, agreed)


def open_test(shell: Shell, version: Registered) -> RunDialog:
    """The form of a script that its author tries."""
    manifest = version.manifest
    opening = Opening(manifest, filled_in(manifest, {}))
    control = TestControl(version.id, shell.desk, shell.runner)
    dialog = shell.part(RemoteHelpPart).open_runs.open(opening, control)
    dialog.setWindowTitle(tr("script_try.title", name=manifest.id, version=manifest.version))
    told = Banner(shell.appearance, dialog)
    layout = dialog.layout()
    assert isinstance(layout, QBoxLayout)
    layout.insertWidget(0, told)
    told.tell("info", tr("script_try.words"), closable=False)
    return dialog
