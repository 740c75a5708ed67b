"""Calls in the window: one key opens the form; calls can be parked and come back after a crash."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.models.errors import KnownError
from app.models.records.call_form import CallForm, FiledCall
from app.models.records.calls import Direction
from app.models.records.people import PersonFound
from app.models.records.tickets import TicketRow
from app.services.tickets.tagging import known_tags
from app.services.wording import tr
from app.views.call.control import CallControl
from app.views.call.form import CallDialog
from app.views.call.form_model import parked_words
from app.views.ticket.properties_model import Offers
from app.views.window.shell import Shell

_EVERY_MS = 1_000


class CallPart(QObject):
    """F2 logs a call, Ctrl+N opens a ticket for who stands at the desk. Parked calls stand in the status bar."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._offers = Offers()
        self._parked: dict[UUID, CallForm] = {}
        self.control = CallControl(shell.desk, shell.runner, self)
        self.dialog: CallDialog | None = None
        self.strip = QWidget()
        self.strip.setAccessibleName(tr("call.parked"))
        self._row = QHBoxLayout(self.strip)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._buttons: dict[UUID, QPushButton] = {}
        shell.layout.bar.insertWidget(1, self.strip)
        self._second = QTimer(self, interval=_EVERY_MS)
        self._second.timeout.connect(self._tick)
        self._add_commands()
        self._connect()

    def open(self, form: CallForm | None = None) -> CallDialog:
        """Log a call: a new one, or one that was parked. A call in the form already is parked first."""
        if self.dialog is not None:
            self.dialog.reject()
        new = CallForm(self._shell.desk.clock.now())
        self._unpark(form.id if form else None)
        dialog = CallDialog(self._shell.appearance, form or new, self._offers, self._shell.window)
        self.dialog = dialog
        dialog.typed.connect(self.control.look_for_people)
        dialog.chosen.connect(self.control.look_for_tickets)
        dialog.paused.connect(self.control.keep)
        dialog.parked.connect(self._park)
        dialog.discarded.connect(self._discard)
        dialog.filed.connect(self._file)
        dialog.destroyed.connect(lambda: self._gone(dialog))
        dialog.show()
        work = partial(known_tags, self._shell.desk.database)
        self._shell.runner.read(dialog, work, dialog.fields.offer_categories, _unknown)
        if form is not None and form.who:
            self.control.look_for_people(form.who)
        return dialog

    def open_walk_in(self) -> CallDialog:
        """A ticket for somebody who stands at the desk, or writes in a chat."""
        return self.open(CallForm(self._shell.desk.clock.now(), direction=Direction.WALK_IN))

    def next_parked(self) -> None:
        """The call that waits longest."""
        if self._parked:
            self.open(next(iter(self._parked.values())))

    @property
    def parked(self) -> list[CallForm]:
        return list(self._parked.values())

    def _add_commands(self) -> None:
        commands = self._shell.commands
        commands.section("phone")
        commands.add("call", "F2", "phone", self.open)
        commands.add("new_ticket", "Ctrl+N", "open", self.open_walk_in)
        commands.add("call_next", "Ctrl+F2", "phone", self.next_parked)

    def _connect(self) -> None:
        shell, control = self._shell, self.control
        shell.started.connect(control.start)
        shell.closing.connect(self._closing)
        shell.queue.offered.connect(self._offer)
        control.people.connect(self._show_people)
        control.tickets.connect(self._show_tickets)
        control.filed.connect(self._filed)
        control.refused.connect(self._refused)
        control.kept.connect(self._kept)
        control.found.connect(self._back)
        control.failed.connect(shell.fail)

    def _show_people(self, typed: str, found: list[PersonFound]) -> None:
        if self.dialog is not None:
            self.dialog.show_people(typed, found)

    def _show_tickets(self, person: PersonFound, found: list[TicketRow]) -> None:
        if self.dialog is not None:
            self.dialog.show_tickets(person, found)

    def _offer(self, offers: Offers) -> None:
        self._offers = offers

    def _gone(self, dialog: CallDialog) -> None:
        if self.dialog is dialog:
            self.dialog = None

    def _leave(self) -> None:
        if self.dialog is not None:
            dialog, self.dialog = self.dialog, None
            dialog.leave()

    def _file(self, form: CallForm) -> None:
        """The form stays until it is certain where the call is."""
        if not (form.subject.strip() or form.text.strip()):
            self._shell.fail(KnownError("call.nothing_said"))
            return
        if self.dialog is not None:
            self.dialog.set_filing(True)
        self.control.file(form)

    def _filed(self, form: CallForm, filed: FiledCall) -> None:
        self._leave_if(form)
        walk_in = form.direction is Direction.WALK_IN
        self._shell.tell(tr("call.filed_ticket" if walk_in else "call.filed", number=filed.number))
        self._shell.bus.look()
        self._shell.ticket.open(filed.ticket_id)

    def _kept(self, form: CallForm) -> None:
        self._leave_if(form)
        self._shell.warn(tr("call.kept"))

    def _refused(self, form: CallForm, error: KnownError) -> None:
        """Its agent mends it: the form is open still, or comes back."""
        self._shell.fail(error)
        if self.dialog is not None and self.dialog.form().id == form.id:
            self.dialog.set_filing(False)
        else:
            self._park(form)

    def _leave_if(self, form: CallForm) -> None:
        if self.dialog is not None and self.dialog.form().id == form.id:
            self._leave()

    def _discard(self, form: CallForm) -> None:
        self.control.forget(form)
        self._leave()

    def _park(self, form: CallForm) -> None:
        if form.is_empty:
            self.control.forget(form)
            return
        self.control.keep(form)
        self._parked[form.id] = form
        button = QPushButton()
        button.setProperty("role", "flat")
        button.setIcon(self._shell.appearance.icon("phone", "text"))
        button.clicked.connect(lambda _checked=False, call=form.id: self.open(self._parked[call]))
        self._buttons[form.id] = button
        self._row.addWidget(button)
        self._second.start()
        self._tick()

    def _unpark(self, call_id: UUID | None) -> None:
        if call_id in self._parked:
            del self._parked[call_id]
            self._buttons.pop(call_id).deleteLater()

    def _tick(self) -> None:
        now = self._shell.desk.clock.now()
        for call_id, button in self._buttons.items():
            words = parked_words(self._parked[call_id], now)
            button.setText(words)
            button.setAccessibleName(words)
        if not self._buttons:
            self._second.stop()

    def _back(self, forms: list[CallForm]) -> None:
        for each in forms:
            self._park(each)
        self._shell.tell(tr("call.back", count=len(forms)))

    def _closing(self) -> None:
        if self.dialog is not None:
            self.control.keep(self.dialog.form())
            self._leave()


def _unknown(_error: KnownError) -> None:
    """Without a database a category is typed in full."""
