"""The call form: from the caller's number to a filed call without the mouse."""

from collections.abc import Sequence
from dataclasses import replace
from time import monotonic

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QWidget

from app.models.records.call_form import CallForm
from app.models.records.calls import CallOutcome, Direction
from app.models.records.people import PersonFound
from app.models.records.tickets import Priority, TicketRow
from app.services.wording import tr
from app.views.call.form_layout import FormLayout
from app.views.call.form_model import can_tie, hint_for, people_lines, seconds_of, ticket_lines
from app.views.kit.appearance import Appearance
from app.views.kit.boxes import choose
from app.views.kit.times import duration_words
from app.views.ticket.properties_model import Offers

PAUSE_MS = 600


class CallDialog(QDialog):
    """One call. `typed` asks who that may be, `chosen` what they called about; `paused` brings the form to be kept.

    Return goes on: from the caller to the ticket, from the ticket to what was said. Ctrl+Return files.
    """

    typed = Signal(str)
    chosen = Signal(PersonFound)
    paused = Signal(CallForm)
    filed = Signal(CallForm)
    parked = Signal(CallForm)
    discarded = Signal(CallForm)

    def __init__(self, appearance: Appearance, form: CallForm, offers: Offers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        walk_in = form.direction is Direction.WALK_IN
        self.setWindowTitle(tr("call.title_walk_in" if walk_in else "call.title"))
        self._form = form
        self._people: Sequence[PersonFound] = ()
        self._person: PersonFound | None = None
        self._began = monotonic() - form.seconds
        self._over = False
        self.fields = FormLayout(self, appearance, offers, walk_in=walk_in)
        self._fill(form)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._paused)
        self._second = QTimer(self, interval=1_000)
        self._second.timeout.connect(self._tick)
        self._connect()
        self._tick()
        self._second.start()
        self.fields.who.setFocus()

    def form(self) -> CallForm:
        """What stands there now."""
        fields = self.fields
        return replace(
            self._form,
            who=fields.who.text(),
            person_id=self._person.id if self._person else self._form.person_id,
            person_name=fields.name.text() or (self._person.name if self._person else ""),
            subject=fields.subject.text(),
            text=fields.text.toPlainText(),
            application_id=fields.application.currentData(),
            category=fields.category.text(),
            priority=Priority(fields.priority.currentData()),
            outcome=CallOutcome(fields.outcome.currentData()),
            team_id=fields.team.currentData(),
            tie=fields.tie.isChecked() and not fields.tie.isHidden(),
            follow_up=fields.follow_up.toPlainText(),
            seconds=self._seconds(),
        )

    def show_people(self, typed: str, found: Sequence[PersonFound]) -> None:
        """Who it may be, for what was typed; what was typed since then is not overtaken."""
        if typed not in (self.fields.who.text(), self.fields.name.text()) or self._person is not None:
            return
        self._people = found
        self.fields.show_lines(tr("call.callers"), people_lines(found))
        self._hint()

    def show_tickets(self, person: PersonFound, found: Sequence[TicketRow]) -> None:
        """What a caller asked for before."""
        if self._person is not None and person.id == self._person.id:
            self.fields.show_lines(tr("call.tickets"), ticket_lines(found))
            self.fields.list.setFocus()

    def set_filing(self, filing: bool) -> None:
        """While it is on its way it cannot be filed twice."""
        self.fields.file.setEnabled(not filing)
        self._pause.stop()

    def leave(self) -> None:
        """Close without a word: it was filed or discarded."""
        self._over = True
        self._pause.stop()
        self.reject()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            going_on = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()
            if watched is self.fields.list and going_on:
                self.choose_current()
                return True
            if watched in (self.fields.who, self.fields.name) and (going_on or event.key() == Qt.Key.Key_Down):
                self._go_on(watched)
                return True
        return super().eventFilter(watched, event)

    def reject(self) -> None:
        """Escape, and closing the window, lose nothing: the call is parked."""
        if not self._over:
            self._over = True
            self._pause.stop()
            self.parked.emit(self.form())
        super().reject()
        parent = self.parentWidget()
        if parent is not None:
            parent.activateWindow()

    def _paused(self) -> None:
        """What is on its way to be filed is in the journal already, and is not an unfinished call any more."""
        if self.fields.file.isEnabled():
            self.paused.emit(self.form())

    def _connect(self) -> None:
        fields = self.fields
        for line in (fields.who, fields.name, fields.list):
            line.installEventFilter(self)
        fields.who.textEdited.connect(self._who_typed)
        fields.list.itemClicked.connect(lambda _item: self.choose_current())
        fields.name.textEdited.connect(self._name_typed)
        for text in (fields.subject, fields.category, fields.timer):
            text.textEdited.connect(lambda _text: self._pause.start())
        for box in (fields.application, fields.priority, fields.outcome, fields.team):
            box.activated.connect(lambda _place: self._pause.start())
        for body in (fields.text, fields.follow_up):
            body.textChanged.connect(self._pause.start)
        fields.outcome.currentIndexChanged.connect(lambda _place: self._show_team())
        fields.timer.editingFinished.connect(self._time_typed)
        fields.file.clicked.connect(self._file)
        fields.park.clicked.connect(self.reject)
        fields.discard.clicked.connect(lambda: self.discarded.emit(self.form()))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._file)
        QShortcut(QKeySequence("Ctrl+P"), self, self.reject)
        self._show_team()

    def _fill(self, form: CallForm) -> None:
        fields = self.fields
        fields.who.setText(form.who)
        fields.name.setText(form.person_name)
        fields.subject.setText(form.subject)
        fields.text.setPlainText(form.text)
        fields.category.setText(form.category)
        fields.follow_up.setPlainText(form.follow_up)
        fields.tie.setChecked(form.tie)
        for box, value in (
            (fields.application, form.application_id),
            (fields.priority, int(form.priority)),
            (fields.outcome, form.outcome.value),
            (fields.team, form.team_id),
        ):
            choose(box, value)
        fields.show_ticket(form.ticket_number)

    def _who_typed(self, typed: str) -> None:
        """Another caller: whoever was chosen before is not meant any more."""
        self._person = None
        self._form = replace(self._form, person_id=None, ticket_id=None, ticket_number=None)
        self.fields.show_ticket(None)
        self.fields.tie.hide()
        self._pause.start()
        self.typed.emit(typed)

    def _name_typed(self, typed: str) -> None:
        """Whose number it is, where nobody is known by it."""
        self._pause.start()
        if self._person is None and typed.strip():
            self.typed.emit(typed)

    def _go_on(self, line: QObject) -> None:
        """To the first that it may be; where nobody is known, from the number to the name, and then to the subject."""
        if self.fields.list.count():
            self.fields.list.setCurrentRow(0)
            if len(self._people) == 1 and self._person is None:
                self.choose_current()
            else:
                self.fields.list.setFocus()
        else:
            (self.fields.name if line is self.fields.who else self.fields.subject).setFocus()

    def choose_current(self) -> None:
        """Take the person or the ticket that the list is at."""
        line = self.fields.current_line
        if line is None:
            return
        match line.value:
            case PersonFound() as person:
                self._take_person(person)
            case ticket:
                self._take_ticket(ticket)

    def _take_person(self, person: PersonFound) -> None:
        self._person = person
        self._form = replace(self._form, person_id=person.id)
        self.fields.name.setText(person.name)
        self.fields.tie.setText(tr("call.tie", name=person.name))
        self.fields.tie.setVisible(can_tie(self.fields.who.text(), person))
        self.fields.tie.setChecked(not self.fields.tie.isHidden())
        self._hint()
        self._pause.start()
        self.chosen.emit(person)

    def _take_ticket(self, ticket: TicketRow | None) -> None:
        self._form = replace(
            self._form,
            ticket_id=ticket.id if ticket else None,
            ticket_number=ticket.number if ticket else None,
        )
        self.fields.show_ticket(ticket.number if ticket else None)
        (self.fields.text if ticket else self.fields.subject).setFocus()
        self._pause.start()

    def _hint(self) -> None:
        self.fields.show_hint(hint_for(self.fields.who.text(), self._people, self._person.id if self._person else None))

    def _show_team(self) -> None:
        self.fields.show_team(CallOutcome(self.fields.outcome.currentData()) is CallOutcome.HANDED_OVER)

    def _seconds(self) -> int:
        return max(0, int(monotonic() - self._began))

    def _tick(self) -> None:
        if not self.fields.timer.hasFocus():
            self.fields.timer.setText(duration_words(self._seconds()))

    def _time_typed(self) -> None:
        """A corrected time goes on from there."""
        seconds = seconds_of(self.fields.timer.text())
        if seconds is not None:
            self._began = monotonic() - seconds

    def _file(self) -> None:
        if self.fields.file.isEnabled():
            if self.fields.timer.hasFocus():
                self._time_typed()
            self.filed.emit(self.form())
