"""Which tickets the window lists, how many each view holds, and whom and what there is to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from app.models.errors import KnownError
from app.models.records.queue import QueueView
from app.services import staff
from app.services.desk import Desk
from app.services.tickets import queue
from app.views.kit.task_runner import TaskRunner
from app.views.ticket.properties_model import Offers

_SETTLE_MS = 120


class Listed(NamedTuple):
    """The ids of a list; `another` says that it is not the one shown before."""

    ids: Sequence[UUID]
    another: bool
    words: str


class QueueControl(QObject):
    """Looks again at most once in a while, however many changes come in."""

    listed = Signal(Listed)
    counted = Signal(dict)
    offered = Signal(Offers)
    failed = Signal(KnownError)
    loading = Signal()

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner
        actor = desk.actor
        self.views = queue.builtin_views(actor.id if actor else None, actor.teams if actor else frozenset())
        self._view = self.views[0]
        self._words = ""
        self._shown: tuple[str, str] | None = None
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._soon.timeout.connect(self.look)

    def choose(self, view: QueueView) -> None:
        """Another view, or the same one from its top."""
        self._view, self._words = view, ""
        self.loading.emit()
        self.look()

    def search(self, words: str) -> None:
        """Among all tickets, done ones as well; without words the view is back."""
        if words != self._words:
            self._words = words
            self.look()

    def look(self) -> None:
        """Read the list and the counts."""
        self._soon.stop()
        wanted = replace(self._view.filter, words="")
        if self._words:
            wanted = replace(
                wanted, open=None, statuses=frozenset(), unassigned=False, assignees=frozenset(), words=self._words
            )
            wanted = replace(wanted, teams=frozenset())
        what, database, views = (self._view.key, self._words), self._desk.database, self.views

        def found(ids: Sequence[UUID]) -> None:
            another, self._shown = what != self._shown, what
            self.listed.emit(Listed(ids, another, what[1]))

        self._runner.read(self, lambda: queue.ids(database, wanted), found, self.failed.emit, lane="ids")
        count = lambda: queue.counts(database, views)  # noqa: E731
        self._runner.read(self, count, self._counted, self.failed.emit, lane="counts")

    def look_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def look_for_offers(self) -> None:
        database = self._desk.database

        def read() -> Offers:
            return Offers(staff.agents(database), staff.teams(database), staff.applications(database))

        self._runner.read(self, read, self.offered.emit, self.failed.emit, lane="offers")

    def _counted(self, counts: Mapping[str, int]) -> None:
        self.counted.emit(dict(counts))
