"""Texts that are written again and again belong to one person, a team or everybody."""

from dataclasses import replace

import pytest

from app.models.errors import KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.canned import Canned
from app.models.records.desk import Actor, ActorKind, Level, Role
from app.services import canned, staff
from app.services.database import Database
from tests.fixtures.databases import SYSTEM, add_team


@pytest.fixture
def lena(database: Database) -> Actor:
    return person(database, "Lena", Role.AGENT, "Service Desk")


@pytest.fixture
def sam(database: Database) -> Actor:
    return person(database, "Sam", Role.SUPERVISOR, "Infrastructure")


def person(database: Database, name: str, role: Role, team_name: str) -> Actor:
    team = add_team(database, team_name, Level.L1)
    added = staff.add_agent(database, SYSTEM, name, f"{name.lower()}@desk.example", role, [team.id])
    return Actor(ActorKind.AGENT, name, added.id, role, "desk-1", frozenset({team.id}))


def a_reply(name: str = "Reset", shortcut: str = "", **whose: object) -> Canned:
    return Canned(new_id(), name, shortcut, "<p>Hello</p>", **whose)  # type: ignore[arg-type]


def names(database: Database, actor: Actor) -> list[str]:
    return [each.name for each in canned.canned(database, actor)]


def test_everyone_sees_their_own_their_teams_and_those_for_all(database: Database, lena: Actor, sam: Actor) -> None:
    (desk,), (infrastructure,) = lena.teams, sam.teams
    canned.save(database, sam, a_reply("all"))
    canned.save(database, sam, a_reply("desk", team_id=desk))
    canned.save(database, sam, a_reply("infrastructure", team_id=infrastructure))
    canned.save(database, sam, a_reply("sam", agent_id=sam.id))
    canned.save(database, lena, a_reply("lena", agent_id=lena.id))
    assert names(database, lena) == ["all", "desk", "lena"]
    assert names(database, sam) == ["all", "desk", "infrastructure", "sam"]


def test_an_agent_changes_no_shared_text(database: Database, lena: Actor, sam: Actor) -> None:
    shared = a_reply()
    canned.save(database, sam, shared)
    for change in (
        lambda: canned.save(database, lena, replace(shared, name="x")),
        lambda: canned.save(database, lena, replace(shared, agent_id=lena.id)),
        lambda: canned.remove(database, lena, shared.id),
        lambda: canned.save(database, lena, a_reply()),
    ):
        with pytest.raises(NotAllowed):
            change()
    assert names(database, lena) == ["Reset"]


def test_a_supervisor_does_not_take_over_what_is_anothers_own(database: Database, lena: Actor, sam: Actor) -> None:
    own = a_reply(agent_id=lena.id)
    canned.save(database, lena, own)
    with pytest.raises(NotAllowed):
        canned.save(database, sam, replace(own, agent_id=None))


def test_a_shortcut_means_one_text(database: Database, sam: Actor) -> None:
    first = a_reply("First", "/pw")
    canned.save(database, sam, first)
    canned.save(database, sam, replace(first, name="First again"))
    with pytest.raises(KnownError) as told:
        canned.save(database, sam, a_reply("Second", "pw"))
    assert told.value.facts == {"shortcut": "pw", "name": "First again"}
    assert [each.shortcut for each in canned.canned(database, sam)] == ["pw"]


def test_a_text_needs_a_name_and_can_be_removed_twice(database: Database, sam: Actor) -> None:
    with pytest.raises(KnownError):
        canned.save(database, sam, a_reply(" "))
    one = a_reply()
    canned.save(database, sam, one)
    canned.remove(database, sam, one.id)
    canned.remove(database, sam, one.id)
    assert names(database, sam) == []
