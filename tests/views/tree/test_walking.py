"""From card to card by arrow keys."""

from app.views.screens.large_tree import large_tree
from app.views.screens.trees_seen import small_tree
from app.views.tree.layout import arrange
from app.views.tree.walking import Way, neighbour, reading_order

TREE = small_tree()
LAYOUT = arrange(TREE)


def go(key: str, *ways: Way) -> str:
    for way in ways:
        key = neighbour(TREE, LAYOUT, key, way)
    return key


def test_right_and_left_follow_the_lines() -> None:
    assert go("payments", Way.RIGHT) == "engineering"
    assert go("payments", Way.RIGHT, Way.RIGHT) == "vendor"
    assert go("vendor", Way.LEFT, Way.LEFT, Way.LEFT) == "desk"


def test_up_and_down_stay_in_the_column() -> None:
    assert go("payments", Way.DOWN) == "data"
    assert go("data", Way.UP) == "payments"


def test_above_a_column_is_the_manager_that_is_told() -> None:
    assert go("payments", Way.UP) == "manager"
    assert go("manager", Way.DOWN) in ("payments", "engineering")


def test_where_nothing_is_one_stays() -> None:
    assert go("desk", Way.LEFT, Way.UP, Way.DOWN) == "desk"
    assert go("vendor", Way.RIGHT) == "vendor"


def test_without_a_place_one_begins_at_the_start() -> None:
    assert neighbour(TREE, LAYOUT, "", Way.DOWN) == "desk"
    assert neighbour(TREE, LAYOUT, "gone", Way.DOWN) == "desk"


def test_every_card_of_a_large_tree_is_reached_by_arrows() -> None:
    tree = large_tree()
    layout = arrange(tree)
    seen, waiting = set[str](), [tree.start]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting += [neighbour(tree, layout, here, way) for way in Way]
    assert seen == set(layout.cards)


def test_the_reading_order_goes_column_by_column() -> None:
    assert reading_order(LAYOUT) == ("desk", "payments", "data", "manager", "engineering", "vendor")


def test_lines_to_managers_are_no_way_to_the_right() -> None:
    assert go("manager", Way.RIGHT) == "manager"
