"""In which column of the picture a step stands, and in which order from above: the first half of the layout.

Levels stand left to right. Within a level a step stands right of those that lead to it; a column that would be too
tall is set in several. An edge that passes a column gets a slot of its own there, so that no card lies in its way.
The order is found as Sugiyama, Tagawa and Toda did it (1981): each column is sorted by where its neighbours are,
forth and back, and the order with the fewest crossings is kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from app.models.records.desk import Level
from app.models.records.trees import Edge, EdgeKind, Node, Tree
from app.models.rules.tree_checks import closing_edges

TALLEST = 10
"""So many cards one column holds."""

_SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a column: a card's (`node`), or where edges pass that begin, or end, at the same card (`bundle`)."""

    column: int
    node: str = ""
    bundle: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """`columns` from the left, each from above. `routes` are the slots that a forward edge goes through, with both
    ends; `back` are the functional edges that do not lead on. `managers` stand above all columns."""

    columns: tuple[tuple[Slot, ...], ...]
    levels: tuple[Level, ...]
    routes: Mapping[Edge, tuple[Slot, ...]]
    back: tuple[Edge, ...] = ()
    managers: tuple[str, ...] = ()
    crossings: int = 0


@dataclass
class _Columns:
    """The columns while they are filled."""

    slots: list[list[Slot]] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)
    of: dict[str, Slot] = field(default_factory=dict)

    def add(self, level: Level, nodes: Iterable[Node]) -> None:
        column = len(self.slots)
        self.slots.append([Slot(column, each.key) for each in nodes])
        self.levels.append(level)
        self.of.update({each.node: each for each in self.slots[column]})

    def passing(self, bundle: tuple[str, str], column: int) -> Slot:
        slot = Slot(column, bundle=bundle)
        if slot not in self.slots[column]:
            self.slots[column].append(slot)
        return slot


def rank(tree: Tree, tallest: int = TALLEST) -> Ranking:
    """Where everything of `tree` stands. Edges that lead nowhere are left out."""
    managers = _managers(tree)
    steps = [each for each in tree.nodes if each.key not in managers]
    forward, back = _directions(tree, steps)
    columns = _filled(_in_reading_order(tree, steps), forward, tallest)
    routes = {each: _route(columns, each, _bundle(each, forward)) for each in forward}
    back += [each for each, route in routes.items() if not route]
    routes = {each: route for each, route in routes.items() if route}
    ordered, crossings = _ordered(columns.slots, list(routes.values()))
    levels = tuple(columns.levels)
    return Ranking(ordered, levels, routes, tuple(back), tuple(managers), crossings)


def crossings_of(columns: Sequence[Sequence[Slot]], routes: Iterable[Sequence[Slot]]) -> int:
    """How often lines cross between columns that stand side by side."""
    place = {slot: row for column in columns for row, slot in enumerate(column)}
    pairs: dict[int, set[tuple[int, int]]] = {}
    for route in routes:
        for one, other in pairwise(route):
            pairs.setdefault(one.column, set()).add((place[one], place[other]))
    return sum(_inversions([right for _, right in sorted(each)]) for each in pairs.values())


def _inversions(rows: Sequence[int]) -> int:
    return sum(1 for place, row in enumerate(rows) for after in rows[place + 1 :] if after < row)


def _managers(tree: Tree) -> list[str]:
    """Those that are only told: no functional edge touches them."""
    functional = {end for each in tree.edges if each.kind is EdgeKind.FUNCTIONAL for end in (each.source, each.target)}
    told = {each.target for each in tree.edges if each.kind is EdgeKind.HIERARCHIC}
    keys = [each.key for each in tree.nodes]
    return [key for key in dict.fromkeys(keys) if key in told and key not in functional and key != tree.start]


def _directions(tree: Tree, steps: Sequence[Node]) -> tuple[list[Edge], list[Edge]]:
    """Functional edges that lead on, and those that lead back: to a lower level, or around."""
    levels = {each.key: each.level for each in steps}
    closing = set(_ends(closing_edges(tree)))
    forward: list[Edge] = []
    back: list[Edge] = []
    for edge in tree.edges:
        if edge.kind is EdgeKind.FUNCTIONAL and edge.source in levels and edge.target in levels:
            leads_back = levels[edge.target] < levels[edge.source]
            around = levels[edge.target] == levels[edge.source] and (edge.source, edge.target) in closing
            (back if leads_back or around else forward).append(edge)
    return forward, back


