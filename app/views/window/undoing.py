"""Taking back what was done at this window, the last thing first."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.models.errors import KnownError
from app.models.records.tickets import Undo
from app.services.desk import Desk
from app.services.tickets import bulk
from app.services.tickets.bulk import BulkResult
from app.services.wording import tr
from app.views.kit.progress import Progress
from app.views.kit.task_runner import TaskRunner

_KEPT = 50


@dataclass(frozen=True, slots=True)
class Done:
    """One thing a person did, in words, and what takes it back: one entry for each ticket that it changed."""

    words: str
    undos: tuple[Undo, ...]


class UndoStack(QObject):
    """`did` tells of each thing done, `undone` of each that was taken back, with words for what of it could not be.

    `failed` tells why one could not. `began` and `ended` are for a progress bar: much is not taken back at once.
    """

    did = Signal(Done)
    undone = Signal(Done, str)
    failed = Signal(KnownError)
    began = Signal(Progress)
    ended = Signal()

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner
        self._done: list[Done] = []

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    def push(self, undo: Undo) -> None:
        """One ticket was changed."""
        self.push_all(tr(f"action.{undo.action}", number=undo.number), [undo])

    def push_all(self, words: str, undos: Sequence[Undo]) -> None:
        """Several tickets were changed at one go; one undo takes all of it back."""
        done = Done(words, tuple(undos))
        self._done = [*self._done, done][-_KEPT:]
        self.did.emit(done)

    def forget(self, undo: Undo) -> None:
        """It cannot be taken back any more."""
        self._done = [each for each in self._done if undo not in each.undos]

    def undo(self) -> None:
        """Take back the last thing that was not taken back yet; what others built on since stays."""
        if not self._done or self._desk.actor is None:
            return
        last, database, actor = self._done.pop(), self._desk.database, self._desk.actor
        progress = Progress(self)
        self.began.emit(progress)
        self._runner.long(
            self,
            lambda: bulk.undo(database, actor, last.undos, progress.step),
            lambda result: self._taken_back(last, result),
            self._refused,
        )

    def _taken_back(self, last: Done, result: BulkResult) -> None:
        self.ended.emit()
        if result.left:
            self._done.append(Done(last.words, last.undos[: result.left]))
        if not result.refused:
            self.undone.emit(last, "")
        elif len(last.undos) == 1:
            self.failed.emit(result.refused[0])
        else:
            self.undone.emit(last, tr("bulk.undone_some", refused=len(result.refused)))

    def _refused(self, error: KnownError) -> None:
        self.ended.emit()
        self.failed.emit(error)
