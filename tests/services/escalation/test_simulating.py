"""Who would be asked when, with names, and nothing changed by asking."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from app.models.records.tickets import Priority
from app.models.records.trees import TicketFacts
from app.models.tables import Agent, Application, Audit, ContactAttempt
from app.services.escalation.simulating import simulate
from tests.fixtures.trees import TreeDesk
from tests.services.trees.test_telling import add_office

SATURDAY = datetime(2026, 3, 7, 3, tzinfo=UTC)


def calls(found: TreeDesk, **facts: str) -> list[tuple[float, str, str, str]]:
    told = simulate(found.database, found.id("Shop"), TicketFacts(Priority.P2, **facts), SATURDAY)
    return [((each.at - SATURDAY) / timedelta(minutes=1), each.node_name, each.who, each.note) for each in told.calls]


def test_a_p2_on_saturday_night_goes_to_who_is_there(tree_desk: TreeDesk) -> None:
    add_office(tree_desk)
    tree_desk.employ("Shop", "Dev", "developer")
    assert calls(tree_desk)[:5] == [
        (0, "Developers", "", "nobody_on_duty"),
        (0, "Developers", "Dev", ""),
        (15, "Developers", "Shop Development", ""),
        (30, "Developers", "", "nobody_on_duty"),
        (30, "Developers", "Dev", ""),
    ]


def test_who_takes_turns_is_asked_first_and_the_next_one_then(tree_desk: TreeDesk) -> None:
    tree_desk.take_turns("Application Support", "Ada", "Dba")
    assert [(who, kind) for _, name, who, kind in calls(tree_desk) if name == "Application support"][:3] == [
        ("Ada", ""),
        ("Dba", ""),
        ("Application Support", ""),
    ]


def test_it_climbs_to_the_vendor_and_then_everybody_knows(tree_desk: TreeDesk) -> None:
    tree_desk.change(Application, "Shop", vendor_id=tree_desk.id("Ledgerline"))
    told = calls(tree_desk)
    names = list(dict.fromkeys(name for _, name, _, _ in told))
    assert names == ["Service desk", "Application support", "Developers", "Vendor"]
    assert ("Vendor", "Ledgerline") in {(name, who) for _, name, who, _ in told}
    assert told[-1][3] == "told_all"


def test_who_was_disabled_is_not_asked(tree_desk: TreeDesk) -> None:
    tree_desk.employ("Shop", "Dev", "developer")
    tree_desk.change(Agent, "Dev", active=False)
    assert "Dev" not in {who for _, _, who, _ in calls(tree_desk)}


def test_simulating_changes_nothing(tree_desk: TreeDesk) -> None:
    def written() -> tuple[int | None, int | None]:
        with tree_desk.database.read() as session:
            count = select(func.count())
            return session.scalar(count.select_from(Audit)), session.scalar(count.select_from(ContactAttempt))

    before = written()
    calls(tree_desk)
    assert written() == before
