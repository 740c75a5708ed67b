"""Levels from left to right, nothing upon anything else, and lines that go around what is not theirs."""

from dataclasses import replace
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given, settings, strategies as st

from app.models.records.desk import Level
from app.models.records.trees import Edge, EdgeKind, Node, Tree
from app.views.screens.large_tree import large_tree
from app.views.tree.layout import Layout, Line, arrange
from app.views.tree.ranking import rank
from app.views.tree.spreading import spread


def tree(levels: str, *ways: str, told: tuple[str, ...] = ()) -> Tree:
    """`levels` is a level for each node a, b, c ...; a way `ab` is an edge."""
    keys = "abcdefghijklmnopqrstuvwxyz"
    nodes = tuple(Node(keys[place], keys[place].upper(), Level(int(each))) for place, each in enumerate(levels))
    edges = [Edge(way[0], way[1]) for way in ways] + [Edge(way[0], way[1], EdgeKind.HIERARCHIC) for way in told]
    return Tree(UUID(int=1), "T", nodes, tuple(edges), "a")


SMALL = tree("12234", "ab", "ac", "bd", "cd", "de", "ad")


def cards_in_the_way(layout: Layout, line: Line) -> list[str]:
    ends = (line.edge.source, line.edge.target)
    return [
        key
        for key, box in layout.cards.items()
        if key not in ends and any(box.holds(point, margin=-1) for point in line.points(24))
    ]


def overlaps(layout: Layout) -> list[tuple[str, str]]:
    return [
        (one, other)
        for (one, a), (other, b) in combinations(layout.cards.items(), 2)
        if a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom
    ]


def test_levels_stand_from_left_to_right() -> None:
    cards = arrange(SMALL).cards
    assert cards["a"].right < cards["b"].x == cards["c"].x
    assert cards["b"].right < cards["d"].x
    assert cards["d"].right < cards["e"].x


def test_a_step_stands_right_of_one_of_its_level_that_leads_to_it() -> None:
    cards = arrange(tree("1222", "ab", "bc", "cd")).cards
    assert cards["a"].x < cards["b"].x < cards["c"].x < cards["d"].x


def test_a_single_way_is_straight() -> None:
    layout = arrange(tree("1234", "ab", "bc", "cd"))
    assert {box.y for box in layout.cards.values()} == {layout.cards["a"].y}


@pytest.mark.parametrize("drawn", [SMALL, large_tree(), tree("11111", "ab", "ac", "ad", "ae")])
def test_no_card_lies_upon_another(drawn: Tree) -> None:
    assert overlaps(arrange(drawn)) == []


@pytest.mark.parametrize("drawn", [SMALL, large_tree(), tree("1234", "ab", "bc", "cd", "ad", "ac", "bd")])
def test_no_line_crosses_a_card_that_is_not_its_own(drawn: Tree) -> None:
    layout = arrange(drawn)
    assert {line.edge: crossed for line in layout.lines if (crossed := cards_in_the_way(layout, line))} == {}


def test_a_line_to_a_manager_over_another_column_goes_around_that_column() -> None:
    layout = arrange(tree("1222233", "ab", "ac", "ad", "ae", "bf", told=("ag", "bg", "dg", "fg")))
    assert layout.cards["a"].y > layout.cards["b"].y
    assert {line.edge: crossed for line in layout.lines if (crossed := cards_in_the_way(layout, line))} == {}


def test_a_line_begins_and_ends_at_its_cards() -> None:
    layout = arrange(large_tree())
    for line in layout.lines:
        source, target = layout.cards[line.edge.source], layout.cards[line.edge.target]
        assert source.holds(line.start, margin=0.5)
        assert target.holds(line.end, margin=0.5)


def test_sixty_steps_fit_a_wide_screen_at_half_their_size() -> None:
    layout = arrange(large_tree())
    assert len(layout.cards) == 60
    assert layout.whole.width < 2 * 1920
    assert layout.whole.height < 2 * 1080


def test_a_manager_stands_above_all_and_is_told_by_a_line_from_below() -> None:
    layout = arrange(tree("1233", "ab", "bc", told=("bd", "cd")))
    manager = layout.cards["d"]
    assert all(manager.bottom < box.y for key, box in layout.cards.items() if key != "d")
    assert [line.end[1] for line in layout.lines if line.edge.target == "d"] == [manager.bottom] * 2


def test_the_order_takes_crossings_out() -> None:
    assert rank(tree("1222333", "ab", "ac", "ad", "bg", "cf", "de")).crossings == 0


def test_a_circle_is_drawn_and_told_as_leading_back() -> None:
    drawn = tree("122", "ab", "bc", "cb")
    ranking = rank(drawn)
    assert [(each.source, each.target) for each in ranking.back] == [("c", "b")]
    assert len(arrange(drawn).lines) == 3


def test_an_edge_to_itself_and_one_to_nowhere_harm_nothing() -> None:
    layout = arrange(tree("12", "ab", "bb", "bz"))
    assert [(line.edge.source, line.edge.target) for line in layout.lines] == [("a", "b"), ("b", "b")]


def test_what_a_person_placed_stands_there() -> None:
    moved = replace(
        SMALL, nodes=tuple(replace(each, x=900.0, y=-70.0) if each.key == "e" else each for each in SMALL.nodes)
    )
    box = arrange(moved).cards["e"]
    assert (box.x, box.y) == (900.0, -70.0)


def test_an_empty_tree_has_room_for_a_first_card() -> None:
    layout = arrange(replace(SMALL, nodes=(), edges=()))
    assert layout.cards == {}
    assert layout.whole.width > 0


trees = st.integers(1, 14).flatmap(
    lambda count: st.builds(
        lambda levels, ends, told: Tree(
            UUID(int=1),
            "T",
            tuple(Node(str(place), str(place), level) for place, level in enumerate(levels)),
            tuple(Edge(str(a), str(b)) for a, b in ends)
            + tuple(Edge(str(a), str(b), EdgeKind.HIERARCHIC) for a, b in told),
            "0",
        ),
        st.lists(st.sampled_from(Level), min_size=count, max_size=count),
        st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=20, unique=True),
        st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=4, unique=True),
    )
)


@settings(max_examples=150, deadline=None)
@given(trees)
def test_any_tree_is_drawn_whole_and_without_overlaps(drawn: Tree) -> None:
    layout = arrange(drawn)
    assert set(layout.cards) == {each.key for each in drawn.nodes}
    assert len(layout.lines) == len(drawn.edges)
    assert overlaps(layout) == []


@given(
    st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20).flatmap(
        lambda wanted: st.tuples(
            st.just(wanted), st.lists(st.floats(0, 300), min_size=len(wanted) - 1, max_size=len(wanted) - 1)
        )
    )
)
def test_what_is_spread_keeps_its_distances(row: tuple[list[float], list[float]]) -> None:
    wanted, distances = row
    places = spread(wanted, distances)
    assert all(b - a >= d - 1e-6 for a, b, d in zip(places, places[1:], distances, strict=False))
    assert sum(places) == pytest.approx(sum(wanted), abs=1e-3)


def test_what_is_spread_within_bounds_stays_there() -> None:
    assert spread([-50.0, 0.0, 900.0], [10.0, 10.0], (0.0, 100.0)) == [0.0, 10.0, 100.0]
    assert spread([900.0, 900.0], [10.0], (0.0, 100.0)) == [90.0, 100.0]
