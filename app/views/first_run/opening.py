"""What is asked of a person before there is a window: where the desk works, who they are, what to do about trouble."""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QDialog

from app.models.clock import Clock
from app.models.errors import KnownError
from app.models.records.desk import Agent
from app.services.secrets import Secrets
from app.services.settings import Profile
from app.views.first_run.control import FirstRunControl
from app.views.first_run.sign_in import SignIn
from app.views.first_run.steps import Way
from app.views.first_run.trouble import Trouble, Way as OutOfTrouble
from app.views.first_run.wizard import FirstRun, Outcome
from app.views.kit.appearance import Appearance, Choice
from app.views.kit.crash import BugCatcher
from app.views.kit.ending import end
from app.views.kit.task_runner import TaskRunner


class Opening(QObject):
    """Dialogs in the desk's own look, before the desk is open."""

    def __init__(self, running: QApplication, theme: Choice) -> None:
        super().__init__()
        self._bugs = BugCatcher(running)
        self._bugs.install()
        self._appearance = Appearance(running, theme)

    def first_run(
        self, profile: Profile, secrets: Secrets, clock: Clock, ways: tuple[Way, ...] = tuple(Way)
    ) -> Outcome | None:
        """Ask where this desk works; None where nothing was decided."""
        runner = TaskRunner(self._bugs.caught)
        try:
            dialog = FirstRun(FirstRunControl(profile, secrets, clock, runner), self._appearance, ways)
            dialog.exec()
            outcome = dialog.outcome
            end(dialog)
            return outcome
        finally:
            runner.close()

    def elsewhere(self, profile: Profile, secrets: Secrets, clock: Clock) -> bool:
        """Ask for another database; whether one was decided on."""
        return self.first_run(profile, secrets, clock, (Way.SHARED, Way.HERE)) is Outcome.DECIDED

    def sign_in(self, why: KnownError, people: Sequence[Agent]) -> Agent | None:
        """Ask who works here; None where nobody does."""
        dialog = SignIn(why, people, self._appearance)
        dialog.exec()
        chosen = dialog.chosen
        end(dialog)
        return chosen

    def trouble(self, error: KnownError) -> OutOfTrouble:
        """Tell what stands in the way, and ask what to do."""
        dialog = Trouble(error, self._appearance)
        way = dialog.way if dialog.exec() == QDialog.DialogCode.Accepted else OutOfTrouble.LEAVE
        end(dialog)
        return way