def _ends(edges: Iterable[Edge]) -> Iterable[tuple[str, str]]:
    return ((each.source, each.target) for each in edges)


def _in_reading_order(tree: Tree, steps: Sequence[Node]) -> list[Node]:
    """From the start along the edges, depth first: what belongs together stands together."""
    named = {each.key: each for each in steps}
    seen: dict[str, Node] = {}
    waiting = [key for key in (*reversed(list(named)), tree.start) if key in named]
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen[key] = named[key]
            onward = [each.target for each in tree.leaving(key, EdgeKind.FUNCTIONAL) if each.target in named]
            waiting += reversed(onward)
    return list(seen.values())


def _filled(steps: Sequence[Node], forward: Sequence[Edge], tallest: int) -> _Columns:
    columns = _Columns()
    depth = _depths(steps, forward)
    for level in sorted({each.level for each in steps}):
        of_level = [each for each in steps if each.level is level]
        for distance in sorted({depth[each.key] for each in of_level}):
            together = [each for each in of_level if depth[each.key] == distance]
            shares = -(-len(together) // tallest)
            size = -(-len(together) // shares)
            for begin in range(0, len(together), size):
                columns.add(level, together[begin : begin + size])
    return columns


def _depths(steps: Sequence[Node], forward: Sequence[Edge]) -> dict[str, int]:
    """How many edges within its level lead to a step at most."""
    levels = {each.key: each.level for each in steps}
    inner = [each for each in forward if levels[each.source] is levels[each.target] and each.source != each.target]
    depth = dict.fromkeys(levels, 0)
    for _ in steps:
        deeper = {each.target: depth[each.source] + 1 for each in inner if depth[each.target] <= depth[each.source]}
        if not deeper:
            break
        depth.update(deeper)
    return depth


def _bundle(edge: Edge, forward: Sequence[Edge]) -> tuple[str, str]:
    """Lines run together that come from one card, or that go to one: whichever are more."""
    same_source = sum(1 for each in forward if each.source == edge.source)
    same_target = sum(1 for each in forward if each.target == edge.target)
    return ("to", edge.target) if same_target > same_source else ("from", edge.source)


def _route(columns: _Columns, edge: Edge, bundle: tuple[str, str]) -> tuple[Slot, ...]:
    """The slots from end to end; none where the edge does not lead to the right."""
    begin, end = columns.of[edge.source], columns.of[edge.target]
    if end.column <= begin.column:
        return ()
    between = (columns.passing(bundle, column) for column in range(begin.column + 1, end.column))
    return (begin, *between, end)


def _ordered(
    slots: Sequence[Sequence[Slot]], routes: Sequence[Sequence[Slot]]
) -> tuple[tuple[tuple[Slot, ...], ...], int]:
    before, after = _neighbours(routes)
    columns = [list(each) for each in slots]
    best, fewest = [list(each) for each in columns], crossings_of(columns, routes)
    for sweep in range(_SWEEPS):
        rightwards = sweep % 2 == 0
        for column in range(len(columns)) if rightwards else reversed(range(len(columns))):
            _sort(columns, column, before if rightwards else after)
        found = crossings_of(columns, routes)
        if found < fewest:
            best, fewest = [list(each) for each in columns], found
    return tuple(tuple(each) for each in best), fewest


def _neighbours(routes: Iterable[Sequence[Slot]]) -> tuple[dict[Slot, set[Slot]], dict[Slot, set[Slot]]]:
    before: dict[Slot, set[Slot]] = {}
    after: dict[Slot, set[Slot]] = {}
    for route in routes:
        for one, other in pairwise(route):
            before.setdefault(other, set()).add(one)
            after.setdefault(one, set()).add(other)
    return before, after


def _sort(columns: list[list[Slot]], column: int, neighbours: Mapping[Slot, set[Slot]]) -> None:
    """By the mean height of their neighbours, as a share of their column; those without any keep their place."""
    share = {slot: (row + 0.5) / len(each) for each in columns for row, slot in enumerate(each)}

    def mean(slot: Slot) -> float:
        near = neighbours.get(slot)
        return sum(share[each] for each in near) / len(near) if near else share[slot]

    columns[column].sort(key=mean)
