"""An urgent request that nobody has is offered to who is there, before anybody looked at a list."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy import delete, event, select, update

from app.models.records.clocks import ClockKind
from app.models.records.desk import Level
from app.models.records.handoffs import HandoffState
from app.models.records.tickets import Priority, Status
from app.models.records.trees import ContactWay, Edge, EdgeConditions, EdgeKind, TicketFacts, WayKind
from app.models.tables import ContactAttempt, EscalationTree, Handoff, Outbox, Ticket
from app.services import staff
from app.services.catalogue import apply_catalogue
from app.services.escalation import attempts, beginning, telling as escalation
from app.services.escalation.beginning import Beginning, begin
from app.services.escalation.simulating import simulate
from app.services.sla import telling
from app.services.sla.sweeping import Sweep
from app.services.tickets import editing
from app.services.tickets.editing import Stale
from app.services.trees import store
from tests.fixtures.databases import SYSTEM, add_team
from tests.fixtures.rounds import eml
from tests.services.escalation.desk import Ladder


def sweep(rungs: Ladder, **later: float) -> int:
    rungs.desk.clock.forward(**later)
    return Sweep(rungs.desk.database, SYSTEM, "desk-1", (begin, attempts.sweep)).run()


def promise(rungs: Ladder, accept: timedelta, resolve: timedelta) -> None:
    """What the Service Desk promises, for all priorities."""
    tree, _ = store.of_application(rungs.desk.database, rungs.application_id)
    promised = {"accept_within": {None: accept}, "resolve_within": {None: resolve}}
    nodes = tuple(replace(each, **cast(Any, promised)) if each.key == "l1" else each for each in tree.nodes)
    store.save(rungs.desk.database, SYSTEM, replace(tree, nodes=nodes))


def due(rungs: Ladder, ticket_id: UUID) -> dict[str, datetime | None]:
    """When the clocks of its level that have not ended are due."""
    clocks = telling.clocks(rungs.desk.database, ticket_id)
    return {each.kind.value: each.due_at for each in clocks if each.handoff_id and each.stopped_at is None}


@pytest.fixture
def staffed(rungs: Ladder) -> Ladder:
    """Lena is asked at the Service Desk for a quarter of an hour, then it goes on."""
    tree, _ = store.of_application(rungs.desk.database, rungs.application_id)
    lena = ContactWay(WayKind.PERSON, rungs.desk.agent.id, timedelta(minutes=15))
    nodes = tuple(replace(each, contacts=(lena,), repeat=1) if each.key == "l1" else each for each in tree.nodes)
    store.save(rungs.desk.database, SYSTEM, replace(tree, nodes=nodes))
    return rungs


def test_an_urgent_one_is_offered_at_its_first_step_and_goes_on_from_there(staffed: Ladder) -> None:
    staffed.ask(Priority.P1)
    sweep(staffed)
    assert (staffed.step.node, staffed.asked()) == ("l1", [("Lena Vogt", "pending")])
    assert staffed.step.packet.happening != ""
    with staffed.desk.database.read() as session:
        assert session.scalars(select(Outbox.recipients).where(Outbox.kind == "notice")).all() == [
            ["lena@desk.example"]
        ]
    sweep(staffed, minutes=16)
    assert staffed.step.node == "l2"
    assert ("Ann", "pending") in staffed.asked()
    assert sweep(staffed) == 0


def test_who_takes_it_has_accepted_and_its_level_clock_runs(staffed: Ladder) -> None:
    ticket_id = staffed.ask(Priority.P2)
    sweep(staffed)
    editing.assign(staffed.desk.database, staffed.desk.agent, Stale(ticket_id), staffed.desk.agent.id)
    assert staffed.step.state is HandoffState.ACCEPTED
    sweep(staffed, hours=1)
    assert [each.node for each in staffed.steps] == ["l1"]


def test_the_level_clocks_of_the_first_step_run_from_its_beginning(staffed: Ladder) -> None:
    tree, _ = store.of_application(staffed.desk.database, staffed.application_id)
    promise: dict[Priority | None, timedelta] = {None: timedelta(hours=1)}
    nodes = tuple(replace(each, accept_within=promise) if each.key == "l1" else each for each in tree.nodes)
    store.save(staffed.desk.database, SYSTEM, replace(tree, nodes=nodes))
    ticket_id = staffed.ask(Priority.P1)
    sweep(staffed)
    [clock] = [each for each in telling.clocks(staffed.desk.database, ticket_id) if each.kind is ClockKind.ACCEPT]
    assert clock.due_at == staffed.desk.clock.now() + timedelta(hours=1)


def test_a_manager_hears_of_a_p1_that_nobody_handed_on(staffed: Ladder) -> None:
    tree, _ = store.of_application(staffed.desk.database, staffed.application_id)
    line = Edge("l1", "boss", EdgeKind.HIERARCHIC, EdgeConditions(priorities=(Priority.P1,)))
    store.save(staffed.desk.database, SYSTEM, replace(tree, edges=(*tree.edges, line)))
    staffed.ask(Priority.P1)
    sweep(staffed)
    assert ("Mia", "told") in staffed.asked()


@pytest.mark.parametrize("case", ["not urgent", "taken", "solved", "no application", "elsewhere", "outside"])
def test_what_need_not_be_offered_is_not(staffed: Ladder, case: str) -> None:
    ticket_id = staffed.ask(Priority.P3 if case == "not urgent" else Priority.P1)
    outside = add_team(staffed.desk.database, "Outside", Level.L2)
    changes: dict[str, dict[str, object]] = {
        "taken": {"assignee_id": staffed.desk.agent.id},
        "solved": {"status": "solved"},
        "no application": {"application_id": None},
        "elsewhere": {"team_id": staffed.teams["Development"].id},
        "outside": {"team_id": outside.id, "priority": 3},
    }
    with staffed.desk.database.write(SYSTEM) as work:
        changed = changes.get(case, {"impact": None})
        work.session.execute(update(Ticket).where(Ticket.id == ticket_id).values(**changed))
    sweep(staffed)
    assert [each.node for each in staffed.steps] == {
        "not urgent": ["l1"], "taken": ["l1"], "elsewhere": ["l3"]}.get(case, [])  # fmt: skip
    assert case == "elsewhere" or [each.attempts for each in staffed.steps if each.attempts] == []
    assert sweep(staffed) == 0


def test_what_waits_in_a_list_keeps_the_clocks_of_its_level(staffed: Ladder) -> None:
    promise(staffed, accept=timedelta(hours=1), resolve=timedelta(hours=3))
    ticket_id = staffed.ask(Priority.P3)
    sweep(staffed)
    began = staffed.desk.clock.now()
    assert due(staffed, ticket_id) == {"accept": began + timedelta(hours=1), "resolve": began + timedelta(hours=3)}
    editing.assign(staffed.desk.database, staffed.desk.agent, Stale(ticket_id), staffed.desk.agent.id)
    assert staffed.step.state is HandoffState.ACCEPTED
    assert due(staffed, ticket_id) == {"resolve": began + timedelta(hours=3)}
    assert escalation.handed_to(staffed.desk.database, staffed.desk.agent.id) == ()
    staffed.hand()
    assert (due(staffed, ticket_id).keys(), staffed.steps[0].state) == ({"accept", "resolve"}, HandoffState.ENDED)


def test_who_has_a_ticket_already_has_accepted_it(staffed: Ladder) -> None:
    promise(staffed, accept=timedelta(hours=1), resolve=timedelta(hours=3))
    ticket_id = staffed.ask(Priority.P1)
    editing.assign(staffed.desk.database, staffed.desk.agent, Stale(ticket_id), staffed.desk.agent.id)
    sweep(staffed)
    assert (staffed.step.accepted_by, staffed.attempts) == ("Lena Vogt", ())
    assert due(staffed, ticket_id).keys() == {"resolve"}


def test_a_manager_hears_of_what_waits_too_long_in_a_list(staffed: Ladder) -> None:
    tree, _ = store.of_application(staffed.desk.database, staffed.application_id)
    line = Edge("l1", "boss", EdgeKind.HIERARCHIC, after=timedelta(hours=4))
    store.save(staffed.desk.database, SYSTEM, replace(tree, edges=(*tree.edges, line)))
    staffed.ask(Priority.P4)
    sweep(staffed)
    sweep(staffed, hours=3.9)
    assert staffed.asked() == []
    sweep(staffed, hours=0.2)
    assert staffed.asked() == [("Mia", "told")]
    assert sweep(staffed, hours=9) == 0


def test_what_becomes_urgent_in_a_list_is_offered_with_time_to_answer(staffed: Ladder) -> None:
    promise(staffed, accept=timedelta(hours=1), resolve=timedelta(hours=3))
    ticket_id = staffed.ask(Priority.P3)
    sweep(staffed)
    sweep(staffed, hours=2)
    resolve_due = due(staffed, ticket_id)["resolve"]
    editing.set_priority(staffed.desk.database, staffed.desk.agent, Stale(ticket_id), Priority.P1)
    sweep(staffed)
    assert (len(staffed.steps), staffed.asked()) == (1, [("Lena Vogt", "pending")])
    assert staffed.step.packet.happening != ""
    assert due(staffed, ticket_id)["resolve"] == resolve_due
    sweep(staffed, minutes=16)
    assert [each.node for each in staffed.steps] == ["l1", "l2"]


def test_a_reopened_one_stands_where_it_was_again(staffed: Ladder) -> None:
    ticket_id = staffed.ask(Priority.P3)
    sweep(staffed)
    for status in (Status.SOLVED, Status.OPEN):
        editing.set_status(staffed.desk.database, staffed.desk.agent, Stale(ticket_id), status, anyway=True)
        sweep(staffed)
    assert [(each.node, each.state.is_live) for each in staffed.steps] == [("l1", False), ("l1", True)]


def test_a_broken_tree_stops_no_sweep(rungs: Ladder) -> None:
    rungs.ask(Priority.P1)
    with rungs.desk.database.write(SYSTEM) as work:
        work.session.execute(update(EscalationTree).values(content={"node": 1}))
    assert sweep(rungs) == 0
    assert rungs.steps == ()


def test_what_cannot_begin_keeps_nobody_waiting(staffed: Ladder, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older request, of an application whose tree begins nowhere."""
    database = staffed.desk.database
    monkeypatch.setattr(beginning, "_AT_ONCE", 1)
    apply_catalogue(database, SYSTEM, '[[application]]\nname = "Wages"\naudience = "internal"')
    wages = next(each.id for each in staff.applications(database) if each.name == "Wages")
    tree, _ = store.of_application(database, wages)
    store.save(database, SYSTEM, replace(tree, start="nowhere", version=0))
    older = staffed.ask(Priority.P1)
    staffed.desk.clock.forward(minutes=1)
    staffed.desk.receive(eml(mail_id="b@acme.example"))
    with database.write(SYSTEM) as work:
        work.session.execute(update(Ticket).values(priority=1, application_id=staffed.application_id))
        work.session.execute(update(Ticket).where(Ticket.id == older).values(application_id=wages))
    sweep(staffed)
    assert [each.node for each in escalation.handoffs(database, staffed.desk.ticket(2).row.id)] == ["l1"]
    assert staffed.steps == ()


