"""What the tree window asks of the database and tells it; nothing of it on the GUI thread."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.models.errors import Conflict, KnownError
from app.models.records.trees import Simulation, TicketFacts, Tree, TreeView
from app.models.rules.permissions import Action, may
from app.services import applications, staff
from app.services.desk import Desk
from app.services.escalation import simulating
from app.services.sla import calendars
from app.services.trees import drafts, store, telling
from app.services.whole_file import write_whole
from app.views.kit.task_runner import TaskRunner
from app.views.tree.offers import Offers


class TreeControl(QObject):
    """`shown` brings a tree as it is stored, `drafted` one that is edited; `overtaken` the tree that somebody else
    stored meanwhile, `written` the file of a picture, `left` one that was edited here and neither saved
    nor given up."""

    offered = Signal(Offers)
    shown = Signal(TreeView)
    drafted = Signal(TreeView)
    stored = Signal(Tree)
    overtaken = Signal(Tree)
    simulated = Signal(Simulation)
    written = Signal(Path)
    left = Signal(Tree)
    unreadable = Signal(KnownError)
    failed = Signal(KnownError)

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner
        self.application_id: UUID | None = None
        self.ticket_id: UUID | None = None

    @property
    def now(self) -> datetime:
        return self._desk.clock.now()

    @property
    def may_change(self) -> bool:
        return self._desk.actor is not None and may(self._desk.actor, Action.ARRANGE)

    def look_for_offers(self) -> None:
        database = self._desk.database

        def work() -> Offers:
            return Offers(
                tuple(staff.applications(database)),
                tuple(staff.teams(database)),
                tuple(staff.agents(database)),
                tuple(applications.vendors(database)),
                tuple(calendars.listed(database)),
            )

        self._read(work, self.offered.emit, "offers")

    def look(self, application_id: UUID, ticket_id: UUID | None = None) -> None:
        """The application's tree as it is now, with the way of a ticket that climbs it."""
        self.application_id, self.ticket_id = application_id, ticket_id
        database, now = self._desk.database, self.now
        work = lambda: telling.tell(database, application_id, now, ticket_id)  # noqa: E731
        self._runner.read(self, work, self.shown.emit, self.unreadable.emit, lane="tree")

    def look_again(self) -> None:
        if self.application_id is not None:
            self.look(self.application_id, self.ticket_id)

    def try_draft(self, tree: Tree) -> None:
        """How a tree would be seen that is not stored: who is on duty, and all that is wrong with it."""
        application_id, database, now = self.application_id, self._desk.database, self.now
        if application_id is not None:
            self._read(lambda: telling.tell(database, application_id, now, None, tree), self.drafted.emit, "draft")

    def forget_drafts(self) -> None:
        """Nobody waits any more for how a draft would be seen."""
        self._read(lambda: None, lambda _nothing: None, "draft")

    def keep_draft(self, tree: Tree | None) -> None:
        """Nothing that was drawn is lost with the window; None: there is nothing to keep any more."""
        application_id, journal = self.application_id, self._desk.journal
        if application_id is None:
            return
        work = partial(drafts.forget, journal, application_id)
        if tree is not None:
            work = partial(drafts.keep, journal, application_id, tree)
        self._runner.keep(self, work, lambda _nothing: None, self.failed.emit)

    def look_for_draft(self) -> None:
        application_id, journal = self.application_id, self._desk.journal
        if application_id is not None:

            def found(tree: Tree | None) -> None:
                if tree is not None:
                    self.left.emit(tree)

            self._runner.keep(self, partial(drafts.load, journal, application_id), found, self.failed.emit)

    def save(self, tree: Tree) -> None:
        database, actor = self._desk.database, self._desk.actor
        assert actor is not None
        self._runner.write(self, lambda: store.save(database, actor, tree), self.stored.emit, self._refused)

    def remove(self, tree: Tree) -> None:
        """The application goes by its template again."""
        database, actor = self._desk.database, self._desk.actor
        assert actor is not None
        work = lambda: store.remove(database, actor, tree)  # noqa: E731
        self._runner.write(self, work, lambda _nothing: self.look_again(), self.failed.emit)

    def simulate(self, facts: TicketFacts, at: datetime, tree: Tree | None) -> None:
        """Who would be asked when; `tree` where one is edited."""
        application_id, database = self.application_id, self._desk.database
        if application_id is not None:
            work = lambda: simulating.simulate(database, application_id, facts, at, tree)  # noqa: E731
            self._read(work, self.simulated.emit, "simulation")

    def write_file(self, file: Path, content: Callable[[], bytes]) -> None:
        """Make the content and write it, both beside all else."""
        self._runner.long(
            self, lambda: write_whole(file, content()), lambda _nothing: self.written.emit(file), self.failed.emit
        )

    def _refused(self, error: KnownError) -> None:
        application_id, database = self.application_id, self._desk.database
        if isinstance(error, Conflict) and application_id is not None:
            work = lambda: store.of_application(database, application_id)[0]  # noqa: E731
            self._read(work, self.overtaken.emit, "overtaken")
        else:
            self.failed.emit(error)

    def _read(self, work: Callable[[], object], done: Callable[[object], None], lane: str) -> None:
        self._runner.read(self, work, done, self.failed.emit, lane=lane)
