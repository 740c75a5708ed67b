"""What is wrong with a tree is found, all of it, and nothing else."""

from datetime import UTC, datetime, timedelta
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given, strategies as st

from app.models.records.desk import Audience, Level, SupportModel
from app.models.records.trees import ContactWay, Edge, EdgeKind, Node, Tree, WayKind
from app.models.rules.spans import Span, both, joined, without
from app.models.rules.tree_checks import Surroundings, check, closing_edges, reachable

DESK, APPS, DEVS, BOSS, VENDOR = (uuid4() for _ in range(5))
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
WEEK = ((MONDAY, MONDAY + timedelta(days=7)),)


def hours(first: float, last: float) -> Span:
    return MONDAY + timedelta(hours=first), MONDAY + timedelta(hours=last)


def node(key: str, level: Level, team: UUID | None = None, **more: object) -> Node:
    return Node(key, key.upper(), level, team_id=team, **more)  # type: ignore[arg-type]


def edge(source: str, target: str, kind: EdgeKind = EdgeKind.FUNCTIONAL) -> Edge:
    return Edge(source, target, kind)


LADDER = Tree(
    uuid4(),
    "Shop",
    (node("l1", Level.L1, DESK), node("l2", Level.L2, APPS), node("l3", Level.L3, DEVS)),
    (edge("l1", "l2"), edge("l2", "l3")),
    "l1",
)
TEAMS = {DESK: 3, APPS: 2, DEVS: 1}


def around(**more: object) -> Surroundings:
    told = {"audience": Audience.CUSTOMER, "support_model": SupportModel.TIERED, "teams": TEAMS, **more}
    return Surroundings(**told)  # type: ignore[arg-type]


def tree(*nodes: Node, edges: tuple[Edge, ...] = (), start: str = "l1") -> Tree:
    return Tree(uuid4(), "Shop", nodes, edges, start)


def codes(found: Tree, surroundings: Surroundings | None = None) -> list[tuple[str, str]]:
    return [(each.code, each.node) for each in check(found, surroundings)]


def test_a_good_tree_has_no_findings() -> None:
    assert check(LADDER, around()) == ()


def test_a_tree_without_nodes_is_said_to_be_empty_and_nothing_else() -> None:
    assert codes(tree(), around(promised=WEEK)) == [("empty", "")]


def test_what_no_edge_leads_to_is_unreachable() -> None:
    found = tree(*LADDER.nodes, node("spare", Level.L2, APPS), edges=LADDER.edges)
    assert codes(found) == [("unreachable", "spare")]


def test_a_manager_is_reached_along_a_hierarchic_edge() -> None:
    manager = node("boss", Level.L3, None, manager_id=BOSS, contacts=(ContactWay(WayKind.MANAGER),))
    found = tree(*LADDER.nodes, manager, edges=(*LADDER.edges, edge("l2", "boss", EdgeKind.HIERARCHIC)))
    assert check(found, around(people=frozenset({BOSS}))) == ()
    assert codes(found, around()) == [("nobody", "boss")]


def test_an_edge_to_nowhere_is_named_with_its_missing_end() -> None:
    found = check(tree(*LADDER.nodes, edges=(*LADDER.edges, edge("l3", "gone"))))
    assert [(each.code, each.edge, each.facts["key"]) for each in found] == [("edge_nowhere", ("l3", "gone"), "gone")]


def test_a_start_that_is_no_node_is_told() -> None:
    assert [each.code for each in check(tree(*LADDER.nodes, edges=LADDER.edges, start="l0"))] == ["no_start"]


def test_two_nodes_under_one_key_are_told() -> None:
    assert ("double_key", "l3") in codes(tree(*LADDER.nodes, node("l3", Level.L3, DEVS), edges=LADDER.edges))


def test_a_circle_is_told_at_the_edge_that_closes_it() -> None:
    found = check(tree(*LADDER.nodes, edges=(*LADDER.edges, edge("l3", "l1"))))
    assert [(each.code, each.edge) for each in found] == [("cycle", ("l3", "l1"))]


