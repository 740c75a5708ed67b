"""Three desks on one database against a model that fits on a page: whatever they do in whatever order.

Each desk knows of the others only what the change feed tells it to read again. What it has seen must then be what there
is; stale writes are refused just where the model says so, and an undo works just where nobody built on the change.
On PostgreSQL a write of a fourth desk stays open for as long as it pleases, and commits behind the others.
"""

import os
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from app.models.errors import Conflict
from app.models.identifiers import new_id
from app.models.records.call_form import CallForm
from app.models.records.desk import Actor, Role
from app.models.records.tickets import NewNote, Priority, Status, Undo
from app.models.tables import Ticket
from app.services import audit, staff
from app.services.database import Database, Work, open_database
from app.services.database.changes import ChangeFeed
from app.services.phone.filing import file_call
from app.services.tickets import answering, editing, mending, reading
from app.services.tickets.editing import Edit, Stale
from tests.fixtures.databases import SYSTEM, SettableClock

NAMES = ("Ann", "Bob", "Sue")
LONGER = int(os.environ.get("FIRSTLINE_CHAOS_EXAMPLES", "8"))
Fields = dict[str, object]
desks = st.integers(0, len(NAMES) - 1)
places = st.integers(0, 2)
"""Of three tickets, so that desks meet on them."""


@dataclass
class Desk:
    """What one desk has on its screen, and what it could take back."""

    database: Database
    actor: Actor
    feed: ChangeFeed
    seen: dict[UUID, Fields] = field(default_factory=dict)
    done: list[tuple[Undo, UUID, Fields, Fields]] = field(default_factory=list)

    def look(self, ticket_id: UUID) -> None:
        columns = (Ticket.status, Ticket.priority, Ticket.assignee_id)
        with self.database.read() as session:
            status, priority, assignee = session.execute(select(*columns).where(Ticket.id == ticket_id)).one()
        self.seen[ticket_id] = {"status": Status(status), "priority": Priority(priority), "assignee_id": assignee}


