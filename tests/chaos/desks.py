"""Desks that work as people do while the world breaks around them, and remember what they were promised."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.models.errors import Conflict, DatabaseError
from app.models.identifiers import new_id
from app.models.records.call_form import CallForm
from app.models.records.desk import Actor
from app.models.records.tickets import NewNote, Priority
from app.services.database import Database, leases, open_database
from app.services.database.changes import ChangeFeed
from app.services.database.server_clock import ServerClock
from app.services.phone.filing import file_call
from app.services.tickets import answering, editing
from app.services.tickets.editing import Stale

LEASE = "chaos"
HELD = "chaos.held"


@dataclass(frozen=True)
class SkewedClock:
    """A desk's clock that somebody set by hand."""

    skew: timedelta

    def now(self) -> datetime:
        return datetime.now(UTC) + self.skew


@dataclass
class Promises:
    """What a desk tried under which id, and what of it was acknowledged. Calls are tried until they are."""

    notes: set[UUID] = field(default_factory=set)
    notes_tried: set[UUID] = field(default_factory=set)
    calls: set[UUID] = field(default_factory=set)
    calls_tried: dict[UUID, CallForm] = field(default_factory=dict)
    edits: int = 0
    edits_tried: int = 0
    refused: Counter[str] = field(default_factory=Counter)


class ChaosDesk:
    """One desk with its own connections, clock, lease and ear. It works in a thread while `go` is set."""

    def __init__(self, name: str, url: str, actor: Actor, tickets: list[UUID], seed: int) -> None:
        self.name, self.actor, self.tickets = name, actor, tickets
        self._dice = random.Random(seed)
        clock = ServerClock(SkewedClock(timedelta(hours=self._dice.randint(-30, 30))))
        self.database: Database = open_database(url, clock)
        clock.follow(self.database)
        self.feed = ChangeFeed(self.database)
        self.feed.read()
        self.heard: Counter[str] = Counter()
        self.promises = Promises()
        self.go, self.ended, self.rests = threading.Event(), threading.Event(), threading.Event()
        self.bug: BaseException | None = None
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.ended.set()
        self.go.set()
        self._thread.join()
        self.database.close()

    def hear(self) -> None:
        """Listen to what changed since the last time."""
        for change in self.feed.read():
            if change.topic == "message":
                self.heard[change.id] += 1

    def settle(self) -> None:
        """The world is whole again: file what nobody knows the outcome of."""
        for form in self.promises.calls_tried.values():
            if form.id not in self.promises.calls:
                self._call(form)

    def _live(self) -> None:
        work = (self._note, self._note, self._new_call, self._edit, self._hold, self.hear)
        while not self.ended.is_set():
            if not self.go.is_set():
                self.rests.set()
                self.go.wait()
                self.rests.clear()
                continue
            try:
                self._dice.choice(work)()
            except (DatabaseError, Conflict) as error:
                self.promises.refused[error.code] += 1
            except BaseException as error:  # noqa: BLE001 - told by the test
                self.bug = error
                self.ended.set()
        self.rests.set()

    def _note(self) -> None:
        note_id = new_id()
        self.promises.notes_tried.add(note_id)
        answering.note(self.database, self.actor, self._dice.choice(self.tickets), NewNote(f"{note_id}", id=note_id))
        self.promises.notes.add(note_id)

    def _new_call(self) -> None:
        form = CallForm(self.database.clock.now(), id=new_id(), who=self.name, subject="It rang", text="Hello?")
        self.promises.calls_tried[form.id] = form
        for _ in range(3):
            try:
                self._call(form)
            except DatabaseError as error:
                self.promises.refused[error.code] += 1
            else:
                return

    def _call(self, form: CallForm) -> None:
        file_call(self.database, self.actor, form, "GB")
        self.promises.calls.add(form.id)

    def _edit(self) -> None:
        self.promises.edits_tried += 1
        ticket, priority = self._dice.choice(self.tickets), self._dice.choice(list(Priority))
        editing.set_priority(self.database, self.actor, Stale(ticket), priority)
        self.promises.edits += 1

    def _hold(self) -> None:
        """What only one desk may do at a time."""
        held = leases.take(self.database, self.actor, LEASE, self.name, timedelta(milliseconds=30))
        if held is None:
            return
        with self.database.write(self.actor) as work:
            leases.require(work.session, held, work.now)
            work.audit(HELD, None, after={"fence": held.fence, "desk": self.name})


def every(desks: list[ChaosDesk], holds: Callable[[ChaosDesk], bool]) -> bool:
    return all(holds(each) for each in desks)