def test_managers_may_tell_each_other_in_a_circle() -> None:
    back = edge("l3", "l1", EdgeKind.HIERARCHIC)
    assert check(tree(*LADDER.nodes, edges=(*LADDER.edges, back))) == ()


@pytest.mark.parametrize(
    ("audience", "start", "code"),
    [
        (Audience.CUSTOMER, "l2", "customer_without_level_one"),
        (Audience.INTERNAL, "l1", "internal_at_level_one"),
    ],
)
def test_the_audience_says_at_which_level_requests_begin(audience: Audience, start: str, code: str) -> None:
    found = tree(*LADDER.nodes, edges=(*LADDER.edges, edge("l2", "l1", EdgeKind.HIERARCHIC)), start=start)
    assert codes(found, around(audience=audience)) == [(code, start)]


def test_a_way_that_ends_below_the_third_level_is_told_once_for_the_tree() -> None:
    assert codes(tree(*LADDER.nodes[:2], edges=LADDER.edges[:1]), around()) == [("no_top", "")]


def test_a_branch_that_leads_no_further_is_told_at_its_node() -> None:
    found = tree(*LADDER.nodes, node("l2b", Level.L2, APPS), edges=(*LADDER.edges, edge("l1", "l2b")))
    assert codes(found, around()) == [("dead_end", "l2b")]


def test_an_edge_down_is_told() -> None:
    found = tree(
        *LADDER.nodes, node("l1b", Level.L1, DESK), edges=(*LADDER.edges, edge("l2", "l1b"), edge("l1b", "l3"))
    )
    assert [(each.code, each.edge) for each in check(found, around())] == [("edge_down", ("l2", "l1b"))]


def test_a_swarm_has_one_level_and_begins_anywhere() -> None:
    swarm = around(support_model=SupportModel.SWARM, audience=Audience.INTERNAL)
    assert codes(LADDER, swarm) == [("swarm_with_levels", "")]
    assert check(tree(LADDER.nodes[0]), swarm) == ()


def test_a_level_whose_team_has_nobody_active_is_told() -> None:
    assert codes(LADDER, around(teams={**TEAMS, APPS: 0})) == [("nobody", "l2")]


def test_a_team_that_was_deleted_is_told() -> None:
    assert codes(LADDER, around(teams={DESK: 3, APPS: 2})) == [("unknown_team", "l3")]


def test_a_vendor_stands_in_for_a_team_while_it_can_be_written_to() -> None:
    vendor = node("vendor", Level.VENDOR, None, vendor_id=VENDOR, contacts=(ContactWay(WayKind.VENDOR),))
    found = tree(*LADDER.nodes, vendor, edges=(*LADDER.edges, edge("l3", "vendor")))
    assert check(found, around(vendors=frozenset({VENDOR}))) == ()
    assert codes(found, around()) == [("nobody", "vendor"), ("no_vendor", "vendor")]


def test_a_person_who_left_is_told_though_others_are_there() -> None:
    ways = (ContactWay(WayKind.PERSON, BOSS), ContactWay(WayKind.TEAM))
    found = tree(*LADDER.nodes[:2], node("l3", Level.L3, DEVS, contacts=ways), edges=LADDER.edges)
    assert codes(found, around()) == [("person_gone", "l3")]
    assert check(found, around(people=frozenset({BOSS}))) == ()


def test_a_node_without_ways_to_contact_it_is_told() -> None:
    found = tree(*LADDER.nodes[:2], node("l3", Level.L3, DEVS, contacts=()), edges=LADDER.edges)
    assert codes(found, around()) == [("no_contact", "l3")]


def test_the_first_gap_of_a_node_is_told_with_how_many_there_are() -> None:
    gaps = {"l2": (hours(10, 12), hours(30, 30.5))}
    found = check(
        LADDER, around(promised=WEEK, open_hours=lambda _: WEEK, uncovered=lambda each: gaps.get(each.key, ()))
    )
    (gap,) = found
    assert (gap.code, gap.node) == ("gap", "l2")
    since, until = (each.isoformat() for each in hours(10, 12))
    assert gap.facts == {"node": "L2", "since": since, "until": until, "count": "2", "hours": "2.5"}