class Desks(RuleBasedStateMachine):
    """`truth` is the model: what each ticket is."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        clock = SettableClock()
        self.owner = open_database(self.url, clock)
        if not staff.agents(self.owner):
            for name in NAMES:
                staff.add_agent(self.owner, SYSTEM, name, f"{name.lower()}@desk.example", Role.SUPERVISOR, ())
        self.desks = [self._open(name, clock) for name in NAMES]
        self.truth: dict[UUID, Fields] = {}
        self.notes: dict[UUID, UUID] = {}
        self.late: tuple[AbstractContextManager[Work], UUID, Fields] | None = None
        for number in range(4):  # the last one is the late desk's
            form = CallForm(clock.now(), subject=f"Ticket {number}", text="x")
            who = self.desks[0].actor.id  # whoever answers the phone has it
            ticket_id = file_call(self.owner, self.desks[0].actor, form, "GB").ticket_id
            self.truth[ticket_id] = {"status": Status.OPEN, "priority": Priority.P3, "assignee_id": who}
        self.tickets = list(self.truth)
        for desk in self.desks:
            for each in self.tickets:
                desk.look(each)
            self._hear(desk)

    def _open(self, name: str, clock: SettableClock) -> Desk:
        database = open_database(self.url, clock)
        feed = ChangeFeed(database)
        feed.read()
        return Desk(database, staff.sign_in(database, f"{name.lower()}@desk.example"), feed)

    def teardown(self) -> None:
        try:
            if self.late is not None:
                self.commit_late()
            for desk in self.desks:
                self._hear(desk)
                assert desk.seen == self.truth
            audit.seal(self.owner, SYSTEM, "model")
            assert audit.verify(self.owner).flaws == 0
        finally:
            for each in self.desks:
                each.database.close()
            self.owner.close()

    @rule(desk=desks, place=places, priority=st.sampled_from(Priority))
    def prioritise(self, desk: int, place: int, priority: Priority) -> None:
        self._edit(desk, self.tickets[place], "priority", priority, editing.to_priority(priority))

    @rule(desk=desks, place=places, status=st.sampled_from([Status.OPEN, Status.WAITING_CUSTOMER, Status.SOLVED]))
    def set_status(self, desk: int, place: int, status: Status) -> None:
        self._edit(desk, self.tickets[place], "status", status, editing.to_status(status))

    @rule(desk=desks, place=places)
    def take(self, desk: int, place: int) -> None:
        me = self.desks[desk].actor.id
        self._edit(desk, self.tickets[place], "assignee_id", me, editing.to_assignee(me))

    @rule(desk=desks, place=places, twice=st.booleans())
    def note(self, desk: int, place: int, twice: bool) -> None:
        """As after an answer that never came: it is sent again under the id it was born with."""
        one, ticket_id, note_id = self.desks[desk], self.tickets[place], new_id()
        for _ in range(1 + twice):
            answering.note(one.database, one.actor, ticket_id, NewNote("noted", id=note_id))
        self.notes[note_id] = ticket_id
        view = reading.show(one.database, ticket_id)
        shown = [each.id for each in view.messages if each.id in self.notes]
        assert sorted(shown) == sorted(each for each, where in self.notes.items() if where == ticket_id)

    @rule(desk=desks)
    def undo(self, desk: int) -> None:
        one = self.desks[desk]
        if not one.done:
            return
        undo, ticket_id, before, after = one.done.pop()
        allowed = all(self.truth[ticket_id][name] == value for name, value in after.items())
        try:
            mending.undo(one.database, one.actor, undo)
        except Conflict:
            assert not allowed
        else:
            assert allowed
            self.truth[ticket_id].update(before)

    @rule(desk=desks)
    def hear(self, desk: int) -> None:
        one = self.desks[desk]
        self._hear(one)
        if self.late is None:  # what was done since it began is told when it has ended
            assert one.seen == self.truth

    @precondition(lambda self: self.late is None and self.owner.is_shared)
    @rule(priority=st.sampled_from(Priority))
    def begin_late(self, priority: Priority) -> None:
        writing = self.owner.write(self.desks[0].actor)
        work = writing.__enter__()
        editing.apply_edit(work, Stale(self.tickets[3]), editing.to_priority(priority))
        work.session.flush()
        self.late = (writing, self.tickets[3], {"priority": priority})

    @precondition(lambda self: self.late is not None)
    @rule()
    def commit_late(self) -> None:
        assert self.late is not None
        writing, ticket_id, after = self.late
        writing.__exit__(None, None, None)
        self.truth[ticket_id].update(after)
        self.late = None

    @invariant()
    def what_is_there_is_what_the_model_says(self) -> None:
        for ticket_id, expected in getattr(self, "truth", {}).items():
            reader = Desk(self.owner, self.desks[0].actor, self.desks[0].feed)
            reader.look(ticket_id)
            assert reader.seen[ticket_id] == expected

    def _edit(self, desk: int, ticket_id: UUID, name: str, value: object, edit: Edit) -> None:
        one, now = self.desks[desk], self.truth[ticket_id]
        seen = one.seen[ticket_id][name]
        before = dict(now)
        try:
            undo = editing.change(one.database, one.actor, Stale(ticket_id, fields={name: seen}), edit)
        except Conflict:
            assert now[name] not in (seen, value)
            self._hear(one)  # and is shown what the others did
            return
        assert now[name] in (seen, value)
        now[name] = value
        if before[name] != value:
            one.done.append((undo, ticket_id, {name: before[name]}, {name: value}))
        self._hear(self.desks[(desk + 1) % len(self.desks)])

    def _hear(self, desk: Desk) -> None:
        for ticket_id in {each.ticket_id for each in desk.feed.read()}:
            if ticket_id in self.truth:
                desk.look(ticket_id)


def test_three_desks_do_what_the_model_says(engine_url: str, database: Database) -> None:
    class OnThisDatabase(Desks):
        url = engine_url

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=LONGER,
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.generate],  # each step asks a server: shrinking would take minutes
            database=None,
            derandomize="FIRSTLINE_CHAOS_EXAMPLES" not in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
