"""The demo desk is arranged: every application has a way up, and somebody is there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.models.records.queue import QueueFilter
from app.models.records.tickets import Priority, Status
from app.models.records.trees import TicketFacts
from app.services import applications
from app.services.database import Database
from app.services.escalation.simulating import simulate
from app.services.sample import add_history, arrange_sample, fill_with_sample
from app.services.tickets import queue
from app.services.trees.telling import tell
from tests.fixtures.databases import SYSTEM

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 3, tzinfo=UTC)


@pytest.fixture
def demo(database: Database, tmp_path: Path) -> Database:
    fill_with_sample(database, SYSTEM, tmp_path / "mailbox")
    arrange_sample(database, SYSTEM)
    return database


def test_every_application_has_a_tree_with_people(demo: Database) -> None:
    views = {each.name: tell(demo, each.id, MONDAY) for each in applications.listed(demo)}
    assert len(views) == 5
    assert [name for name, each in views.items() if not each.inherited] == ["Payments API"]
    codes = {(name, found.code, found.node) for name, each in views.items() for found in each.findings}
    assert {code for _, code, _ in codes} == {"gap"}
    assert ("Payments API", "gap", "payments") in codes


def test_a_p2_on_saturday_night_finds_somebody(demo: Database) -> None:
    payments = next(each for each in applications.listed(demo) if each.name == "Payments API")
    found = simulate(demo, payments.id, TicketFacts(Priority.P2, "payments"), SATURDAY)
    asked = [each.who for each in found.calls if each.kind.value == "on_duty"]
    assert asked
    assert all(asked)


def test_the_past_of_the_desk_goes_by_its_hours(demo: Database) -> None:
    add_history(demo, SYSTEM)
    tickets = queue.page(demo, QueueFilter(open=None), 100)
    assert {each.status for each in tickets} >= {Status.OPEN, Status.SOLVED}
