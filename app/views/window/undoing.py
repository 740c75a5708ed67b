"""Taking back what was done at this window, the last thing first."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.models.errors import KnownError
from app.models.records.tickets import Undo
from app.services.desk import Desk
from app.services.tickets import mending
from app.services.wording import tr
from app.views.kit.task_runner import TaskRunner

_KEPT = 50


@dataclass(frozen=True, slots=True)
class Done:
    """One thing a person did, in words, and what takes it back: one entry for each ticket that it changed."""

    words: str
    undos: tuple[Undo, ...]


class UndoStack(QObject):
    """`did` tells of each thing done, `undone` of each that was taken back, `failed` why one could not be."""

    did = Signal(Done)
    undone = Signal(Done)
    failed = Signal(KnownError)

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

    def undo(self) -> None:
        """Take back the last thing that was not taken back yet."""
        if not self._done or self._desk.actor is None:
            return
        last, database, actor = self._done.pop(), self._desk.database, self._desk.actor

        def work() -> None:
            for each in reversed(last.undos):
                mending.undo(database, actor, each)

        self._runner.write(self, work, lambda _nothing: self.undone.emit(last), self.failed.emit)
