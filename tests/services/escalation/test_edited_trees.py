"""A tree that is edited, or broken, while a ticket climbs it: the ticket goes on by what is left, and says so."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import update

from app.models.records.handoffs import HandoffState
from app.models.records.tickets import MessageKind
from app.models.records.trees import Edge
from app.models.tables import EscalationTree
from app.services.trees import store
from tests.fixtures.databases import SYSTEM
from tests.services.escalation.desk import Ladder


def take_out(made: Ladder, key: str, *more: Edge) -> None:
    now, _ = store.of_application(made.desk.database, made.application_id)
    nodes = tuple(each for each in now.nodes if each.key != key)
    edges = tuple(each for each in now.edges if key not in (each.source, each.target))
    store.save(made.desk.database, SYSTEM, replace(now, nodes=nodes, edges=(*more, *edges)))


def nodes(made: Ladder) -> list[str]:
    return [each.node for each in made.steps]


def events(made: Ladder) -> list[str]:
    return [each.text for each in made.ticket.messages if each.kind is MessageKind.EVENT]


@pytest.mark.parametrize(
    ("at", "gone", "left", "came_by", "told"),
    [
        ("l2", "l2", (Edge("l1", "l3"),), ["l2", "l3", "vendor"], "“Application Support” is no step of the tree"),
        ("l2", "l3", (Edge("l2", "vendor"),), ["l2", "vendor"], "it went on to “Ledgerline”"),
        ("l3", "l3", (Edge("l2", "vendor"),), ["l3", "l2", "vendor"], "“Development” is no step of the tree"),
    ],
)  # fmt: skip
def test_where_a_step_was_taken_out_it_goes_on_by_the_tree_as_it_is_now(
    rungs: Ladder, at: str, gone: str, left: Sequence[Edge], came_by: list[str], told: str
) -> None:
    rungs.ask()
    rungs.hand(at)
    take_out(rungs, gone, *left)
    for _ in range(8):
        rungs.sweep(minutes=15)
    assert nodes(rungs) == came_by
    assert any(told in each for each in events(rungs))


def test_a_step_taken_out_after_another_was_asked_in_vain_is_followed_from_that_one(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand("l2")
    for _ in range(2):
        rungs.sweep(minutes=15)
    assert rungs.step.node == "l3"
    take_out(rungs, "l3", Edge("l2", "vendor"))
    rungs.sweep(minutes=15)
    assert nodes(rungs) == ["l2", "l3", "vendor"]


def test_a_tree_that_broke_holds_up_no_ticket_and_no_sweep(rungs: Ladder) -> None:
    rungs.ask()
    rungs.hand("l2")
    with rungs.desk.database.write(SYSTEM) as work:
        work.session.execute(update(EscalationTree).values(content={"node": 1}))
    rungs.sweep(minutes=15)
    assert rungs.asked() == [("Ann", "no_answer"), ("Bob", "pending")]
    rungs.sweep(minutes=15)
    assert (rungs.step.state, rungs.step.note) == (HandoffState.UNANSWERED, "told_all")
    assert any("nobody is left to ask" in each for each in events(rungs))
