"""What a tree stands on is taken away while a ticket climbs it: the tree shows the gap, the ticket goes to the nearest
that is there and says so, and nobody else's ticket waits for it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.tickets import MessageKind, Priority
from app.models.records.trees import ContactWay, WayKind
from app.models.tables import Agent, BusinessCalendar, DutyRotation, Vendor
from app.services.sla.arranging import remove_calendar
from app.services.trees import store
from app.services.trees.telling import tell
from tests.fixtures.databases import SYSTEM
from tests.services.escalation.desk import Ladder

NEVER: list[list[list[int]]] = [[]] * 7
ALWAYS = [[[0, 86_400]]] * 7
DECADES = {"first": "2020-01-01", "last": "2099-12-31", "name": "Closed for good"}


def calendar(made: Ladder, **told: Any) -> Any:
    found = new_id()
    row = {"id": found, "name": f"Calendar {found}", "zone": "UTC", "week": ALWAYS} | told
    with made.desk.database.write(SYSTEM) as work:
        work.session.execute(insert(BusinessCalendar).values(**row))
    return found


def change(made: Ladder, *keys: str, **values: Any) -> None:
    now, _ = store.of_application(made.desk.database, made.application_id)
    nodes = tuple(replace(each, **values) if each.key in keys else each for each in now.nodes)
    store.save(made.desk.database, SYSTEM, replace(now, nodes=nodes))


def store_all(made: Ladder, statement: Any) -> None:
    with made.desk.database.write(SYSTEM) as work:
        work.session.execute(statement)


def findings(made: Ladder) -> list[tuple[str, str]]:
    view = tell(made.desk.database, made.application_id, made.desk.clock.now())
    return [(each.code, each.node) for each in view.findings]


def climb(made: Ladder, sweeps: int = 6) -> Sequence[str]:
    """Nobody ever answers; what the desk said in the conversation meanwhile."""
    for _ in range(sweeps):
        made.sweep(minutes=15)
    return [each.text for each in made.ticket.messages if each.kind is MessageKind.EVENT]


def nodes(made: Ladder) -> list[str]:
    return [each.node for each in made.steps]


@pytest.mark.parametrize("closed", [{"week": NEVER}, {"closures": [DECADES]}], ids=["week", "closures"])
def test_a_step_that_never_opens_is_passed_and_said_to_be_so(rungs: Ladder, closed: dict[str, Any]) -> None:
    rungs.ask()
    rungs.hand("l2")
    change(rungs, "l3", calendar_id=calendar(rungs, **closed))
    told = climb(rungs)
    assert nodes(rungs) == ["l2", "vendor"]
    assert any("“Development” is never open. “Ledgerline” is the nearest cover." in each for each in told)
    assert not any("urgent" in each for each in told)
    assert ("never_open", "l3") in findings(rungs)


def test_nobody_waits_for_a_step_that_is_closed_for_months(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand("l2")
    now = rungs.desk.clock.now().date()
    closed = {"first": str(now), "last": str(now + timedelta(days=90)), "name": "Moving house"}
    change(rungs, "l3", calendar_id=calendar(rungs, closures=[closed]))
    told = climb(rungs)
    assert nodes(rungs) == ["l2", "vendor"]
    assert any("“Development” is closed for more than two weeks. “Ledgerline” is the near" in each for each in told)


def test_who_could_not_even_be_asked_is_not_said_to_have_kept_silent(rungs: Ladder) -> None:
    change(rungs, "l2", calendar_id=calendar(rungs, week=NEVER))
    rungs.ask()
    rungs.hand("l2")
    told = climb(rungs, 1)
    assert "Nobody could be asked at “Application Support”: it went on to “Development”." in told[0]
    assert nodes(rungs) == ["l2", "l3"]


@pytest.mark.parametrize("priority", [Priority.P1, Priority.P3])
def test_where_no_step_ever_opens_all_are_told_that_it_waits(rungs: Ladder, priority: Priority) -> None:
    change(rungs, "l1", "l2", "l3", "vendor", "boss", calendar_id=calendar(rungs, week=NEVER))
    rungs.ask(priority)
    rungs.hand("l2")
    assert "nobody is left to ask: it waits, and all of them were told." in climb(rungs)[-1]
    assert {("never_open", each) for each in ("l1", "l2", "l3", "vendor")} <= set(findings(rungs))


@pytest.mark.parametrize("asked", ["l2", "l3"])
def test_a_team_that_was_removed_stops_neither_its_ticket_nor_the_sweep(rungs: Ladder, asked: str) -> None:
    rungs.ask()
    change(rungs, "l3", team_id=new_id(), contacts=(ContactWay(WayKind.ON_DUTY), ContactWay(WayKind.TEAM)))
    rungs.hand(asked)
    team = rungs.ticket.team_id
    climb(rungs)
    assert (nodes(rungs), rungs.ticket.team_id) == ([asked, "vendor"], team)
    assert ("unknown_team", "l3") in findings(rungs)


def test_a_vendor_that_was_removed_is_not_waited_for(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand("l3")
    store_all(rungs, delete(Vendor))
    told = climb(rungs)
    assert nodes(rungs) == ["l3", "vendor"]
    assert "Nobody could be asked at “Ledgerline” and nobody is left to ask" in told[-1]
    assert rungs.ticket.row.status != "waiting_vendor"
    assert ("no_vendor", "vendor") in findings(rungs)


def test_a_team_of_which_everybody_is_away_is_a_gap_of_the_tree(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand("l2")
    assert findings(rungs) == []
    now = rungs.desk.clock.now()
    store_all(rungs, update(Agent).values(away_from=now, away_until=now + timedelta(days=2)))
    assert {("gap", "l2"), ("gap", "l3"), ("gap", "boss")} <= set(findings(rungs))
    assert any("Nobody is on duty at “Development”" in each for each in climb(rungs))
    rungs.desk.clock.forward(days=2)
    assert findings(rungs) == []


def test_a_rotation_without_members_is_a_gap_and_the_whole_team_is_asked(rungs: Ladder) -> None:
    change(rungs, "l2", contacts=(ContactWay(WayKind.ON_DUTY), ContactWay(WayKind.TEAM)))
    row = {"team_id": rungs.teams["Application Support"].id, "name": "Empty", "zone": "UTC", "unit": "week"}
    row |= {"starts_on": "2020-03-02", "hand_over": 0, "members": [], "week": []}
    store_all(rungs, insert(DutyRotation).values(id=new_id(), **row))
    rungs.ask()
    rungs.hand("l2")
    assert rungs.asked() == [("Application Support", "nobody"), ("Application Support", "pending")]
    assert ("gap", "l2") in findings(rungs)


@pytest.mark.parametrize("zone", ["Mars/Olympus", ""])
def test_hours_that_nobody_can_count_are_told_of_and_keep_nobody_waiting(rungs: Ladder, zone: str) -> None:
    change(rungs, "l2", calendar_id=calendar(rungs, zone=zone, week=NEVER) if zone else new_id())
    rungs.ask()
    rungs.hand("l2")
    assert rungs.asked() == [("Ann", "pending")]
    assert ("no_hours", "l2") in findings(rungs)


def test_a_calendar_that_a_step_goes_by_is_not_removed(rungs: Ladder) -> None:
    office = calendar(rungs)
    change(rungs, "l3", calendar_id=office)
    with pytest.raises(KnownError) as refused:
        remove_calendar(rungs.desk.database, SYSTEM, office)
    assert refused.value.code == "calendar.in_use"
    change(rungs, "l3", calendar_id=None)
    remove_calendar(rungs.desk.database, SYSTEM, office)
