"""Saved views in the window: they stand below the built-in ones, and are made of what one sees."""

from functools import partial

from PySide6.QtCore import QObject

from app.models.records.queue import QueueFilter, QueueView
from app.models.rules.permissions import Action, may
from app.services import views
from app.services.search import filter_for
from app.services.tickets import queue
from app.services.wording import tr
from app.views.kit.change_bus import Changes
from app.views.queue.saved.dialog import ViewDialog
from app.views.ticket.properties_model import Offers
from app.views.window.shell import Shell


class SavedViewsPart(QObject):
    """Ctrl+Alt+V saves what is listed as a view; Ctrl+Alt+E changes the one that is shown."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._offers = Offers()
        self.dialog: ViewDialog | None = None
        shell.commands.section("reading")
        shell.commands.add("view_new", "Ctrl+Alt+V", "save", self.new)
        shell.commands.add("view_edit", "Ctrl+Alt+E", "list", self.edit)
        shell.queue.offered.connect(self._offer)
        shell.started.connect(self._look)
        shell.bus.changed.connect(self._changed)
        shell.bus.found.connect(self._look)

    def new(self) -> None:
        """A view that holds what is listed now, a search as well."""
        desk, shown = self._shell.desk, self._shell.queue

        def read() -> QueueFilter:
            return filter_for(desk.database, desk.actor, shown.words) if shown.words else shown.view.filter

        def open_(wanted: QueueFilter) -> None:
            columns = self._shell.layout.tickets.table.columns
            self._open(QueueView("", "", wanted, builtin=False, sort=shown.sort, columns=columns), 0)

        self._shell.runner.read(self, read, open_, self._shell.fail, lane="dialog")

    def edit(self) -> None:
        """Change the view that is shown; a built-in one becomes the pattern of a new one."""
        view = self._shell.queue.view
        if view.builtin or not any(each.key == view.key for each in self._shell.queue.views):
            self.new()
            return
        work = partial(views.missing, self._shell.desk.database, view)
        self._shell.runner.read(self, work, partial(self._open, view), self._shell.fail, lane="dialog")

    def _open(self, view: QueueView, missing: int) -> None:
        actor = self._shell.desk.actor
        may_share = actor is not None and may(actor, Action.SHARE)
        dialog = ViewDialog(view, self._offers, may_share=may_share, missing=missing, parent=self._shell.window)
        dialog.edited.connect(self._count)
        dialog.saved.connect(self._save)
        dialog.removed.connect(self._remove)
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.open()

    def _closed(self, _result: int) -> None:
        self.dialog = None

    def _count(self, view: QueueView) -> None:
        dialog, database = self.dialog, self._shell.desk.database
        if dialog is not None:
            work = lambda: len(queue.ids(database, view.filter))  # noqa: E731
            self._shell.runner.read(dialog, work, dialog.show_count, self._shell.fail, lane="count")

    def _save(self, view: QueueView, shared: bool) -> None:
        desk = self._shell.desk
        if desk.actor is not None:
            work = partial(views.save, desk.database, desk.actor, view, shared=shared)
            self._shell.runner.write(self, work, self._saved, self._shell.fail)

    def _saved(self, view: QueueView) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self._shell.tell(tr("view_dialog.saved", name=view.name))
        self._look(choose=view.key)

    def _remove(self, view: QueueView) -> None:
        desk = self._shell.desk
        if desk.actor is None:
            return
        work = partial(views.remove, desk.database, desk.actor, view)

        def removed(_nothing: None) -> None:
            if self.dialog is not None:
                self.dialog.accept()
            again = partial(self._save, view, view.shared)
            words = tr("view_dialog.removed", name=view.name)
            self._shell.layout.told.tell("success", words, (tr("window.undo"), again), milliseconds=8_000)
            self._look(choose="view.open")

        self._shell.runner.write(self, work, removed, self._shell.fail)

    def _look(self, choose: str = "") -> None:
        desk = self._shell.desk
        work = partial(views.listed, desk.database, desk.actor)
        self._shell.runner.read(self, work, partial(self._show, choose), self._shell.fail, lane="views")

    def _show(self, choose: str, saved: list[QueueView]) -> None:
        self._shell.queue.set_saved(saved)
        self._shell.layout.views.show_views(self._shell.queue.views)
        if choose:
            self._shell.layout.views.choose(choose)
            self._shell.queue.choose(self._shell.layout.views.current)
        self._shell.queue.look_soon()

    def _offer(self, offers: Offers) -> None:
        self._offers = offers
        self._shell.layout.tickets.offer(offers)

    def _changed(self, changes: Changes) -> None:
        if "saved_view" in changes.topics:
            self._look()
