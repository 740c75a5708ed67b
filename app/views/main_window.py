"""The desk's window: it ties what a person does to what the controls do, and what they bring to what is seen."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMainWindow

from app.models.errors import KnownError
from app.models.records.tickets import AttachmentInfo, Status, TicketRow, TicketView
from app.models.rules.search_query import read_query
from app.services import presence
from app.services.database import Database
from app.services.database.reach import AWAY
from app.services.desk import Desk
from app.services.presence import TOPIC as PRESENCE
from app.services.tickets import queue
from app.services.wording import tr, tr_error
from app.views.kit.appearance import Appearance
from app.views.kit.change_bus import Changes
from app.views.kit.commands import Commands
from app.views.kit.task_runner import TaskRunner
from app.views.kit.times import date_words
from app.views.kit.window_place import WindowPlace
from app.views.offline.words import as_of_words
from app.views.queue.model import QueueModel
from app.views.queue.table import Form
from app.views.queue.view_list import view_name
from app.views.ticket.conversation import target_of
from app.views.ticket.file_dialogs import FileMenu, LinkDialog
from app.views.window.command_table import add_commands
from app.views.window.file_control import FileControl
from app.views.window.focus_order import order_focus
from app.views.window.layout import WindowLayout
from app.views.window.news import News
from app.views.window.parts import PARTS
from app.views.window.queue_control import Listed, QueueControl
from app.views.window.shell import Shell
from app.views.window.status_line import StatusLine
from app.views.window.ticket_control import TicketControl
from app.views.window.undoing import Done, UndoStack
from app.views.writing.writing import Writing
from app.views.writing.writing_control import WritingControl

_GOOD_NEWS_MS = 8_000


def _rows(database: Database, ids: Sequence[UUID]) -> list[TicketRow]:
    return presence.claimed(database, queue.rows(database, ids))


class MainWindow(QMainWindow):
    """One agent's desk."""

    def __init__(self, desk: Desk, runner: TaskRunner, appearance: Appearance) -> None:
        super().__init__()
        self.setObjectName("desk")
        self.setWindowTitle("Firstline")
        self.setWindowIcon(appearance.icon("app", "accent"))
        self.appearance = appearance
        self._desk, self._runner = desk, runner
        self._pointed_at: UUID | None = None
        self._place = WindowPlace(desk.profile.window_file)
        self.queue = QueueControl(desk, runner, self)
        self.undo = UndoStack(desk, runner, self)
        self.ticket = TicketControl(desk, runner, self.undo, self)
        self.files = FileControl(desk, runner, self)
        self.status = StatusLine(desk, runner, self)
        self._news = News(desk.database, runner, self)
        self.bus = self._news.bus
        self.model = QueueModel(runner, partial(_rows, desk.database), desk.clock, self)
        self.layout_ = WindowLayout(self, self.queue.views, self.model, appearance, desk.clock)
        self.commands = Commands(self, appearance)
        control = WritingControl(desk, runner, self)
        self.writing = Writing(self.layout_, self.ticket, control, self.undo, desk.actor, self)
        self.shell = Shell(
            self,
            desk,
            runner,
            appearance,
            bus=self.bus,
            commands=self.commands,
            undo=self.undo,
            queue=self.queue,
            ticket=self.ticket,
            layout=self.layout_,
            writing=self.writing,
            place=self._place,
        )
        add_commands(self)
        self.parts = [make(self.shell) for make in PARTS]
        self.layout_.add_buttons(self.commands)
        order_focus(self.layout_.reading_order)
        self._connect_queue()
        self._connect_ticket()
        self._connect_news()
        self.layout_.wear(Form(self._place.word("queue/form", Form.TABLE.value)))
        if not self._place.restore(self, *self.layout_.splitters):
            self.resize(1460, 900)
        self.layout_.tickets.table.restore(self._place)
        self._enable(None)

    def start(self) -> None:
        """Begin to read and to listen."""
        self.layout_.person.setText(self._desk.actor.name if self._desk.actor else "")
        self.queue.look_for_offers()
        self.queue.choose(self.layout_.views.current)
        self.files.forget_opened()
        self.status.start()
        self._news.start()
        self.shell.started.emit()

    @property
    def is_idle(self) -> bool:
        """Whether nothing that was asked for is still on its way."""
        return self._runner.is_idle

    def tell(self, words: str) -> None:
        """Good news: it goes by itself."""
        self.layout_.told.tell("success", words, milliseconds=_GOOD_NEWS_MS)

    def fail(self, error: KnownError) -> None:
        """Something was refused; it stays until it is closed. That the database is away is told once, above."""
        if not (self._desk.reach.is_away and error.code in AWAY):
            self.layout_.told.tell("error", tr_error(error))
        self.shell.refused.emit(error)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.shell.may_close():
            event.ignore()
            return
        self.writing.keep()
        self.shell.closing.emit()
        self.files.forget_opened()
        self._news.stop()
        self.status.stop()
        self._place.keep_word("queue/form", self.layout_.tickets.table.form.value)
        self._place.remember(self, *self.layout_.splitters)
        self.layout_.tickets.table.remember(self._place)
        super().closeEvent(event)

    def _connect_queue(self) -> None:
        layout = self.layout_
        layout.views.chosen.connect(self._choose_view)
        layout.tickets.searched.connect(self.queue.search)
        layout.tickets.opened.connect(self.ticket.open)
        layout.tickets.entered.connect(layout.conversation.browser.setFocus)
        layout.tickets.sort_wanted.connect(self.queue.order)
        self.queue.sorted.connect(layout.tickets.table.show_sort)
        self.model.failed.connect(self.fail)
        self.queue.loading.connect(layout.tickets.show_loading)
        self.queue.listed.connect(self._list)
        self.queue.counted.connect(layout.views.show_counts)
        self.queue.offered.connect(layout.properties.offer)
        self.queue.offered.connect(lambda _offers: self._show_properties())
        self.queue.failed.connect(lambda error: layout.tickets.show_error(tr_error(error), self.queue.look))

    def _connect_ticket(self) -> None:
        layout, ticket = self.layout_, self.ticket
        ticket.opened.connect(self._opening)
        ticket.shown.connect(self._show)
        ticket.failed.connect(self.fail)
        ticket.unreadable.connect(lambda error: layout.conversation.show_error(tr_error(error), ticket.reload))
        layout.properties.changed.connect(self._set_property)
        layout.properties.number_clicked.connect(ticket.open_number)
        reading = layout.conversation
        reading.remote_wanted.connect(ticket.show_remote_images)
        reading.pictures_wanted.connect(self.files.load_pictures)
        reading.remote_pictures_wanted.connect(self.files.fetch_pictures)
        reading.file_clicked.connect(self._offer_file)
        reading.link_clicked.connect(self._offer_link)
        reading.split_clicked.connect(ticket.split_message)
        reading.move_clicked.connect(lambda message: self.commands_for_message("move", message))
        reading.retry_clicked.connect(ticket.retry)
        self.files.pictures.connect(reading.show_pictures)
        self.files.saved.connect(lambda path: self.tell(tr("window.saved", file=path)))
        self.files.failed.connect(self.fail)

    def _set_property(self, name: str, value: object) -> None:
        if value is Status.SCHEDULED:
            self._show_properties()
            self.commands.run("later")
        else:
            self.ticket.set_property(name, value)

    def _connect_news(self) -> None:
        layout = self.layout_
        self.bus.changed.connect(self._look_again)
        self.bus.lost.connect(self.status.lost)
        self.bus.found.connect(self._all_again)
        self.ticket.marked_read.connect(self.bus.look)
        self.status.database.connect(lambda words, good: _tell_state(layout.database, words, good=good))
        self.status.channels.connect(lambda words, good: _tell_state(layout.channels, words, good=good))
        self.status.problem.connect(self._tell_problem)
        self.writing.failed.connect(self.fail)
        self.writing.told.connect(self.tell)
        self.writing.changed.connect(self.bus.look)
        self.undo.did.connect(self._did)
        self.undo.undone.connect(self._undone)
        self.undo.failed.connect(self.fail)
        self.undo.began.connect(lambda progress: layout.progress.watch(progress, tr("bulk.undoing")))
        self.undo.ended.connect(layout.progress.finished)
        self.shell.told.connect(self.tell)
        self.shell.warned.connect(lambda words: layout.told.tell("warning", words))
        self.shell.failed.connect(self.fail)

    def commands_for_message(self, command: str, message: UUID) -> None:
        """A command on one message that was pointed at, rather than on the current one."""
        self._pointed_at = message
        self.commands.run(command)

    def pointed_at(self) -> UUID | None:
        """The message a command is about: the one just clicked, else the current one."""
        clicked, self._pointed_at = self._pointed_at, None
        current = self.layout_.conversation.current_message()
        return clicked or (current.id if current else None)

    def _choose_view(self, view: object) -> None:
        self.layout_.tickets.search.clear()
        self.queue.choose(view)  # type: ignore[arg-type]

    def _list(self, listed: Listed) -> None:
        empty = ("search", tr("queue.nothing_found"), tr("queue.nothing_found_hint"))
        if not listed.words:
            empty = ("done", tr("queue.empty"), tr("queue.empty_hint"))
        self.layout_.tickets.show_ids(listed.ids, another_list=listed.another, empty=empty)
        marked = read_query(listed.words).plain_words if listed.words else ()
        self.layout_.tickets.table.mark(marked)
        self.layout_.conversation.mark(marked)
        name = tr("queue.found", words=listed.words) if listed.words else view_name(listed.view)
        self.layout_.tickets.show_name(as_of_words(name, listed.read_at), len(listed.ids), whole=listed.whole)
        if self.ticket.ticket_id is None and listed.ids:
            self.layout_.tickets.step(0)
            self.layout_.tickets.table.setFocus()

    def _opening(self, ticket_id: UUID) -> None:
        self.layout_.tickets.mark(ticket_id)
        self.layout_.conversation.show_loading()
        self._enable(None)

    def _show(self, ticket: TicketView) -> None:
        layout = self.layout_
        layout.title.setText(ticket.row.subject or tr("ticket.no_subject"))
        opened = date_words(ticket.row.opened_at)
        channel = tr(f"channel_kind.{ticket.row.channel}")
        words = tr("ticket.heading", number=ticket.row.number, opened=opened, channel=channel)
        layout.subtitle.setText(as_of_words(words, self.ticket.read_at))
        layout.heading.show()
        layout.conversation.show_ticket(ticket)
        self._show_properties()
        self._enable(ticket)

    def _show_properties(self) -> None:
        self.layout_.properties.show_ticket(self.ticket.ticket, self._desk.actor)

    def _enable(self, ticket: TicketView | None) -> None:
        actor = self._desk.actor
        mine = ticket is not None and actor is not None and ticket.assignee_id == actor.id
        for each in self.commands:
            if each.needs_ticket:
                self.commands.enable(each.id, ticket is not None)
        self.commands.enable("take", ticket is not None and not mine)
        self.commands.enable("solve", ticket is not None and not ticket.row.status.is_done)
        held_back = ticket is not None and any(each.remote_images for each in ticket.messages)
        self.commands.enable("images", held_back)
        self.commands.enable("undo", self.undo.can_undo)

    def _did(self, done: Done) -> None:
        again = (tr("window.undo"), self.undo.undo)
        self.layout_.told.tell("success", done.words, again, milliseconds=_GOOD_NEWS_MS)
        self.commands.enable("undo", self.undo.can_undo)
        self.ticket.reload()
        self.bus.look()

    def _undone(self, _done: Done, words: str) -> None:
        self.tell(words or tr("window.undone"))
        self.commands.enable("undo", self.undo.can_undo)
        self.ticket.reload()
        self.bus.look()

    def _look_again(self, changes: Changes) -> None:
        self.model.forget(changes.tickets | {UUID(each) for each in changes.present})
        if changes.topics == {PRESENCE}:
            return
        self.queue.look_soon()
        if self.ticket.ticket_id in changes.tickets:
            self.ticket.reload()
        if changes.topics & {"channel", "outbox"}:
            self.status.look()
        if changes.topics & {"agent", "team", "application"}:
            self.queue.look_for_offers()

    def _all_again(self) -> None:
        self.status.found()
        self.model.forget_all()
        self.queue.look()
        self.queue.look_for_offers()
        self.ticket.reload()

    def _tell_problem(self, words: str) -> None:
        if not words:
            self.layout_.problem.hide()
        elif self.layout_.problem.isHidden() or self.layout_.problem.words != words:
            self.layout_.problem.tell("error", words, closable=False)

    def _offer_file(self, file: AttachmentInfo) -> None:
        FileMenu(file, self.files.open, self._save_as, self).open_at_cursor()

    def _save_as(self, file: AttachmentInfo) -> None:
        target, _ = QFileDialog.getSaveFileName(self, tr("file.save_as"), file.name)
        if target:
            self.files.save(file, Path(target))

    def _offer_link(self, url: QUrl) -> None:
        target = target_of(url)
        if target is None:
            self.layout_.told.tell("warning", tr("address.refused", address=url.toDisplayString()))
        else:
            LinkDialog(target, lambda: QDesktopServices.openUrl(url), self).open()


def _tell_state(label: object, words: str, *, good: bool) -> None:
    label.setText(words)  # type: ignore[attr-defined]
    label.setProperty("state", "good" if good else "bad")  # type: ignore[attr-defined]
    label.style().unpolish(label)  # type: ignore[attr-defined]
    label.style().polish(label)  # type: ignore[attr-defined]
