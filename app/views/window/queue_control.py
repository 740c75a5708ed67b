"""Which tickets the window lists and in which order, how many each view holds, and whom there is to choose from."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.models.errors import KnownError
from app.models.records.packed_ids import PackedIds
from app.models.records.queue import QueueFilter, QueueSort, QueueView
from app.services import staff
from app.services.desk import Desk
from app.services.search import filter_for
from app.services.tickets import queue
from app.views.kit.task_runner import TaskRunner
from app.views.ticket.properties_model import Offers

Found = TypeVar("Found")
FIRST = 300
"""So many tickets are read before all others: more than any screen shows."""

_SETTLE_MS = 120
_SHARE = 10
_KEPT = 50
"""So many lists are there still while the database is away."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list; `another` says that it is not the one shown before, `whole` that nothing of it is still on its way.

    `read_at` is where it was read before and could not be read again now.
    """

    ids: PackedIds
    view: QueueView
    words: str
    another: bool
    whole: bool
    read_at: datetime | None = None


class QueueControl(QObject):
    """Reads the beginning of a list first and then all of it.

    It looks again at most once in a while, however many changes come in, and the longer a look takes, the more seldom:
    looking never takes more than a tenth of the time.
    """

    listed = Signal(Listed)
    counted = Signal(dict)
    offered = Signal(Offers)
    sorted = Signal(QueueSort)
    failed = Signal(KnownError)
    loading = Signal()

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner
        actor = desk.actor
        self._builtin = queue.builtin_views(actor.id if actor else None, actor.teams if actor else frozenset())
        self.views = list(self._builtin)
        self.view = self.views[0]
        self.sort = self.view.sort
        self.words = ""
        self._shown: tuple[str, str, str] | None = None
        self._kept: OrderedDict[tuple[str, str, str], tuple[PackedIds, datetime]] = OrderedDict()
        self._told: tuple[str, str, str] | None = None
        self._costs: dict[str, float] = {}
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.look)

    def choose(self, view: QueueView) -> None:
        """Another view, or the same one from its top."""
        self.view, self.words, self.sort = view, "", view.sort
        self.sorted.emit(self.sort)
        self.loading.emit()
        self.look()

    def search(self, words: str) -> None:
        """Among all tickets, done ones as well; without words the view is back."""
        if words != self.words:
            self.words = words
            self.look()

    def order(self, sort: QueueSort) -> None:
        """The same tickets in another order."""
        self.sort = sort
        self.sorted.emit(sort)
        self.look()

    def set_saved(self, saved: Sequence[QueueView]) -> None:
        """The views of people, behind the built-in ones."""
        self.views = [*self._builtin, *saved]

    @property
    def wanted(self) -> Callable[[], QueueFilter]:
        """What the list shown holds; to be called where it may take a while, for names are looked up."""
        if self.words:
            return partial(filter_for, self._desk.database, self._desk.actor, self.words)
        return partial(_same, self.view.filter)

    def look(self) -> None:
        """Read the list and the counts."""
        self._soon.stop()
        what = (self.view.key, self.words, self.sort.words)
        another, self._shown = what != self._shown, what
        if another:
            self._read_first()
        else:
            self._read_all()
        views, database = self.views, self._desk.database
        self._timed("counts", lambda: queue.counts(database, views), self._counted)

    def look_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start(_SETTLE_MS + round(_SHARE * 1000 * max(self._costs.values(), default=0)))

    def look_for_offers(self) -> None:
        database = self._desk.database

        def read() -> Offers:
            return Offers(staff.agents(database), staff.teams(database), staff.applications(database))

        self._runner.read(self, read, self.offered.emit, self.failed.emit, lane="offers")

    def _read_first(self) -> None:
        database, wanted, sort = self._desk.database, self.wanted, self.sort

        def found(ids: PackedIds) -> None:
            whole = len(ids) < FIRST
            self._list(ids, another=True, whole=whole)
            if not whole:
                self._read_all()

        self._timed("ids", lambda: queue.ids(database, wanted(), sort, FIRST), found)

    def _read_all(self) -> None:
        database, wanted, sort = self._desk.database, self.wanted, self.sort

        def found(ids: PackedIds) -> None:
            self._list(ids, another=False, whole=True)

        self._timed("ids", lambda: queue.ids(database, wanted(), sort), found)

    def _timed(self, lane: str, work: Callable[[], Found], done: Callable[[Found], None]) -> None:
        """Read, and note how many seconds it took."""

        def timed() -> tuple[float, Found]:
            began = monotonic()
            found = work()
            return monotonic() - began, found

        def arrived(outcome: tuple[float, Found]) -> None:
            self._costs[lane], found = outcome
            done(found)

        self._runner.read(self, timed, arrived, self._refused, lane=lane)

    def _list(self, ids: PackedIds, *, another: bool, whole: bool) -> None:
        """Tell it, and keep it for when the database is away."""
        self._told = self._shown
        if self._shown is not None:
            self._kept[self._shown] = (ids, self._desk.clock.now())
            self._kept.move_to_end(self._shown)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        self.listed.emit(Listed(ids, self.view, self.words, another=another, whole=whole))

    def _refused(self, error: KnownError) -> None:
        """Nothing new is shown. Without a database it is the list as it was read last; else the next look starts from
        the beginning."""
        kept = self._kept.get(self._shown) if self._shown is not None and self._desk.reach.is_away else None
        if kept is None:
            self._shown = self._told = None
            self.failed.emit(error)
            return
        another, self._told = self._told != self._shown, self._shown
        self.listed.emit(Listed(kept[0], self.view, self.words, another=another, whole=True, read_at=kept[1]))

    def _counted(self, counts: Mapping[str, int]) -> None:
        self.counted.emit(dict(counts))


def _same(wanted: QueueFilter) -> QueueFilter:
    return wanted
