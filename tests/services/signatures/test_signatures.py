"""What stands below an answer is its author's team's."""

import pytest

from app.models.errors import NotAllowed
from app.models.records.desk import Actor, ActorKind, Level, Role
from app.services import signatures
from app.services.database import Database
from tests.fixtures.databases import add_team

SAM = Actor(ActorKind.AGENT, "Sam", role=Role.SUPERVISOR)


def test_the_tickets_team_signs_where_one_is_in_it_else_ones_own(database: Database) -> None:
    desk, other, foreign = (add_team(database, name, Level.L1) for name in ("Desk", "Other", "Foreign"))
    for team in (desk, other, foreign):
        signatures.save(database, SAM, team.id, f"{team.name} team")
    lena = Actor(ActorKind.AGENT, "Lena", teams=frozenset({desk.id, other.id}))
    signed = [signatures.of(database, lena, each) for each in (desk.id, other.id, foreign.id, None)]
    assert [each.text for each in signed if each] == ["Desk team", "Other team", "Desk team", "Desk team"]
    signatures.save(database, SAM, desk.id, " ")
    found = signatures.of(database, lena, desk.id)
    assert found is not None
    assert found.text == "Other team"
    assert signatures.of(database, Actor(ActorKind.AGENT, "Eve"), desk.id) is None


def test_only_supervisors_write_them(database: Database) -> None:
    team = add_team(database, "Desk", Level.L1)
    with pytest.raises(NotAllowed):
        signatures.save(database, Actor(ActorKind.AGENT, "Lena", teams=frozenset({team.id})), team.id, "x")
