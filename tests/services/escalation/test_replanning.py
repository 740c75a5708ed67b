"""Hours or a tree that are changed while a ticket waits for a step to open: it is asked at the opening of now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app.models.identifiers import new_id
from app.models.records.calendars import DAY, Calendar, Closure, Span
from app.models.records.clocks import ClockKind
from app.models.records.handoffs import HandoffState
from app.models.records.tickets import MessageKind
from app.models.records.trees import Edge, EdgeKind
from app.services.escalation import attempts, replying
from app.services.escalation.replanning import Replanning
from app.services.sla import calendars, telling
from app.services.sla.arranging import save_calendar
from app.services.sla.sweeping import Sweep
from app.services.trees import store
from tests.fixtures.databases import SYSTEM
from tests.services.escalation.desk import Ladder

MORNINGS = ((Span(8 * 3600, 10 * 3600),),) * 7
ALWAYS = ((Span(0, DAY),),) * 7


def monday(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


@dataclass
class Waiting:
    """Application Support is there in the mornings; on Monday at noon a ticket waits for Tuesday, eight o'clock."""

    rungs: Ladder
    calendar: Calendar
    replanning: Replanning

    def set_hours(self, **told: Any) -> None:
        """The calendar as somebody edits it."""
        [kept] = [each for each in calendars.listed(self.rungs.desk.database) if each.id == self.calendar.id]
        save_calendar(self.rungs.desk.database, self.rungs.actor("Mia"), replace(kept, **told))

    def edit(self, *edges: Edge, **values: Any) -> None:
        """The tree as somebody edits it: the second level, and lines to who leads."""
        tree, _ = store.of_application(self.rungs.desk.database, self.rungs.application_id)
        nodes = tuple(replace(each, **values) if each.key == "l2" else each for each in tree.nodes)
        lines = [each for each in tree.edges if each.kind is EdgeKind.FUNCTIONAL]
        store.save(self.rungs.desk.database, SYSTEM, replace(tree, nodes=nodes, edges=(*lines, *edges)))

    def sweep(self, at: datetime | None = None) -> int:
        clock = self.rungs.desk.clock
        clock.at = at or clock.at
        return Sweep(self.rungs.desk.database, SYSTEM, "desk-1", (self.replanning, attempts.sweep)).run()

    @property
    def asked(self) -> Sequence[tuple[str, str]]:
        return self.rungs.asked()


@pytest.fixture
def waiting(rungs: Ladder) -> Waiting:
    office = Calendar(new_id(), "Office", "UTC", MORNINGS)
    database = rungs.desk.database
    made = Waiting(rungs, save_calendar(database, SYSTEM, office), Replanning(database))
    made.edit(calendar_id=office.id)
    rungs.ask()
    made.sweep(monday(12))
    rungs.hand("l2")
    made.sweep()
    assert made.asked == []
    return made


def test_it_waits_until_the_step_opens(waiting: Waiting) -> None:
    waiting.sweep(monday(8) + timedelta(days=1, minutes=-1))
    assert waiting.asked == []
    waiting.sweep(monday(8) + timedelta(days=1))
    assert waiting.asked == [("Ann", "pending")]


def test_where_the_calendar_is_widened_it_is_asked_at_the_earlier_opening(waiting: Waiting) -> None:
    waiting.set_hours(week=((*MORNINGS[0], Span(15 * 3600, 17 * 3600)), *MORNINGS[1:]))
    waiting.sweep()
    waiting.sweep(monday(14, 59))
    assert waiting.asked == []
    waiting.sweep(monday(15))
    assert waiting.asked == [("Ann", "pending")]


def test_where_the_step_is_open_by_now_it_is_asked_now(waiting: Waiting) -> None:
    waiting.set_hours(week=ALWAYS)
    waiting.sweep()
    assert waiting.asked == [("Ann", "pending")]


def test_where_a_closure_is_taken_back_it_is_asked_at_the_earlier_opening(waiting: Waiting) -> None:
    waiting.set_hours(closures=(Closure(date(2026, 3, 3), date(2026, 3, 5), "Move"),))
    waiting.sweep()
    waiting.sweep(monday(8) + timedelta(days=1))
    assert waiting.asked == [], "it is closed, contrary to what was said when it was handed on"
    waiting.set_hours(closures=())
    waiting.sweep()
    assert waiting.asked == [("Ann", "pending")]


def test_it_waits_no_longer_for_a_step_that_was_closed_for_months(waiting: Waiting) -> None:
    waiting.set_hours(closures=(Closure(date(2026, 3, 3), date(2026, 6, 5), "Move"),))
    waiting.sweep()
    assert [each.node for each in waiting.rungs.steps] == ["l2", "l3"]
    told = [each.text for each in waiting.rungs.ticket.messages if each.kind is MessageKind.EVENT]
    assert any("Nobody could be asked at “Application Support”: it went on to “Development”." in each for each in told)


