"""What the shared database itself lets people do to the catalogue, whatever program they use."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from app.models.identifiers import new_id
from app.models.records.applications import Vendor
from app.models.records.calendars import Calendar, Span
from app.models.records.clocks import ClockKind, Target
from app.models.records.tickets import Priority
from app.services import applications
from app.services.sla import arranging, calendars, targets
from tests.fixtures.databases import SYSTEM
from tests.fixtures.people import SharedDesk

OFFICE = ((Span(32_400, 61_200),),) * 5 + ((), ())


def test_a_supervisor_arranges_hours_vendors_and_targets(any_desk: SharedDesk) -> None:
    database, sue = any_desk.as_("sue")
    hours = arranging.save_calendar(database, sue, Calendar(new_id(), "Office", "Europe/Berlin", OFFICE))
    maker = Vendor(new_id(), "Ledgerline", calendar_id=hours.id)
    applications.save_vendor(database, sue, maker)
    shop = next(each for each in applications.listed(database) if each.name == "Shop")
    applications.save(database, sue, replace(shop, calendar_id=hours.id, vendor_id=maker.id), shop)
    promised = Target(new_id(), ClockKind.RESOLUTION, Priority.P3, timedelta(hours=4), shop.id)
    arranging.replace_targets(database, sue, [promised], shop.id)
    assert targets.listed(any_desk.owner) == [promised]
    assert calendars.listed(any_desk.owner) == [hours]
    applications.save(database, sue, shop)
    applications.remove_vendor(database, sue, maker)
    assert applications.vendors(any_desk.owner) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE application SET restricted = false",
        "UPDATE application SET team_id = NULL",
        "UPDATE application SET name = 'x'",
        "DELETE FROM application",
        "INSERT INTO application (id, name, audience, support_model) VALUES (gen_random_uuid(), 'x', 'x', 'x')",
    ],
)
def test_a_supervisor_does_not_open_what_is_restricted(shared_desk: SharedDesk, statement: str) -> None:
    with shared_desk.connect("sue") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE application SET runbook = 'https://elsewhere.example'",
        "UPDATE vendor SET mail = 'me@elsewhere.example'",
        "DELETE FROM vendor",
        "DELETE FROM service_target",
    ],
)
def test_an_agent_changes_nothing_even_by_hand(shared_desk: SharedDesk, statement: str) -> None:
    applications.save_vendor(shared_desk.owner, SYSTEM, Vendor(new_id(), "Ledgerline"))
    with shared_desk.connect("ann") as connection:
        assert connection.execute(statement).rowcount == 0


def test_an_agent_adds_no_vendor_even_by_hand(shared_desk: SharedDesk) -> None:
    add = "INSERT INTO vendor (id, name, contract, mail, phone, portal) VALUES (gen_random_uuid(), 'x', '', '', '', '')"
    with shared_desk.connect("ann") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(add)
