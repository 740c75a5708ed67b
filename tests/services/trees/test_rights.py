"""Trees are read by all and arranged by supervisors, whatever the program says."""

from datetime import UTC, datetime

import psycopg
import pytest

from app.models.errors import KnownError, NotAllowed
from app.models.records.tickets import Priority
from app.models.records.trees import TicketFacts
from app.services import staff
from app.services.escalation.simulating import simulate
from app.services.trees import store
from app.services.trees.telling import tell
from tests.fixtures.people import SharedDesk

AT = datetime(2026, 3, 3, 10, tzinfo=UTC)


def test_everybody_may_look_and_simulate_and_supervisors_arrange(any_desk: SharedDesk) -> None:
    shop = next(each.id for each in staff.applications(any_desk.owner) if each.name == "Shop")
    database, ann = any_desk.as_("ann")
    assert tell(database, shop, AT, any_desk.tickets["mine"]).way
    assert simulate(database, shop, TicketFacts(Priority.P1), AT).calls
    tree, _ = store.of_application(database, shop)
    with pytest.raises(NotAllowed):
        store.save(database, ann, tree)
    theirs, sue = any_desk.as_("sue")
    saved = store.save(theirs, sue, tree)
    assert store.of_application(database, shop) == (saved, False)
    store.remove(theirs, sue, saved)
    assert store.of_application(database, shop)[1]


def test_the_way_of_a_ticket_that_is_not_for_them_is_not_told(any_desk: SharedDesk) -> None:
    salaries = next(each.id for each in staff.applications(any_desk.owner) if each.name == "Salaries")
    database, _ = any_desk.as_("ann")
    with pytest.raises(KnownError, match=r"ticket\.gone"):
        tell(database, salaries, AT, any_desk.tickets["hidden"])
    theirs, _ = any_desk.as_("pia")
    assert tell(theirs, salaries, AT, any_desk.tickets["hidden"]).way


def test_the_database_itself_keeps_agents_from_changing_a_tree(shared_desk: SharedDesk) -> None:
    shop = next(each.id for each in staff.applications(shared_desk.owner) if each.name == "Shop")
    theirs, sue = shared_desk.as_("sue")
    store.save(theirs, sue, store.of_application(theirs, shop)[0])
    with shared_desk.connect("ann") as connection:
        changed = connection.execute("UPDATE escalation_tree SET version = 9")
        assert changed.rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "INSERT INTO escalation_tree (id, name, content, version, changed_at)"
                " VALUES (gen_random_uuid(), 'x', '{}', 1, now())"
            )
