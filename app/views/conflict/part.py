"""Somebody else was first: it is told at once, and both sides can be looked at before anything is set."""

from functools import partial

from PySide6.QtCore import QObject

from app.models.errors import KnownError
from app.models.records.history import Difference
from app.services.tickets.history import differences
from app.services.wording import tr
from app.views.conflict.dialog import ConflictDialog
from app.views.conflict.words import overtaken_words
from app.views.window.shell import Shell
from app.views.window.ticket_control import Attempt


class ConflictPart(QObject):
    """What others set stays, unless one sets one's own all the same."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self.dialog: ConflictDialog | None = None
        shell.ticket.overtaken.connect(self._tell)

    def _tell(self, error: KnownError, attempt: Attempt) -> None:
        if error.code == "ticket.open_parts":
            way = (tr("set_anyway.open_parts"), attempt.again)
        else:
            way = (tr("set_anyway.overtaken"), partial(self.compare, error, attempt))
        self._shell.layout.told.tell("warning", overtaken_words(error), way)

    def compare(self, error: KnownError, attempt: Attempt) -> None:
        """Show both sides as they are by now."""
        number = int(str(error.facts["number"]))
        work = partial(differences, self._shell.desk.database, attempt.ticket_id, attempt.saw, attempt.wanted)
        self._shell.runner.read(self, work, partial(self._open, number, attempt), self._shell.fail, lane="compare")

    def _open(self, number: int, attempt: Attempt, found: list[Difference]) -> None:
        self.dialog = dialog = ConflictDialog(number, found, self._shell.window)
        dialog.accepted.connect(lambda: attempt.again() if dialog.chosen else None)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self, _result: int) -> None:
        self.dialog = None
