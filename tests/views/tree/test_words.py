"""What cards, outlines and details say."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.models.records.on_call import OnDuty
from app.models.records.tickets import Priority
from app.models.records.trees import Edge, EdgeConditions, EdgeKind, Finding, NodeView
from app.services import wording
from app.views.screens.trees_seen import NOON, climbing, small_tree
from app.views.tree.details_model import edge_sections, promise_lines, step_sections, tree_sections
from app.views.tree.edge_words import edge_label, edge_spoken, length_words
from app.views.tree.offers import Offers
from app.views.tree.outline_model import Twig, twigs
from app.views.tree.words import CardWords, card_words, instant_words


def local(at: datetime) -> str:
    return f"{at.astimezone():%H:%M}"


def said(**what: Any) -> CardWords:
    """The words of the second step of the small tree, with something about it otherwise."""
    view = climbing()
    node = replace(view.nodes[1], **what)
    return card_words(node, replace(view, nodes=(view.nodes[0], node, *view.nodes[2:])))


def test_a_card_says_who_is_on_duty_until_when_and_who_is_next() -> None:
    words = said()
    assert words.duty == "Tomasz Zieliński"
    assert words.duty_detail == f"until {local(NOON + timedelta(hours=2))}, then Jonas Weber"
    assert not words.duty_is_bad


def test_duty_that_never_changes_has_no_until() -> None:
    assert said(duty=OnDuty(UUID(int=1), None, None)).duty_detail == "always"


def test_nobody_on_duty_is_bad_and_tells_who_is_next() -> None:
    words = said(on_duty="", duty=None)
    assert (words.duty, words.duty_detail, words.duty_is_bad) == ("Nobody on duty", "then Jonas Weber", True)


def test_a_closed_step_says_when_it_opens() -> None:
    words = said(is_open=False, opens_at=NOON + timedelta(hours=3))
    assert words.duty == f"Closed, opens {local(NOON + timedelta(hours=3))}"
    assert not words.duty_is_bad


def test_a_step_that_never_opens_is_bad() -> None:
    assert said(is_open=False, opens_at=None).duty_is_bad


def test_a_gap_is_told_with_its_hours() -> None:
    gap = (NOON + timedelta(hours=1), NOON + timedelta(hours=2))
    assert said(gap=gap).warning == f"Gap {local(gap[0])} – {local(gap[1])}"


def test_a_gap_after_tomorrow_is_told_with_its_hours_too() -> None:
    since, until = NOON + timedelta(days=3), NOON + timedelta(days=4)
    facts = {"node": "A", "since": since.isoformat(), "until": until.isoformat(), "count": "1", "hours": "24.0"}
    assert said(findings=(Finding("gap", facts=facts),)).warning == f"Gap Fri {local(since)} – Sat {local(until)}"


def test_several_warnings_are_counted() -> None:
    assert said(findings=(Finding("a"), Finding("b"))).warning == "2 warnings"


@pytest.mark.parametrize(("minutes", "told"), [(90, "1 h left"), (11, "11 min left"), (-5, "5 min late")])
def test_the_time_to_the_breach_is_told(minutes: int, told: str) -> None:
    assert said(due_at=NOON + timedelta(minutes=minutes)).time_left == told


def test_the_ticket_is_marked_where_it_is() -> None:
    assert said().mark == "Ticket 1042"
    assert card_words(climbing().nodes[2], climbing()).mark == ""


def test_all_of_a_card_is_spoken() -> None:
    spoken = said().spoken
    for part in ("Payments support", "Tomasz Zieliński", "11 min left", "the ticket is here", "walked"):
        assert part in spoken


def test_an_instant_of_another_day_has_its_weekday() -> None:
    wednesday = NOON + timedelta(days=1)
    assert instant_words(wednesday, NOON) == f"Wed {local(wednesday)}"
    wording.use_language("de")
    assert instant_words(wednesday, NOON) == f"Mi {local(wednesday)}"


def test_an_edge_says_when_it_is_taken() -> None:
    asked = EdgeConditions(("cards",), priorities=(Priority.P2, Priority.P1), open_hours=False)
    edge = Edge("a", "b", EdgeKind.HIERARCHIC, asked, timedelta(minutes=90))
    assert edge_label(edge) == "P1/P2, cards, when closed, after 1 h 30 min"
    assert edge_spoken(replace(edge, after=None, conditions=EdgeConditions()), {"a": "A"}) == "A tells b"


@pytest.mark.parametrize(("minutes", "told"), [(15, "15 min"), (60, "1 h"), (90, "1 h 30 min"), (2880, "2 d")])
def test_a_span_is_told_in_its_own_units(minutes: int, told: str) -> None:
    assert length_words(timedelta(minutes=minutes)) == told


def test_the_outline_has_each_step_once_below_the_first_that_leads_to_it() -> None:
    engineering = Twig("engineering", (Twig("vendor"), Twig("manager")))
    assert twigs(small_tree()) == (Twig("desk", (Twig("payments", (engineering,)), Twig("data"))),)


def test_the_outline_ends_where_the_tree_goes_round_and_keeps_what_is_not_reached() -> None:
    tree = small_tree()
    turned = replace(tree, edges=(Edge("desk", "data"), Edge("data", "desk")))
    assert [each.key for each in twigs(turned)] == ["desk", "payments", "engineering", "vendor", "manager"]


def test_promises_are_told_by_priority() -> None:
    promises = {Priority.P1: timedelta(minutes=15), None: timedelta(hours=4)}
    assert promise_lines(promises) == ("P1: 15 min", "All others: 4 h")
    assert promise_lines({None: timedelta(hours=4)}) == ("4 h",)


def test_the_details_of_a_step_say_all_of_it() -> None:
    sections = {each.title: each.lines for each in step_sections(climbing(), "payments", Offers())}
    assert sections["Who is asked, in this order"] == (
        "1. Who is on duty (15 min)",
        "2. The whole team (15 min)",
        "The whole list 2 times",
    )
    assert sections["Time for the ticket here"] == ("11 min left",)
    assert sections["Leads to"] == ("Payments engineering",)
    assert sections["Tells"] == ("Head of service: P1",)
    assert step_sections(climbing(), "nowhere", Offers()) == ()


def test_what_is_wrong_with_an_edge_stands_with_it() -> None:
    found = Finding("cycle", edge=("desk", "data"), facts={"source": "Service desk", "target": "Data warehouse"})
    view = replace(climbing(), findings=(found,))
    assert [each.is_bad for each in edge_sections(view, Edge("desk", "data"))] == [True, False, False]
    assert not any(each.is_bad for each in edge_sections(view, Edge("desk", "payments")))


def test_the_whole_tells_how_many_steps_have_warnings() -> None:
    view = climbing()
    bad: Callable[[NodeView], NodeView] = lambda each: replace(each, findings=(Finding("nobody"),))  # noqa: E731
    told = tree_sections(replace(view, nodes=(bad(view.nodes[0]), bad(view.nodes[1]), *view.nodes[2:])))
    assert told[0].lines == ("Steps with warnings: 2",)
    assert tree_sections(view) == ()
