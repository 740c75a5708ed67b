"""Who changes what is promised may not see every ticket; the sweep sets the clocks of the others."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.models.identifiers import new_id
from app.models.records.clocks import ClockKind, Target
from app.models.records.tickets import Priority
from app.models.tables import TicketClock
from app.services.database import Work
from app.services.sla import arranging
from app.services.sla.following import Following
from app.services.sla.keeping import keep_all
from app.services.sla.sweeping import Sweep
from tests.fixtures.databases import SYSTEM
from tests.fixtures.people import SharedDesk

HOUR = timedelta(hours=1)


@pytest.fixture
def clocked(any_desk: SharedDesk) -> SharedDesk:
    """All tickets have a clock that sees them solved within a day."""
    promise(any_desk, "tom", 24 * HOUR)
    with any_desk.owner.write(SYSTEM) as work:
        keep_all(work, set(any_desk.tickets.values()))
    return any_desk


def promise(desk: SharedDesk, who: str, within: timedelta) -> None:
    database, actor = desk.as_(who)
    arranging.replace_targets(database, actor, [Target(new_id(), ClockKind.RESOLUTION, Priority.P3, within)])


def budget(desk: SharedDesk, ticket_id: UUID) -> timedelta:
    with desk.owner.read() as session:
        kept = select(TicketClock).where(
            TicketClock.ticket_id == ticket_id, TicketClock.kind == ClockKind.RESOLUTION.value
        )
        clock = session.scalars(kept).one()
        assert clock.due_at is not None
        return clock.due_at - clock.started_at


def test_what_a_supervisor_promises_holds_for_tickets_that_are_hidden_from_them(clocked: SharedDesk) -> None:
    sweep = Sweep(clocked.owner, SYSTEM, "desk-1", (Following(clocked.owner),))
    sweep.run()
    promise(clocked, "sue", 2 * HOUR)
    assert budget(clocked, clocked.tickets["free"]) == 2 * HOUR
    assert budget(clocked, clocked.tickets["hidden"]) == 24 * HOUR
    sweep.run()
    assert budget(clocked, clocked.tickets["hidden"]) == 2 * HOUR


def test_what_was_changed_before_the_sweep_began_is_made_up_for(clocked: SharedDesk) -> None:
    promise(clocked, "sue", 2 * HOUR)
    Sweep(clocked.owner, SYSTEM, "desk-2", (Following(clocked.owner),)).run()
    assert budget(clocked, clocked.tickets["hidden"]) == 2 * HOUR


def test_where_nothing_was_changed_there_is_nothing_to_do(clocked: SharedDesk) -> None:
    following = Following(clocked.owner)
    assert step(clocked, following) == 1
    assert step(clocked, following) == 0
    promise(clocked, "sue", 2 * HOUR)
    assert step(clocked, following) == 1
    assert step(clocked, following) == 0


def test_a_write_that_fails_is_done_again(clocked: SharedDesk) -> None:
    following = Following(clocked.owner)
    promise(clocked, "sue", 2 * HOUR)
    with pytest.raises(RuntimeError), clocked.owner.write(SYSTEM) as work:
        following(work)
        raise RuntimeError
    assert budget(clocked, clocked.tickets["hidden"]) == 24 * HOUR
    assert step(clocked, following) == 1
    assert budget(clocked, clocked.tickets["hidden"]) == 2 * HOUR


def step(desk: SharedDesk, following: Following) -> int:
    work: Work
    with desk.owner.write(SYSTEM) as work:
        return following(work)
