"""What a simulation says in the list and in the picture."""

from dataclasses import replace
from datetime import timedelta

from app.models.records.tickets import Priority
from app.models.records.trees import SimulatedCall, Simulation, TicketFacts, WayKind
from app.views.screens.trees_seen import NOON, small_tree
from app.views.tree.simulation_model import badges, plan_lines, plan_words, planned_ways
from app.views.tree.words import instant_words


def call(minutes: int, node: str, who: str, note: str = "") -> SimulatedCall:
    at = NOON + timedelta(minutes=minutes)
    return SimulatedCall(at, node, node.title(), WayKind.ON_DUTY, None, who, at + timedelta(minutes=15), 1, note)


FOUND = Simulation(
    "Payments",
    NOON,
    TicketFacts(Priority.P2),
    inherited=False,
    calls=(
        call(0, "desk", "Lena"),
        call(15, "desk", "", "nobody_next"),
        call(30, "payments", "Tomasz"),
        call(45, "desk", "Lena"),
    ),
)


def test_each_contact_has_its_instant_and_whom() -> None:
    lines = plan_lines(FOUND)
    assert [(each.node, each.who, each.step) for each in lines[:3]] == [
        ("desk", "Lena", "Desk"),
        ("desk", "Nobody is next", "Desk"),
        ("payments", "Tomasz", "Payments"),
    ]
    assert lines[2].time == instant_words(NOON + timedelta(minutes=30), NOON)


def test_how_many_are_asked_is_told() -> None:
    assert plan_words(FOUND).startswith("4 contacts")
    assert plan_words(replace(FOUND, calls=())) == "Nobody would be asked."


def test_cards_say_which_contacts_are_theirs_and_when_they_begin() -> None:
    first, third = (instant_words(FOUND.calls[place].at, NOON) for place in (0, 2))
    assert badges(FOUND) == {"desk": f"1–2, 4 · {first}", "payments": f"3 · {third}"}
    in_a_row = replace(FOUND, calls=FOUND.calls[:2])
    assert badges(in_a_row) == {"desk": f"1–2 · {first}"}


def test_the_way_goes_along_lines_that_there_are() -> None:
    assert planned_ways(FOUND, small_tree()) == {("desk", "payments")}
