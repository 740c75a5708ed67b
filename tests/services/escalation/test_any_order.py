"""A ticket that is handed on, accepted, declined, given back, reassigned and left alone in any order is never stuck.

Whatever happened, each step is where its attempts say, and what nobody answers to is looked at again.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.desk import Actor
from app.models.records.handoffs import HandoffState, HandoffView, Outcome
from app.models.records.tickets import Priority, Status, Undo
from app.models.tables import Application, Handoff, Ticket
from app.services.database import Database
from app.services.database.numbers import TicketNumbers
from app.services.escalation import attempts, handing, replying, telling
from app.services.tickets import editing, mending, reading
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM
from tests.services.escalation.desk import CHECKED, PACKET, Ladder

NAMES = ("Ann", "Bob", "Mia", "Cid")
EXPECTED = frozenset({"escalation.taken", "escalation.over", "escalation.done", "not_allowed.answer_handoff",
                      "ticket.changed_since", "not_allowed.assign", "not_allowed.change"})  # fmt: skip
"""What one may be refused with; anything else is a defect."""
_WAITS = (HandoffState.OFFERED, HandoffState.UNANSWERED)


class AnyOrder(RuleBasedStateMachine):
    """One ticket on a ladder of three levels, a vendor and a lead."""

    ladder: Ladder
    ticket: UUID
    owner: UUID | None
    undo: Undo | None

    @initialize(priority=st.sampled_from((Priority.P1, Priority.P3)))
    def ask(self, priority: Priority) -> None:
        self.ticket, self.owner, self.undo = new_id(), None, None
        now = self.ladder.desk.clock.now()
        with self.ladder.desk.database.write(SYSTEM) as work:
            work.session.add(
                Ticket(
                    id=self.ticket, number=TicketNumbers(work.session).next(), subject="Down", status="open",
                    channel="desk", priority=int(priority), level=1, reply_token=str(self.ticket), opened_at=now,
                    updated_at=now, application_id=self.ladder.application_id,
                    team_id=work.session.scalar(
                        select(Application.team_id).where(Application.id == self.ladder.application_id)
                    ),
                )
            )  # fmt: skip

    @rule(to=st.sampled_from(("l1", "l2", "l3", "vendor", "boss")), who=st.sampled_from(("Lena", *NAMES)))
    def hand_on(self, to: str, who: str) -> None:
        def do() -> None:
            actor = self._actor(who)
            self.undo = handing.escalate(self._database, actor, self.ticket, to, PACKET, (CHECKED,))
            self.handed_by = actor
            assert self._live[-1].node == to

        self._try(do)

    @rule(who=st.sampled_from(NAMES))
    def accept(self, who: str) -> None:
        step = self._last

        def do() -> None:
            assert step is not None
            replying.accept(self._database, self._actor(who), step.id)
            assert reading.show(self._database, self.ticket).assignee_id == self.ladder.people[who].id

        if step is not None:
            self._try(do)

    @rule(who=st.sampled_from(NAMES), back=st.booleans())
    def refuse(self, who: str, back: bool) -> None:
        step, how = self._last, replying.give_back if back else replying.decline
        if step is not None:
            self._try(lambda: how(self._database, self._actor(who), step.id, "Not mine"))

    @rule(who=st.sampled_from(("", *NAMES)))
    def assign(self, who: str) -> None:
        person = self.ladder.people[who].id if who else None
        self._try(lambda: editing.assign(self._database, SYSTEM, Stale(self.ticket), person))

    @rule(team=st.sampled_from(("Service Desk", "Application Support", "Development")))
    def give_to(self, team: str) -> None:
        self._try(lambda: editing.set_team(self._database, SYSTEM, Stale(self.ticket), self.ladder.teams[team].id))

    @rule(status=st.sampled_from((Status.OPEN, Status.SOLVED, Status.WAITING_CUSTOMER)))
    def become(self, status: Status) -> None:
        self._try(lambda: editing.set_status(self._database, SYSTEM, Stale(self.ticket), status))

    @rule()
    def take_back(self) -> None:
        undo = self.undo
        if undo is not None:
            self.owner = self.undo = None  # whoever handed it on became its owner, and is none then
            self._try(lambda: mending.undo(self._database, self.handed_by, undo))

    @rule(minutes=st.sampled_from((1, 15, 120, 1_440)))
    def wait(self, minutes: int) -> None:
        self.ladder.desk.clock.forward(minutes=minutes)
        for _ in range(50):
            with self._database.write(SYSTEM) as work:
                if not attempts.sweep(work):
                    return
        raise AssertionError("the sweep never ends")

    @invariant()
    def at_most_one_step_is_the_tickets(self) -> None:
        assert len(self._live) <= 1

    @invariant()
    def who_is_asked_is_asked_by_the_step_that_waits(self) -> None:
        for step in self._steps:
            pending = [each for each in step.attempts if each.outcome is Outcome.PENDING]
            assert len(pending) <= 1
            assert not pending or step.state is HandoffState.OFFERED

    @invariant()
    def what_is_offered_is_looked_at_again_and_nothing_is_stuck(self) -> None:
        for step in self._live:
            if step.state is HandoffState.OFFERED:
                with self._database.read() as session:
                    at = session.scalar(select(Handoff.next_at).where(Handoff.id == step.id))
                assert at is not None
                assert at <= self.ladder.desk.clock.now() + timedelta(hours=2)

    @invariant()
    def a_step_that_is_over_waits_for_nothing(self) -> None:
        with self._database.read() as session:
            live = [each.value for each in HandoffState if each.is_live]
            over = select(func.count()).where(Handoff.state.not_in(live), Handoff.next_at.is_not(None))
            assert session.scalar(over) == 0

    @invariant()
    def what_is_accepted_has_somebody_and_what_is_solved_waits_for_nobody(self) -> None:
        shown = reading.show(self._database, self.ticket)
        for step in self._live:
            assert not shown.row.status.is_done
            if step.state in _WAITS and step.team in self.ladder.teams:
                assert shown.assignee_id is None
        if self.owner is not None:
            assert shown.owner_id == self.owner
        self.owner = shown.owner_id

    @property
    def _database(self) -> Database:
        return self.ladder.desk.database

    @property
    def _steps(self) -> tuple[HandoffView, ...]:
        return telling.handoffs(self._database, self.ticket)

    @property
    def _live(self) -> list[HandoffView]:
        return [each for each in self._steps if each.state.is_live]

    @property
    def _last(self) -> HandoffView | None:
        return self._steps[-1] if self._steps else None

    def _actor(self, name: str) -> Actor:
        return self.ladder.desk.agent if name == "Lena" else self.ladder.actor(name)

    def _try(self, do: Callable[[], object]) -> None:
        try:
            do()
        except KnownError as refused:
            if refused.code not in EXPECTED:
                raise


def test_a_ticket_is_never_stuck_and_never_with_two(rungs: Ladder) -> None:
    class OnThisDesk(AnyOrder):
        ladder = rungs

    run_state_machine_as_test(
        OnThisDesk,
        settings=settings(
            max_examples=40,
            stateful_step_count=20,
            deadline=None,
            phases=[Phase.generate],
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