def test_an_hour_that_no_node_covers_is_told_for_the_tree() -> None:
    served = {"l1": (hours(8, 18),), "l2": (hours(9, 17),), "l3": (hours(0, 8), hours(19, 24))}
    found = check(
        LADDER, around(promised=(hours(0, 24),), open_hours=lambda each: served[each.key], uncovered=lambda _: ())
    )
    since, until = (each.isoformat() for each in hours(18, 19))
    assert [(each.code, each.facts["since"], each.facts["until"]) for each in found] == [("uncovered", since, until)]


def test_a_gap_at_one_level_is_no_uncovered_hour_while_another_is_there() -> None:
    gaps = {"l2": (hours(10, 12),), "l1": (hours(11, 12),), "l3": (hours(11.5, 12),)}
    surroundings = around(promised=WEEK, open_hours=lambda _: WEEK, uncovered=lambda each: gaps[each.key])
    whole = [each for each in check(LADDER, surroundings) if not each.node]
    assert [each.facts["hours"] for each in whole] == ["0.5"]


def test_a_calendar_without_an_open_hour_is_told() -> None:
    surroundings = around(promised=WEEK, open_hours=lambda each: () if each.key == "l3" else WEEK)
    assert codes(LADDER, surroundings) == [("never_open", "l3")]


KEYS = st.sampled_from("abcdefg")
GRAPHS = st.builds(
    lambda edges, count, start: Tree(
        uuid4(), "any", tuple(node(each, Level.L2) for each in "abcdefg"[:count]), tuple(edges), start
    ),
    st.lists(st.builds(Edge, KEYS, KEYS, st.sampled_from(EdgeKind)), max_size=14),
    st.integers(1, 7),
    KEYS,
)


def is_circular(found: Tree, skipped: frozenset[int] = frozenset()) -> bool:
    """As the standard library's topological sorter sees it."""
    sorter = TopologicalSorter[str]()
    keys = {each.key for each in found.nodes}
    for place, each in enumerate(found.edges):
        if each.kind is EdgeKind.FUNCTIONAL and {each.source, each.target} <= keys and place not in skipped:
            sorter.add(each.source, each.target)
    try:
        sorter.prepare()
    except CycleError:
        return True
    return False


@given(GRAPHS)
def test_circles_are_found_exactly_where_there_are_some(found: Tree) -> None:
    closing = closing_edges(found)
    assert bool(closing) == is_circular(found)
    same = frozenset(place for place, each in enumerate(found.edges) if any(each is one for one in closing))
    assert not is_circular(found, same)


@given(GRAPHS)
def test_every_node_is_either_reachable_or_told_of(found: Tree) -> None:
    told = {each.node for each in check(found) if each.code == "unreachable"}
    if found.node(found.start) is None:
        assert not told
        return
    reached = {found.start}
    for _ in found.nodes:  # as many rounds as the longest way has steps
        reached |= {each.target for each in found.edges if each.source in reached and found.node(each.target)}
    assert told == {each.key for each in found.nodes} - reached
    assert reachable(found, found.start) == reached


POINTS = st.integers(0, 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))
SPANS = st.lists(st.tuples(POINTS, POINTS), max_size=8).map(joined)


@given(SPANS, SPANS)
def test_each_minute_is_where_sets_say_it_is(some: tuple[Span, ...], others: tuple[Span, ...]) -> None:
    minutes = [MONDAY + timedelta(minutes=each) for each in range(61)]

    def within(spans: tuple[Span, ...]) -> set[datetime]:
        return {each for each in minutes if any(since <= each < until for since, until in spans)}

    assert within(both(some, others)) == within(some) & within(others)
    assert within(without(some, others)) == within(some) - within(others)
    for spans in (both(some, others), without(some, others), some):
        assert all(before[1] < after[0] for before, after in pairwise(spans))
