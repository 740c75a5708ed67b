"""Swarms keep their owner; a major incident is told to everybody at once."""

from datetime import timedelta

import pytest

from app.models.errors import Conflict, KnownError
from app.models.records.desk import Role
from app.models.records.incidents import Told
from app.models.records.tickets import LinkKind
from app.services import mentions, oncall, staff
from app.services.escalation import incident, swarm
from app.services.tickets import mending
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import eml
from tests.services.escalation.desk import Ladder


def test_whoever_is_pulled_in_hears_of_it_and_the_owner_stays(rungs: Ladder) -> None:
    ticket = rungs.ask()
    swarm.pull_in(rungs.desk.database, rungs.desk.agent, ticket, rungs.people["Cid"].id, "SQL")
    assert [(each.name, each.skill) for each in swarm.members(rungs.desk.database, ticket)] == [("Cid", "SQL")]
    assert [each.number for each in mentions.unseen(rungs.desk.database, rungs.people["Cid"].id)] == [1]
    assert rungs.ticket.owner_id == rungs.desk.agent.id
    swarm.leave(rungs.desk.database, rungs.actor("Cid"), ticket, rungs.people["Cid"].id)
    assert swarm.members(rungs.desk.database, ticket) == ()


def test_asking_in_is_not_taken_back_once_they_left(rungs: Ladder) -> None:
    ticket = rungs.ask()
    asked = swarm.pull_in(rungs.desk.database, rungs.desk.agent, ticket, rungs.people["Cid"].id)
    swarm.leave(rungs.desk.database, rungs.actor("Cid"), ticket, rungs.people["Cid"].id)
    with pytest.raises(Conflict):
        mending.undo(rungs.desk.database, rungs.desk.agent, asked)


def test_a_sixth_is_refused(rungs: Ladder) -> None:
    ticket = rungs.ask()
    crowd = [
        staff.add_agent(rungs.desk.database, SYSTEM, f"P{each}", f"p{each}@desk.example", Role.AGENT, [])
        for each in range(6)
    ]
    for each in crowd[:5]:
        swarm.pull_in(rungs.desk.database, rungs.desk.agent, ticket, each.id)
    with pytest.raises(KnownError, match=r"swarm\.full"):
        swarm.pull_in(rungs.desk.database, rungs.desk.agent, ticket, crowd[5].id)
    left = swarm.leave(rungs.desk.database, rungs.desk.agent, ticket, crowd[0].id)
    assert left is not None
    swarm.pull_in(rungs.desk.database, rungs.desk.agent, ticket, crowd[5].id)
    with pytest.raises(KnownError, match=r"swarm\.full"):  # nor comes one back by an undo
        mending.undo(rungs.desk.database, rungs.desk.agent, left)


def test_who_planned_to_be_away_is_not_offered(rungs: Ladder) -> None:
    ticket, now, database = rungs.ask(), rungs.desk.clock.now(), rungs.desk.database
    oncall.add_absence(database, SYSTEM, rungs.people["Cid"].id, now, now + timedelta(hours=1))
    assert "Cid" not in {each.name for each in swarm.offers(database, ticket)}
    rungs.desk.clock.forward(hours=1)
    assert "Cid" in {each.name for each in swarm.offers(database, ticket)}


def test_who_is_in_already_is_not_offered_again(rungs: Ladder) -> None:
    ticket = rungs.ask()
    assert "Ann" in {each.name for each in swarm.offers(rungs.desk.database, ticket)}
    swarm.pull_in(rungs.desk.database, rungs.desk.agent, ticket, rungs.people["Ann"].id)
    assert "Ann" not in {each.name for each in swarm.offers(rungs.desk.database, ticket)}
    with pytest.raises(KnownError, match=r"swarm\.inside"):
        swarm.pull_in(rungs.desk.database, rungs.desk.agent, ticket, rungs.people["Ann"].id)


def test_one_update_reaches_whoever_asked_each_from_their_own_ticket(rungs: Ladder) -> None:
    parent = rungs.ask()
    for number in (2, 3):
        rungs.desk.receive(eml("Tills down", sender=f"p{number}@acme.example", mail_id=f"{number}@acme.example"))
    children = [rungs.desk.ticket(each).row.id for each in (2, 3)]
    with pytest.raises(KnownError, match=r"incident\.not_major"):
        incident.add(rungs.desk.database, rungs.desk.agent, parent, children)
    incident.declare(rungs.desk.database, rungs.desk.agent, parent)
    assert incident.view(rungs.desk.database, parent).parts == 0
    added = incident.add(rungs.desk.database, rungs.desk.agent, parent, children)
    assert [each.number for each in added] == [2, 3]
    assert incident.add(rungs.desk.database, rungs.desk.agent, parent, children) == ()
    seen = incident.view(rungs.desk.database, parent)
    assert (seen.major, seen.parts, seen.open_parts, seen.reached, seen.unreached) == (True, 2, 2, 3, ())
    assert [each.number for each in incident.view(rungs.desk.database, children[0]).above] == [1]
    assert {each.kind for each in rungs.ticket.links} == {LinkKind.CHILD}
    assert incident.update_all(rungs.desk.database, rungs.desk.agent, parent, "We are on it.") == Told(3, ())
    assert [rungs.desk.ticket(each).row.due_at for each in (1, 2, 3)] == [None] * 3
    rungs.desk.round()
    told = {to for each in rungs.desk.channel.sent for to in each.recipients}
    assert {"p2@acme.example", "p3@acme.example", "anna@acme.example"} <= told