@pytest.mark.parametrize("is_kept", [True, False], ids=["another calendar", "round the clock"])
def test_where_the_tree_names_other_hours_it_waits_by_these(waiting: Waiting, is_kept: bool) -> None:
    other = save_calendar(waiting.rungs.desk.database, SYSTEM, Calendar(new_id(), "Always", "UTC", ALWAYS))
    waiting.sweep(monday(13))
    waiting.edit(calendar_id=other.id if is_kept else None)
    waiting.sweep()
    assert waiting.asked == [("Ann", "pending")]
    clocks = telling.clocks(waiting.rungs.desk.database, waiting.rungs.ticket.row.id)
    [accept] = [each for each in clocks if each.kind is ClockKind.ACCEPT]
    assert (accept.spent, accept.due_at) == (timedelta(0), monday(15)), "its level's clock goes by them from now on"
    assert accept.segments[0].calendar_id == waiting.calendar.id


def test_where_the_tree_names_later_hours_nobody_is_asked_before(waiting: Waiting) -> None:
    evenings = Calendar(new_id(), "Evenings", "UTC", ((Span(20 * 3600, 22 * 3600),),) * 7)
    save_calendar(waiting.rungs.desk.database, SYSTEM, evenings)
    waiting.edit(calendar_id=evenings.id)
    waiting.sweep()
    waiting.sweep(monday(20))
    assert waiting.asked == [("Ann", "pending")]


def test_an_answer_that_is_awaited_is_awaited_as_it_was_told(waiting: Waiting) -> None:
    waiting.sweep(monday(9, 50) + timedelta(days=1))
    [attempt] = waiting.rungs.attempts
    waiting.set_hours(week=ALWAYS)
    waiting.edit(calendar_id=None)
    waiting.sweep()
    assert [each.answer_by for each in waiting.rungs.attempts] == [attempt.answer_by]
    waiting.sweep(attempt.answer_by)
    assert waiting.rungs.asked(0) == [("Ann", "no_answer")]
    assert waiting.rungs.step.node == "l3", "the hours of now say that its time to accept is over"


def test_what_changed_while_nobody_swept_is_made_up_for(waiting: Waiting) -> None:
    waiting.set_hours(week=ALWAYS)
    waiting.replanning = Replanning(waiting.rungs.desk.database)
    waiting.sweep()
    assert waiting.asked == [("Ann", "pending")]


def test_a_write_that_fails_is_done_again(waiting: Waiting) -> None:
    database = waiting.rungs.desk.database
    waiting.set_hours(week=ALWAYS)
    with pytest.raises(RuntimeError), database.write(SYSTEM) as work:
        assert waiting.replanning(work) == 1
        raise RuntimeError
    waiting.sweep()
    assert waiting.asked == [("Ann", "pending")]


def test_a_line_to_who_leads_counts_by_the_hours_and_the_tree_of_now(waiting: Waiting) -> None:
    waiting.edit(Edge("l2", "boss", EdgeKind.HIERARCHIC, after=timedelta(hours=1)))
    waiting.sweep()
    waiting.sweep(monday(13))
    assert waiting.asked == [], "no open hour has passed"
    waiting.set_hours(week=((*MORNINGS[0], Span(12 * 3600, 13 * 3600), Span(20 * 3600, DAY)), *MORNINGS[1:]))
    waiting.sweep()
    assert waiting.asked == [("Mia", "told")]


def test_a_line_to_who_leads_that_is_drawn_later_counts_for_who_has_it_already(waiting: Waiting) -> None:
    waiting.sweep(monday(8) + timedelta(days=1))
    replying.accept(waiting.rungs.desk.database, waiting.rungs.actor("Ann"), waiting.rungs.step.id)
    assert waiting.rungs.step.state is HandoffState.ACCEPTED
    waiting.edit(Edge("l2", "boss", EdgeKind.HIERARCHIC, after=timedelta(hours=1)))
    waiting.sweep()
    waiting.sweep(monday(9) + timedelta(days=1))
    assert waiting.asked == [("Ann", "accepted"), ("Mia", "told")]


def test_what_nobody_changed_is_not_read(waiting: Waiting) -> None:
    said: list[str] = []
    event.listen(waiting.rungs.desk.database.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    with waiting.rungs.desk.database.write(SYSTEM) as work:
        assert waiting.replanning(work) == 0
    assert [each for each in said if "handoff" in each] == []


@pytest.mark.parametrize("changed", ["calendar", "tree"])
def test_the_steps_that_are_over_are_not_read_for_those_that_wait(waiting: Waiting, changed: str) -> None:
    database = waiting.rungs.desk.database
    if changed == "calendar":
        waiting.set_hours(week=ALWAYS)
    else:
        waiting.edit(calendar_id=None)
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    with database.write(SYSTEM) as work:
        assert waiting.replanning(work) == 1
    asked = next(each for each in said if each.startswith("SELECT handoff.id \nFROM handoff JOIN ticket"))
    assert "state IN ('offered', 'unanswered', 'accepted')" in asked
    if not database.is_shared:
        with database.engine.connect() as connection:
            found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", ("",) * asked.count("?"))
            assert "ix_handoff_live" in " ".join(map(str, found))
