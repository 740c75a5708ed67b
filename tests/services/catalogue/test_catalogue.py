"""The catalogue as one file: taken in whole or not at all, and written out the same."""

from datetime import date, timedelta

import pytest

from app.models.errors import KnownError, NotAllowed
from app.models.records.applications import Criticality
from app.models.records.calendars import Closure, Span
from app.models.records.desk import Actor, ActorKind, Role
from app.services import applications, staff
from app.services.catalogue import apply_catalogue, write_catalogue
from app.services.database import Database
from app.services.sla import calendars, targets
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


ARRANGED = (
    FILE
    + """
[[agent]]
name = "Kim"
mail = "kim@desk.example"

[[organisation]]
name = "Acme"
domain = "acme.example"

[[calendar]]
name = "Office"
zone = "Europe/Berlin"
country = "DE"
region = "BE"
days = ["2026-12-24 09:00-12:00", "2026-12-27..2026-12-31 Stocktaking"]
week = { monday = "09:00-12:00, 13:00-17:30", friday = "22:00-06:00" }

[[vendor]]
name = "Ledgerline"
contract = "L-7"
mail = "help@ledgerline.example"
calendar = "Office"

[[application]]
name = "Closing"
audience = "internal"
kind = "accounting"
criticality = 1
calendar = "Office"
vendor = "Ledgerline"
runbook = "https://wiki.example/closing"
developer = ["kim@desk.example"]
dba = ["Lena@desk.example", "kim@desk.example"]

[[target]]
clock = "first_response"
priority = 1
within = "15m"

[[target]]
clock = "resolution"
priority = 2
within = "4h30m"
application = "Closing"
organisation = "acme.example"
calendar = "Office"
"""
)


def test_hours_vendors_cards_and_targets_are_taken_in_and_written_out(database: Database) -> None:
    apply_catalogue(database, SYSTEM, ARRANGED)
    card = next(each for each in applications.listed(database) if each.name == "Closing")
    office = calendars.listed(database)[0]
    assert (card.calendar_id, len(card.people), card.criticality) == (office.id, 3, Criticality.MISSION)
    assert office.closures == (Closure(date(2026, 12, 27), date(2026, 12, 31), "Stocktaking"),)
    assert office.special == {date(2026, 12, 24): (Span(9 * 3600, 12 * 3600),)}
    assert office.week[4] == (Span(22 * 3600, 30 * 3600),)
    assert {each.within for each in targets.listed(database)} == {timedelta(minutes=15), timedelta(hours=4.5)}
    written = write_catalogue(database)
    apply_catalogue(database, SYSTEM, written)
    assert write_catalogue(database) == written
    assert calendars.listed(database) == [office]


def test_what_a_file_does_not_say_of_an_application_stays(database: Database) -> None:
    apply_catalogue(database, SYSTEM, ARRANGED)
    before = applications.listed(database)
    plain = 'audience = "internal"\n'
    apply_catalogue(database, SYSTEM, FILE + f'[[application]]\nname = "Closing"\n{plain}')
    assert applications.listed(database) == before
    assert len(targets.listed(database)) == 2
    apply_catalogue(database, SYSTEM, f'[[application]]\nname = "Closing"\n{plain}dba = []\nrunbook = ""\n')
    card = next(each for each in applications.listed(database) if each.name == "Closing")
    assert (len(card.people), card.runbook) == (1, "")


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("13:00-17:30", "11:00-17:30", "hours.overlap"),
        ("Europe/Berlin", "Europe/Atlantis", "calendar.no_zone"),
        ('region = "BE"', 'region = "XX"', "calendar.no_region"),
        ("https://wiki", "wiki", "application.bad_runbook"),
        ("help@ledgerline", "help-ledgerline", "vendor.bad_mail"),
        ('organisation = "acme.example"', 'organisation = "b.example"', "catalogue.unknown_name"),
        ('within = "15m"', 'within = "soon"', "catalogue.broken"),
        ('within = "15m"', 'within = "0m"', "target.not_positive"),
        ("2026-12-24 09", "2026-13-24 09", "days.unreadable"),
    ],
)
def test_hours_and_promises_that_cannot_be_are_refused_whole(
    database: Database, right: str, wrong: str, code: str
) -> None:
    with pytest.raises(KnownError) as refused:
        apply_catalogue(database, SYSTEM, ARRANGED.replace(right, wrong))
    assert refused.value.code == code
    assert applications.listed(database) == []
