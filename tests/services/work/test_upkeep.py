"""Old changes, dead leases and closed windows do not pile up, and the audit is sealed."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from app.models.errors import Conflict
from app.models.identifiers import new_id
from app.models.tables import Change, Lease, Presence
from app.services import audit, staff
from app.services.database import Database, leases
from app.services.work.upkeep import KEPT, Upkeep
from tests.fixtures.databases import SYSTEM, SettableClock


def count(database: Database, table: type) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def fill(database: Database) -> None:
    """Ten thousand leases of desks that are gone, and as many changes."""
    agent = staff.add_first_agent(database, SYSTEM).id
    with database.write(SYSTEM) as work:
        gone = {"holder": "gone", "fence": 1, "expires_at": work.now}
        work.session.execute(insert(Lease), [{"name": f"channel/{each}", **gone} for each in range(10_000)])
        told = {"transaction": 0, "at": work.now, "topic": "ticket", "subject_id": ""}
        work.session.execute(insert(Change), [told] * 10_001)
        window = {"session": new_id(), "agent_id": agent, "typing": False, "seen_at": work.now}
        work.session.execute(insert(Presence).values(**window))


def test_what_is_old_goes_and_what_is_young_stays(database: Database, clock: SettableClock) -> None:
    fill(database)
    upkeep = Upkeep(database, SYSTEM, "here")
    upkeep.run()
    assert count(database, Change) == 10_002
    clock.forward(seconds=(KEPT + timedelta(hours=1)).total_seconds())
    with database.write(SYSTEM) as work:
        work.changed("ticket", "young")
    upkeep.run()
    assert (count(database, Change), count(database, Presence)) == (1, 0)
    assert count(database, Lease) <= 2  # those it takes itself
    assert audit.verify(database).waiting == 0


def test_thousands_of_dead_leases_stand_in_nobodys_way(database: Database, clock: SettableClock) -> None:
    fill(database)
    clock.forward(seconds=1)
    assert leases.take(database, SYSTEM, "channel/7", "here", timedelta(seconds=30)) is not None


def test_one_desk_does_it_at_a_time(database: Database, clock: SettableClock) -> None:
    fill(database)
    clock.forward(days=8)
    assert leases.take(database, SYSTEM, "upkeep", "there", timedelta(seconds=60)) is not None
    Upkeep(database, SYSTEM, "here").run()
    assert count(database, Change) == 10_002


def test_a_lease_that_was_lost_while_we_slept_is_no_trouble(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise Conflict("lease.lost", name="audit")

    fill(database)
    monkeypatch.setattr(leases, "require", lost)
    Upkeep(database, SYSTEM, "here").run()
    assert audit.verify(database).sealed == 0
