"""The catalogue as one file: taken in whole or not at all, and written out the same."""

import pytest

from app.models.errors import KnownError, NotAllowed
from app.models.records.desk import Actor, ActorKind, Role
from app.services import staff
from app.services.catalogue import apply_catalogue, write_catalogue
from app.services.database import Database
from tests.fixtures.databases import SYSTEM

FILE = """
[[team]]
name = "Desk"
level = 1

[[agent]]
name = "Lena"
mail = "Lena@desk.example"
teams = ["Desk"]

[[application]]
name = "Portal"
audience = "customer"
team = "Desk"

[[rule]]
name = "portal"
conditions = { words = ["portal"], senders = ["@acme.example"] }
application = "Portal"
priority = 2
"""


def test_what_is_written_out_can_be_taken_in_and_is_the_same(database: Database) -> None:
    apply_catalogue(database, SYSTEM, FILE)
    written = write_catalogue(database)
    apply_catalogue(database, SYSTEM, written)
    assert write_catalogue(database) == written
    assert [(each.name, each.mail, len(each.teams)) for each in staff.agents(database)] == [
        ("Lena", "lena@desk.example", 1)
    ]


def test_who_leads_a_team_and_what_people_can_do_is_kept_until_the_file_says_otherwise(database: Database) -> None:
    led = FILE.replace("level = 1", 'level = 1\nmanager = "LENA@desk.example"')
    apply_catalogue(database, SYSTEM, led.replace('teams = ["Desk"]', 'teams = ["Desk"]\nskills = ["sql"]'))
    apply_catalogue(database, SYSTEM, FILE)
    written = write_catalogue(database)
    assert 'manager = "lena@desk.example"' in written
    assert 'skills = ["sql"]' in written
    with pytest.raises(KnownError, match=r"max@desk\.example"):
        apply_catalogue(database, SYSTEM, led.replace("LENA", "max"))


def test_a_change_is_taken_in_by_name_and_rules_are_replaced(database: Database) -> None:
    apply_catalogue(database, SYSTEM, FILE)
    apply_catalogue(database, SYSTEM, FILE.replace("level = 1", "level = 2").replace('name = "portal"', 'name = "new"'))
    assert [each.level for each in staff.teams(database)] == [2]
    assert write_catalogue(database).count("[[rule]]") == 1
    assert 'name = "new"' in write_catalogue(database)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (FILE.replace("level = 1", "level = 7"), "team 1 level"),
        (FILE.replace("words", "wrods"), "rule 1 conditions wrods"),
        (FILE + "[", "TOML"),
        (FILE.replace('team = "Desk"', 'team = "Nowhere"'), "Nowhere"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_taken_in(database: Database, wrong: str, told: str) -> None:
    with pytest.raises(KnownError) as refused:
        apply_catalogue(database, SYSTEM, wrong)
    assert told in str(refused.value.facts.values())
    assert staff.teams(database) == []


def test_only_an_administrator_may(database: Database) -> None:
    with pytest.raises(NotAllowed):
        apply_catalogue(database, Actor(ActorKind.AGENT, "Lena", role=Role.SUPERVISOR), FILE)
