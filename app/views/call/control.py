"""What the window does with calls: they are kept on this machine while they are typed, and filed once."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from app.models.errors import KnownError
from app.models.records.call_form import CallForm, FiledCall
from app.models.records.people import PersonFound
from app.services import wording
from app.services.desk import Desk
from app.services.journal.calls import UnfinishedCalls
from app.services.offline import Outcome, Unfiled
from app.services.offline.filing import keeps_waiting
from app.services.phone.callers import callers, tickets_of
from app.views.call.form_model import region_of
from app.views.kit.task_runner import TaskRunner
from app.views.offline.keeping import keep_and_file


class CallControl(QObject):
    """`filed` tells where a call went, `refused` why one could not be filed as it is, `kept` that one waits until the
    database is back; `found` brings unfinished calls of before."""

    people = Signal(str, list)
    tickets = Signal(PersonFound, list)
    filed = Signal(CallForm, FiledCall)
    refused = Signal(CallForm, KnownError)
    kept = Signal(CallForm)
    found = Signal(list)
    failed = Signal(KnownError)

    def __init__(self, desk: Desk, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._runner = desk, runner
        self._unfinished = UnfinishedCalls(desk.journal)
        self._region = region_of(desk.settings.phone_region, wording.language())

    def start(self) -> None:
        """Look for what an earlier window left."""
        self._runner.read(self, self._unfinished.all, self._left, self.failed.emit, lane="journal")

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
        self._runner.keep(self, partial(self._unfinished.keep, form), _nothing, self.failed.emit)

    def forget(self, form: CallForm) -> None:
        """It is not wanted any more."""
        self._runner.keep(self, partial(self._unfinished.forget, form.id), _nothing, self.failed.emit)

    def file(self, form: CallForm) -> None:
        """Keep it as done first, so that it is filed whatever happens now; then file it."""
        desk = self._desk
        if desk.actor is not None:
            thing = Unfiled.of(desk.actor, desk.clock.now(), form, self._region)
            keep_and_file(self, desk, self._runner, thing, partial(self._ended, form))

    def _left(self, unfinished: list[CallForm]) -> None:
        if unfinished:
            self.found.emit(unfinished)

    def _ended(self, form: CallForm, outcome: Outcome) -> None:
        if outcome.ticket_id is not None:
            self.filed.emit(form, FiledCall(outcome.ticket_id, outcome.number, outcome.new))
        elif outcome.error is None or keeps_waiting(outcome.error):
            self.kept.emit(form)
        else:
            self._mend(form, outcome.error)

    def _mend(self, form: CallForm, error: KnownError) -> None:
        """It is an unfinished one again."""
        work = partial(self._desk.waiting.back_to_typing, form)
        tell = lambda _outcome: self.refused.emit(form, error)  # noqa: E731
        self._runner.keep(self, work, tell, tell)


def _nothing(_result: object) -> None:
    """Nothing is to be done about it."""
