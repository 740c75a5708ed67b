"""Rotations are kept, overridden and swapped by those who may, on both engines."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.models.errors import Conflict, KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.desk import Actor, ActorKind, Agent, Level, Role, Team
from app.models.records.on_call import Override, Rotation, ShiftUnit
from app.services import oncall, staff
from app.services.database import Database
from app.services.oncall.noticing import hand_overs
from app.services.staff import away
from tests.fixtures.databases import SYSTEM, add_team

SINCE = datetime(2026, 3, 3, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def person(database: Database, name: str, team: Team) -> Agent:
    return staff.add_agent(database, SYSTEM, name, f"{name.lower()}@desk.example", Role.AGENT, [team.id])


def acting(agent: Agent) -> Actor:
    return Actor(ActorKind.AGENT, agent.name, agent.id, agent.role, "desk-1", frozenset(agent.teams))


@pytest.fixture
def team(database: Database) -> Team:
    return add_team(database, "Application Support", Level.L2)


@pytest.fixture
def people(database: Database, team: Team) -> tuple[Agent, Agent]:
    return person(database, "Ann", team), person(database, "Bob", team)


@pytest.fixture
def rotation(database: Database, team: Team, people: tuple[Agent, Agent]) -> Rotation:
    members = tuple(each.id for each in people)
    new = Rotation(new_id(), team.id, "Primary", "UTC", ShiftUnit.DAY, date(2026, 3, 2), members=members)
    return oncall.save_rotation(database, SYSTEM, new)


def test_a_rotation_is_read_as_it_was_saved(database: Database, team: Team, rotation: Rotation) -> None:
    assert oncall.rotations(database, team.id) == [rotation]
    changed = oncall.save_rotation(database, SYSTEM, replace(rotation, name="Second", every=2))
    assert oncall.rotations(database, team.id) == [changed]


def test_who_saves_what_another_changed_meanwhile_is_told(database: Database, rotation: Rotation) -> None:
    oncall.save_rotation(database, SYSTEM, replace(rotation, name="Second"))
    with pytest.raises(Conflict, match=r"oncall\.overtaken"):
        oncall.save_rotation(database, SYSTEM, replace(rotation, name="Third"))


def test_a_rotation_of_nobody_is_refused(database: Database, rotation: Rotation) -> None:
    with pytest.raises(KnownError, match=r"oncall\.no_members"):
        oncall.save_rotation(database, SYSTEM, replace(rotation, members=()))


def test_an_agent_arranges_no_rotation_but_gives_away_a_shift_of_theirs(
    database: Database, team: Team, rotation: Rotation, people: tuple[Agent, Agent]
) -> None:
    ann, bob = people
    with pytest.raises(NotAllowed):
        oncall.save_rotation(database, acting(ann), replace(rotation, name="Mine"))
    on_duty = oncall.duty_of(database, team.id, SINCE).agent_id
    assert on_duty == ann.id
    given = Override(new_id(), team.id, bob.id, SINCE, SINCE + DAY, instead_of=ann.id)
    oncall.override(database, acting(ann), given)
    assert oncall.duty_of(database, team.id, SINCE).agent_id == bob.id
    oncall.remove_override(database, acting(bob), given.id)
    assert oncall.duty_of(database, team.id, SINCE).agent_id == ann.id


def test_who_does_not_serve_the_team_puts_themself_on_no_duty_of_it(
    database: Database, team: Team, rotation: Rotation, people: tuple[Agent, Agent]
) -> None:
    elsewhere = person(database, "Eve", add_team(database, "Facilities", Level.L2))
    mine = Override(new_id(), team.id, elsewhere.id, SINCE, SINCE + DAY, instead_of=people[0].id)
    with pytest.raises(NotAllowed, match=r"not_allowed\.other_duty"):
        oncall.override(database, acting(elsewhere), mine)
    oncall.save_rotation(database, SYSTEM, replace(rotation, members=(*rotation.members, elsewhere.id)))
    oncall.override(database, acting(elsewhere), mine)
    assert oncall.duty_of(database, team.id, SINCE).agent_id == elsewhere.id


def test_two_swap_their_days(database: Database, team: Team, rotation: Rotation, people: tuple[Agent, Agent]) -> None:
    ann, bob = people
    given = Override(new_id(), team.id, bob.id, SINCE, SINCE + DAY, instead_of=ann.id)
    taken = Override(new_id(), team.id, ann.id, SINCE + DAY, SINCE + 2 * DAY, instead_of=bob.id)
    oncall.swap(database, acting(ann), given, taken)
    assert [oncall.duty_of(database, team.id, SINCE + each * DAY).agent_id for each in (0, 1)] == [bob.id, ann.id]


def test_a_swap_that_takes_a_shift_of_somebody_else_is_refused(
    database: Database, team: Team, rotation: Rotation, people: tuple[Agent, Agent]
) -> None:
    ann, bob = people
    cid = person(database, "Cid", team)
    given = Override(new_id(), team.id, bob.id, SINCE, SINCE + DAY, instead_of=ann.id)
    taken = Override(new_id(), team.id, cid.id, SINCE + DAY, SINCE + 2 * DAY, instead_of=bob.id)
    with pytest.raises(KnownError, match=r"oncall\.no_swap"):
        oncall.swap(database, acting(ann), given, taken)
    mirrored = replace(taken, agent_id=ann.id)
    with pytest.raises(NotAllowed):
        oncall.swap(database, acting(cid), given, mirrored)
    assert oncall.duty_of(database, team.id, SINCE).agent_id == ann.id


@pytest.mark.parametrize("broken", [{"every": 0}, {"unit": ShiftUnit.MONTH, "every": 13}, {"starts_on": date(1, 1, 1)}])
def test_a_rotation_that_cannot_turn_is_refused(
    database: Database, rotation: Rotation, broken: dict[str, object]
) -> None:
    with pytest.raises(KnownError, match=r"oncall\.bad_turn"):
        oncall.save_rotation(database, SYSTEM, replace(rotation, **broken))  # type: ignore[arg-type]


def test_a_hand_over_at_the_very_end_of_a_look_is_told_once(
    database: Database, team: Team, rotation: Rotation, people: tuple[Agent, Agent]
) -> None:
    ann = people[0].id
    change = oncall.duty_of(database, team.id, SINCE).until
    assert change is not None
    assert [each.at for each in hand_overs(database, ann, change - DAY / 4, change)] == [change]
    assert hand_overs(database, ann, change, change + DAY / 4) == []


def test_who_says_they_are_away_is_not_on_duty(
    database: Database, team: Team, rotation: Rotation, people: tuple[Agent, Agent]
) -> None:
    ann, bob = people
    away.set_away(database, acting(ann), ann.id, None)
    duty = oncall.duty_of(database, team.id, SINCE)
    assert (duty.agent_id, duty.instead_of) == (bob.id, ann.id)


def test_an_event_that_is_read_again_is_one_absence(
    database: Database, team: Team, rotation: Rotation, people: tuple[Agent, Agent]
) -> None:
    ann, bob = people
    for hours in (1, 30):
        oncall.add_absence(database, acting(ann), ann.id, SINCE, SINCE + hours * timedelta(hours=1), uid="x@cal")
    assert oncall.duty_of(database, team.id, SINCE + timedelta(hours=2)).agent_id == bob.id