def test_the_simulation_promised_the_same(staffed: Ladder) -> None:
    database, clock = staffed.desk.database, staffed.desk.clock
    staffed.ask(Priority.P1)
    promised = simulate(database, staffed.application_id, TicketFacts(Priority.P1), clock.now()).calls
    happened: list[tuple[str, UUID | None]] = []
    for _ in range(60):
        sweep(staffed, minutes=5)
    for step in staffed.steps:
        happened += [(each.node, each.agent_id) for each in step.attempts]
    assert sorted(happened, key=str) == sorted(((each.node, each.agent_id) for each in promised), key=str)


def test_between_two_looks_at_all_only_what_changed_is_looked_at(staffed: Ladder) -> None:
    database = staffed.desk.database
    step = Beginning(database)

    def look() -> int:
        with database.write(SYSTEM) as work:
            return step(work)

    assert look() == 0, "nothing is there"
    staffed.ask(Priority.P1)
    assert look() == 1, "it came since"
    assert look() == 0
    with database.write(SYSTEM) as work:  # behind the back of the feed
        work.session.execute(delete(ContactAttempt))
        work.session.execute(delete(Handoff))
    assert look() == 0, "nothing was told to have changed"
    staffed.desk.clock.forward(minutes=2)
    assert look() == 1, "all are looked at again"


def test_who_begins_is_found_by_the_indexes_of_open_tickets_and_live_steps(staffed: Ladder) -> None:
    said: list[str] = []
    database = staffed.desk.database
    staffed.ask(Priority.P3)
    event.listen(database.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    with database.write(SYSTEM) as work:
        begin(work)
    asked = next(each for each in said if each.startswith("SELECT ticket.application_id"))
    assert "status NOT IN ('solved', 'closed')" in asked
    assert "state IN ('offered', 'unanswered', 'accepted')" in asked
    if not database.is_shared:
        with database.engine.connect() as connection:
            plan = " ".join(str(each) for each in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}"))
        assert "ix_handoff_live" in plan
        assert "ticket USING INDEX ix_ticket_open_" in plan, "closed ones are not read"
