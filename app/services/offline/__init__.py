"""What is done while the database cannot be reached: it waits in the journal, and is filed in its order afterwards.

Exactly once, whenever the process or the machine dies. A thing is in the journal, on the disk, before anybody is told
that it is kept. It is filed under the id it was born with, in one transaction that looks for that id first, and leaves
the journal after that has committed: between the two it is found in the database and only leaves the journal.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from app.models.errors import KnownError
from app.models.records.call_form import CallForm
from app.models.records.desk import Actor
from app.services.database import Database
from app.services.journal import Drop, Journal, Put, calls
from app.services.offline.filing import file_one, keeps_waiting
from app.services.offline.records import Outcome, TicketNote, Unfiled, read, told

__all__ = ["Outcome", "TicketNote", "Unfiled", "Waiting"]

KIND = "waiting"
_log = logging.getLogger(__name__)


class Waiting:
    """The finished calls and notes of this desk that are not in the database. Safe to use from several threads.

    Listeners are called on whichever thread changed something, and must be quick. Errors of the journal as there.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._filing = threading.Lock()
        self._filed: set[UUID] = set()
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Be told whenever there may be more of it, or less, or another reason, until `unlisten`."""
        self._listeners.append(listener)

    def unlisten(self, listener: Callable[[], None]) -> None:
        """Told nothing any more; well where it was not listening."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def add(self, thing: Unfiled) -> None:
        """Keep it until it is filed, in place of what was kept of it while it was typed."""
        what = thing.what
        instead = Drop("draft", what.ticket_id) if isinstance(what, TicketNote) else Drop(calls.KIND, what.id)
        self._journal.write(Put(KIND, thing.id, told(thing)), instead)
        self._tell()

    def file_new(self, database: Database, actor: Actor, thing: Unfiled) -> Outcome:
        """File what was added, behind all that waits already."""
        outcomes = self.file(database, actor)
        mine = next((each for each in outcomes if each.thing.id == thing.id), None)
        return mine or Outcome(thing, error=outcomes[-1].error if outcomes else None)

    def file_unkept(self, database: Database, actor: Actor, thing: Unfiled, unkept: KnownError) -> Outcome:
        """File what could not be kept on this machine for the reason `unkept`: at once, or not at all."""
        try:
            return file_one(database, actor, thing)
        except KnownError as error:
            return Outcome(thing, error=unkept if keeps_waiting(error) else error)

    def all(self) -> list[Unfiled]:
        """In the order in which it was finished."""
        return [read(each.told) for each in self._journal.items(KIND)]

    def file(self, database: Database, actor: Actor) -> list[Outcome]:
        """File what `actor` wrote and nothing refused yet, in order, as far as the database lets it.

        What is refused for a reason of its own stays, with the reason, and holds up nothing behind it.
        """
        outcomes: list[Outcome] = []
        with self._filing:
            for thing in self.all():
                if thing.refused is not None or thing.by != actor.id:
                    continue
                if thing.id in self._filed:
                    self._forget(thing)
                    continue
                outcome = self._file(database, actor, thing)
                outcomes.append(outcome)
                if outcome.error is not None and keeps_waiting(outcome.error):
                    break
        if outcomes:
            self._tell()
        return outcomes

    def give_up(self, thing_id: UUID) -> None:
        """It is not wanted any more."""
        self._journal.write(Drop(KIND, thing_id))
        self._tell()

    def back_to_typing(self, form: CallForm) -> None:
        """A call is an unfinished one again, for its author to mend."""
        self._journal.write(Drop(KIND, form.id), Put(calls.KIND, form.id, calls.told_of(form)))
        self._tell()

    def again(self, thing: Unfiled, ticket: tuple[UUID, int, str] | None = None) -> None:
        """Try it once more; a note on another ticket (id, number, title), if one is named."""
        what = thing.what
        if ticket is not None and isinstance(what, TicketNote):
            what = replace(what, ticket_id=ticket[0], number=ticket[1], title=ticket[2], was_done=True)
        self._journal.write(Put(KIND, thing.id, told(replace(thing, what=what, refused=None))))
        self._tell()

    def _file(self, database: Database, actor: Actor, thing: Unfiled) -> Outcome:
        try:
            outcome = file_one(database, actor, thing)
        except KnownError as error:
            if not keeps_waiting(error):
                self._journal.write(Put(KIND, thing.id, told(replace(thing, refused=error))))
            return Outcome(thing, error=error)
        self._forget(thing)
        return outcome

    def _forget(self, thing: Unfiled) -> None:
        """It is in the database. A full disk keeps it in the journal for now, and from being told twice."""
        self._filed.add(thing.id)
        try:
            self._journal.write(Drop(KIND, thing.id))
        except KnownError:
            _log.warning("what is filed could not be taken from the journal", exc_info=True)
        else:
            self._filed.discard(thing.id)

    def _tell(self) -> None:
        for each in tuple(self._listeners):
            each()
