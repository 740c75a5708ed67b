"""What the window does with calls: they are kept on this machine while they are typed, and filed once."""

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.models.errors import DatabaseError, KnownError
from app.models.records.call_form import CallForm, FiledCall
from app.models.records.people import PersonFound
from app.services import wording
from app.services.desk import Desk
from app.services.journal import Entry, Journal
from app.services.phone.callers import callers, tickets_of
from app.services.phone.filing import file_call
from app.views.call.form_model import region_of
from app.views.kit.task_runner import TaskRunner

_AGAIN_MS = 15_000


class CallControl(QObject):
    """`filed` tells where a call went, `refused` why one could not be filed as it is, `waiting` how many are kept
    until the database is back; `found` brings unfinished calls of before."""

    people = Signal(str, list)
    tickets = Signal(PersonFound, list)
    filed = Signal(CallForm, FiledCall)
    refused = Signal(CallForm, KnownError)
    kept = Signal(CallForm)
    waiting = Signal(int)
    found = Signal(list)
    failed = Signal(KnownError)

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner
        self._journal = Journal(desk.profile.calls)
        self._region = region_of(desk.settings.phone_region, wording.language())
        self._waiting: dict[object, CallForm] = {}
        self._again = QTimer(self, interval=_AGAIN_MS)
        self._again.timeout.connect(self.file_waiting)

    def start(self) -> None:
        """Look for what an earlier window left."""
        self._runner.read(self, self._journal.entries, self._left, self.failed.emit, lane="journal")

    def look_for_people(self, typed: str) -> None:
        work = partial(callers, self._desk.database, typed, self._region)
        self._runner.read(
            self, work, lambda found: self.people.emit(typed, found), lambda _error: self.people.emit(typed, []),
            lane="people",
        )  # fmt: skip

    def look_for_tickets(self, person: PersonFound) -> None:
        work = partial(tickets_of, self._desk.database, person.id)
        self._runner.read(
            self, work, lambda found: self.tickets.emit(person, found), lambda _error: self.tickets.emit(person, []),
            lane="tickets",
        )  # fmt: skip

    def keep(self, form: CallForm) -> None:
        """Write down what was typed."""
        self._runner.write(self, partial(self._journal.keep, Entry(form)), _nothing, self.failed.emit)

    def forget(self, form: CallForm) -> None:
        """It is not wanted any more."""
        self._runner.write(self, partial(self._journal.forget, form.id), _nothing, self.failed.emit)

    def file(self, form: CallForm) -> None:
        """Keep it as done first, so that it is filed whatever happens now; then file it."""
        actor, database = self._desk.actor, self._desk.database
        if actor is None:
            return

        def work() -> FiledCall:
            self._journal.keep(Entry(form, is_done=True))
            filed = file_call(database, actor, form, self._region)
            self._journal.forget(form.id)
            return filed

        self._runner.write(self, work, lambda filed: self._is_filed(form, filed), lambda error: self._not(form, error))

    def file_waiting(self) -> None:
        """Try again what could not be filed."""
        for form in list(self._waiting.values()):
            self.file(form)

    def _left(self, entries: list[Entry]) -> None:
        unfinished = [each.form for each in entries if not each.is_done]
        if unfinished:
            self.found.emit(unfinished)
        for each in entries:
            if each.is_done:
                self._wait(each.form)
        self.file_waiting()

    def _is_filed(self, form: CallForm, filed: FiledCall) -> None:
        self._waiting.pop(form.id, None)
        self._tell_waiting()
        self.filed.emit(form, filed)

    def _not(self, form: CallForm, error: KnownError) -> None:
        if isinstance(error, DatabaseError):
            if form.id not in self._waiting:
                self.kept.emit(form)
            self._wait(form)
            return
        self._waiting.pop(form.id, None)
        self._tell_waiting()
        self.keep(form)
        self.refused.emit(form, error)

    def _wait(self, form: CallForm) -> None:
        self._waiting[form.id] = form
        self._tell_waiting()

    def _tell_waiting(self) -> None:
        self.waiting.emit(len(self._waiting))
        if self._waiting and not self._again.isActive():
            self._again.start()
        elif not self._waiting:
            self._again.stop()


def _nothing(_result: object) -> None:
    """Nothing is to be done about it."""
