"""What the pages do: read what is there, store what was entered, and have a calendar's coming week told."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.models.errors import KnownError
from app.models.records.applications import ApplicationCard, Vendor
from app.models.records.calendars import Calendar, Closure
from app.models.records.clocks import Target
from app.models.records.desk import Actor
from app.services import applications
from app.services.desk import Desk
from app.services.oncall import ical
from app.services.sla import arranging
from app.services.trees import store
from app.services.whole_file import read_whole
from app.views.catalogue.coming_days import Coming, coming
from app.views.catalogue.known import Known, look
from app.views.catalogue.targets_model import Scope
from app.views.kit.task_runner import TaskRunner


class CatalogueControl(QObject):
    """`listed` brings what is there; `unread` why it could not be read. `stored` brings the id and the name of what is
    in the database now, `removed` the name of what is not. `failed` tells what was refused."""

    listed = Signal(Known)
    unread = Signal(KnownError)
    stored = Signal(UUID, str)
    removed = Signal(str)
    failed = Signal(KnownError)

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner

    def look(self) -> None:
        database = self._desk.database
        self._runner.read(self, partial(look, database), self.listed.emit, self.unread.emit, lane="catalogue")

    def foresee(
        self, owner: QObject, calendar: Calendar, done: Callable[[Coming], None], failed: Callable[[KnownError], None]
    ) -> None:
        """Have the coming week of a calendar told that is not stored yet."""
        now = self._desk.clock.now()
        self._runner.read(owner, partial(coming, calendar, now), done, failed, lane="coming")

    def read_closures(self, owner: QObject, file: Path, zone: str, done: Callable[[Sequence[Closure]], None]) -> None:
        """The whole days of an iCalendar file."""
        now = self._desk.clock.now()
        self._runner.read(
            owner, lambda: ical.closures(read_whole(file), now, zone), done, self.failed.emit, lane="file"
        )

    def store_card(self, card: ApplicationCard, seen: ApplicationCard | None) -> None:
        self._store(partial(applications.save, self._desk.database, self._actor, card, seen), card.id, card.name)

    def store_vendor(self, vendor: Vendor, seen: Vendor | None) -> None:
        work = partial(applications.save_vendor, self._desk.database, self._actor, vendor, seen)
        self._store(work, vendor.id, vendor.name)

    def store_calendar(self, calendar: Calendar) -> None:
        work = partial(arranging.save_calendar, self._desk.database, self._actor, calendar)
        self._store(work, calendar.id, calendar.name)

    def store_targets(self, targets: list[Target], scope: Scope, name: str) -> None:
        ids = (scope.application_id, scope.organisation_id)
        work = partial(arranging.replace_targets, self._desk.database, self._actor, targets, *ids)
        self._store(work, scope.application_id or scope.organisation_id or UUID(int=0), name)

    def remove_vendor(self, vendor: Vendor) -> None:
        self._remove(partial(applications.remove_vendor, self._desk.database, self._actor, vendor), vendor.name)

    def remove_calendar(self, calendar: Calendar) -> None:
        work = partial(arranging.remove_calendar, self._desk.database, self._actor, calendar.id)
        self._remove(work, calendar.name)

    def take_template(self, application_id: UUID, name: str) -> None:
        """Let the application go by its template, whatever tree it has of its own."""
        database, actor = self._desk.database, self._actor

        def work() -> None:
            tree, inherited = store.of_application(database, application_id)
            if not inherited:
                store.remove(database, actor, tree)

        self._store(work, application_id, name)

    @property
    def _actor(self) -> Actor:
        assert self._desk.actor is not None
        return self._desk.actor

    def _store(self, work: Callable[[], Any], identity: UUID, name: str) -> None:
        self._runner.write(self, work, lambda _done: self.stored.emit(identity, name), self.failed.emit)

    def _remove(self, work: Callable[[], None], name: str) -> None:
        self._runner.write(self, work, lambda _done: self.removed.emit(name), self.failed.emit)
