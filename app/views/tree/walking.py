"""From card to card by the arrow keys: along the edges from left to right, and through a column from above. Pure."""

from collections.abc import Iterable
from enum import Enum

from app.models.records.trees import EdgeKind, Tree
from app.views.tree.layout import Box, Layout


class Way(Enum):
    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"


def neighbour(tree: Tree, layout: Layout, key: str, way: Way) -> str:
    """The card that an arrow leads to from `key`; itself where there is none that way.

    Left and right follow functional edges, to the end that is nearest in height. Up and down stay in the column; above
    its highest card are the managers that it tells, and left and right among those are the others.
    """
    if key not in layout.cards:
        return tree.start if tree.start in layout.cards else next(iter(layout.cards), key)
    here = layout.cards[key]
    match way:
        case Way.RIGHT | Way.LEFT if key in layout.managers:
            found = _in_row(layout, here, to_right=way is Way.RIGHT)
        case Way.RIGHT:
            found = [each.target for each in tree.leaving(key, EdgeKind.FUNCTIONAL)]
        case Way.LEFT:
            found = [each.source for each in tree.edges if each.target == key and each.kind is EdgeKind.FUNCTIONAL]
        case Way.UP:
            found = _in_column(layout, here, upwards=True) or _ends(tree, key, told=True)
        case Way.DOWN:
            found = _in_column(layout, here, upwards=False) or _ends(tree, key, told=False)
    there = [each for each in found if each in layout.cards and each != key]
    return min(there, key=lambda each: _distance(here, layout.cards[each]), default=key)


def reading_order(layout: Layout) -> tuple[str, ...]:
    """All cards, column by column, each from above."""
    return tuple(sorted(layout.cards, key=lambda each: (round(layout.cards[each].x), layout.cards[each].y)))


def _in_column(layout: Layout, here: Box, *, upwards: bool) -> list[str]:
    steps = {key: each for key, each in layout.cards.items() if key not in layout.managers}
    if here not in steps.values():
        return []
    beside = {key: each for key, each in steps.items() if each.x < here.right and here.x < each.right}
    return [key for key, each in beside.items() if each != here and (each.y < here.y) == upwards]


def _in_row(layout: Layout, here: Box, *, to_right: bool) -> list[str]:
    """The managers to one side."""
    row = {key: layout.cards[key] for key in layout.managers}
    return [key for key, each in row.items() if each != here and (each.x > here.x) == to_right]


def _ends(tree: Tree, key: str, *, told: bool) -> list[str]:
    """The managers that a step tells, or the steps that tell a manager."""
    edges: Iterable[tuple[str, str]] = (
        (each.source, each.target) for each in tree.edges if each.kind is EdgeKind.HIERARCHIC
    )
    return [target if told else source for source, target in edges if key == (source if told else target)]


def _distance(here: Box, there: Box) -> float:
    (x, y), (other_x, other_y) = here.middle, there.middle
    return abs(x - other_x) / 4 + abs(y - other_y)
