"""Where the cards of a tree stand and how its lines run. Pixels at 100 %, from the top left; nothing of Qt is here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.models.records.desk import Level
from app.models.records.trees import Edge, EdgeKind, Tree
from app.views.tree.ranking import Ranking, Slot, rank
from app.views.tree.spreading import spread

CARD = (244.0, 134.0)
"""Width and height of a card."""

_GUTTER = 84.0  # between two columns: where lines cross from height to height
_GAP = 24.0  # between two cards of a column
_PASS = 13.0  # between a card and a line that passes it
_ABOVE = 64.0  # between the managers and the highest card
_BAND = 22.0  # by which a level's band is wider than its cards
_PORT = 13.0  # between the ends of two lines at a card
_STUB = 13.0
_ROUND = 10.0
_BESIDE = 34.0  # from the middle of a card, where a line to a manager begins
_SWEEPS = 10

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def holds(self, point: Point, margin: float = 0.0) -> bool:
        x, y = point
        across = self.x - margin < x < self.right + margin
        return across and self.y - margin < y < self.bottom + margin


@dataclass(frozen=True, slots=True)
class Line:
    """An edge as it is drawn: from `start` along Bezier pieces (two handles and an end).

    `label_at` is the middle of words about it: where it does not run together with others.
    """

    edge: Edge
    start: Point
    pieces: tuple[tuple[Point, Point, Point], ...]
    label_at: Point

    @property
    def end(self) -> Point:
        return self.pieces[-1][2]

    def points(self, every: int = 12) -> list[Point]:
        """Points along the line, `every` so many a piece."""
        found, here = [self.start], self.start
        for piece in self.pieces:
            found += [_at(here, piece, step / every) for step in range(1, every + 1)]
            here = piece[2]
        return found


@dataclass(frozen=True, slots=True)
class Layout:
    """`bands` are the levels, from left to right; `whole` holds everything. `managers` stand above the others."""

    cards: Mapping[str, Box]
    lines: tuple[Line, ...]
    bands: tuple[tuple[Level, Box], ...]
    whole: Box
    managers: frozenset[str] = frozenset()


def arrange(tree: Tree) -> Layout:
    """Lay out a tree. A step that a person placed stands there; its lines go the straight way."""
    ranking = rank(tree)
    spots = _spots(ranking)
    cards = {slot.node: box for slot, box in spots.items() if slot.node}
    cards |= _managers(tree, ranking.managers, cards)
    moved = {each.key: (each.x, each.y) for each in tree.nodes if each.x is not None and each.y is not None}
    bands = _bands(ranking, spots)
    for key, (x, y) in moved.items():
        cards[key] = replace(cards[key], x=x, y=y)
    lines = tuple(_lines(tree, ranking, spots, cards, frozenset(moved)))
    whole = _around([*cards.values(), *(box for _, box in bands)])
    return Layout(cards, lines, bands, whole, frozenset(ranking.managers))


def _spots(ranking: Ranking) -> dict[Slot, Box]:
    """All slots, cards and passings, with their heights found from their neighbours'."""
    middles = _heights(ranking)
    spots: dict[Slot, Box] = {}
    for number, column in enumerate(ranking.columns):
        x = number * (CARD[0] + _GUTTER)
        for slot in column:
            height = _height(slot)
            spots[slot] = Box(x, middles[slot] - height / 2, CARD[0], height)
    top = min((each.y for each in spots.values()), default=0.0)
    return {slot: replace(box, y=box.y - top) for slot, box in spots.items()}


def _height(slot: Slot) -> float:
    return CARD[1] if slot.node else 0.0


def _heights(ranking: Ranking) -> dict[Slot, float]:
    """Each slot as near to the mean of its neighbours as its column lets it, forth and back. No column is higher
    than the fullest one must be."""
    near: dict[Slot, list[Slot]] = {}
    for route in ranking.routes.values():
        for one, other in pairwise(route):
            near.setdefault(one, []).append(other)
            near.setdefault(other, []).append(one)
    distances = [_distances(column) for column in ranking.columns]
    half = max((sum(each) for each in distances), default=0.0) / 2
    middles = {slot: row * CARD[1] for column in ranking.columns for row, slot in enumerate(column)}
    forth = range(len(ranking.columns))
    for sweep in range(_SWEEPS):
        for number in forth if sweep % 2 == 0 else reversed(forth):
            column = ranking.columns[number]
            wanted = [_mean([middles[each] for each in near.get(slot, [slot])]) for slot in column]
            middles.update(zip(column, spread(wanted, distances[number], (-half, half)), strict=True))
    return middles


def _distances(column: Sequence[Slot]) -> list[float]:
    """From the middle of each slot to that of the next."""
    apart = {2: _GAP, 1: _PASS, 0: _PASS / 2}
    return [
        _height(one) / 2 + _height(other) / 2 + apart[bool(one.node) + bool(other.node)]
        for one, other in pairwise(column)
    ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _managers(tree: Tree, managers: Iterable[str], cards: Mapping[str, Box]) -> dict[str, Box]:
    """In a row above all others, each over those that tell it."""
    over: dict[str, float] = {}
    for key in managers:
        tellers = [each.source for each in tree.edges if each.target == key and each.source in cards]
        over[key] = _mean([cards[each].middle[0] for each in tellers] or [CARD[0] / 2])
    row = sorted(over, key=lambda each: over[each])
    places = spread([over[key] for key in row], [CARD[0] + _GAP] * (len(row) - 1))
    return {key: Box(x - CARD[0] / 2, -CARD[1] - _ABOVE, *CARD) for key, x in zip(row, places, strict=True)}


def _bands(ranking: Ranking, spots: Mapping[Slot, Box]) -> tuple[tuple[Level, Box], ...]:
    """One for each level, as high as the highest column."""
    bottom = max((each.bottom for each in spots.values()), default=0.0)
    bands: list[tuple[Level, Box]] = []
    for level in dict.fromkeys(ranking.levels):
        numbers = [number for number, each in enumerate(ranking.levels) if each is level]
        left = numbers[0] * (CARD[0] + _GUTTER) - _BAND
        right = numbers[-1] * (CARD[0] + _GUTTER) + CARD[0] + _BAND
        bands.append((level, Box(left, -_ABOVE / 2 - 2, right - left, bottom + _ABOVE / 2 + 2 + _BAND)))
    return tuple(bands)


def _around(boxes: Sequence[Box]) -> Box:
    if not boxes:
        return Box(0.0, 0.0, *CARD)
    left, top = min(each.x for each in boxes), min(each.y for each in boxes)
    right, bottom = max(each.right for each in boxes), max(each.bottom for each in boxes)
    return Box(left, top, right - left, bottom - top)


def _lines(
    tree: Tree,
    ranking: Ranking,
    spots: Mapping[Slot, Box],
    cards: Mapping[str, Box],
    moved: frozenset[str],
) -> Iterable[Line]:
    out, into = _ports(ranking, spots)
    for edge in tree.edges:
        if edge.source not in cards or edge.target not in cards:
            continue
        source, target = cards[edge.source], cards[edge.target]
        if edge.kind is EdgeKind.HIERARCHIC:
            yield _upwards(edge, source, target, is_top=_is_top(source, cards))
        elif edge in ranking.routes and moved.isdisjoint((edge.source, edge.target)):
            route = ranking.routes[edge]
            is_apart_at_start = any(each.bundle and each.bundle[0] == "to" for each in route)
            boxes = [spots[each] for each in route]
            yield _through(edge, boxes, out[edge], into[edge], label_first=is_apart_at_start)
        else:
            yield _direct(edge, source, target)


def _ports(ranking: Ranking, spots: Mapping[Slot, Box]) -> tuple[dict[Edge, float], dict[Edge, float]]:
    """How far above or below the middle of a card a line leaves it, and comes in: in the order of where it goes."""
    out: dict[Edge, float] = {}
    into: dict[Edge, float] = {}
    leaving: dict[Slot, list[Edge]] = {}
    coming: dict[Slot, list[Edge]] = {}
    for edge, route in ranking.routes.items():
        leaving.setdefault(route[0], []).append(edge)
        coming.setdefault(route[-1], []).append(edge)
    for edges, ports, near in ((leaving, out, 1), (coming, into, -2)):
        for together in edges.values():
            by_height = {each: spots[ranking.routes[each][near]].middle[1] for each in together}
            heights = sorted(set(by_height.values()))
            step = min(_PORT, CARD[1] * 0.6 / len(heights))
            for each, height in by_height.items():
                ports[each] = (heights.index(height) - (len(heights) - 1) / 2) * step
    return out, into


def _is_top(card: Box, cards: Mapping[str, Box]) -> bool:
    """Whether nothing stands above it in its column, but for managers."""
    return not any(each.x < card.right and each.right > card.x and 0 <= each.y < card.y for each in cards.values())


def _through(edge: Edge, boxes: Sequence[Box], out: float, into: float, *, label_first: bool) -> Line:
    """From card to card, level through the columns between. The label is in the first gutter, or in the last."""
    here = start = (boxes[0].right, boxes[0].middle[1] + out)
    pieces: list[tuple[Point, Point, Point]] = []
    for box in boxes[1:-1]:
        height = box.middle[1]
        pieces += [_swing(here, (box.x, height)), _swing((box.x, height), (box.right, height))]
        here = (box.right, height)
    last = boxes[-1]
    pieces.append(_swing(here, (last.x, last.middle[1] + into)))
    label_at = _at(start, pieces[0], 0.5) if label_first else _at(here, pieces[-1], 0.5)
    return Line(edge, start, tuple(pieces), label_at)


def _swing(start: Point, end: Point) -> tuple[Point, Point, Point]:
    """It leaves and comes in level."""
    reach = (end[0] - start[0]) * 0.55
    return (start[0] + reach, start[1]), (end[0] - reach, end[1]), end


def _direct(edge: Edge, source: Box, target: Box) -> Line:
    """Side to side where the target is to the right, else around below."""
    if target.x >= source.right + _STUB:
        start, end = (source.right, source.middle[1]), (target.x, target.middle[1])
        swing = _swing(start, end)
        return Line(edge, start, (swing,), _at(start, swing, 0.5))
    start, end = (source.middle[0], source.bottom), (target.middle[0], target.bottom)
    if source is target:
        start, end = (start[0] + 40, start[1]), (end[0] - 40, end[1])
    depth = max(start[1], end[1]) + 46
    piece = ((start[0], depth), (end[0], depth), end)
    return Line(edge, start, (piece,), _at(start, piece, 0.5))


def _upwards(edge: Edge, source: Box, target: Box, *, is_top: bool) -> Line:
    """To a manager: up beside the column, past the cards, and to it from below."""
    start = (source.middle[0] + _BESIDE, source.y)
    end = (target.middle[0], target.bottom)
    if target.bottom > source.y - _STUB:  # it was placed elsewhere than above
        start = (source.middle[0], source.y)
        reach = max(60.0, abs(start[1] - end[1]) / 2)
        piece = ((start[0], start[1] - reach), (end[0], end[1] + reach), end)
        return Line(edge, start, (piece,), _at(start, piece, 0.5))
    turn = end[1] + _ABOVE * 0.4
    if source.y < _STUB:  # among the highest of all: nothing is between
        half = (start[1] + end[1]) / 2
        piece = ((start[0], half), (end[0], half), end)
        return Line(edge, start, (piece,), _at(start, piece, 0.2))
    if is_top:
        corners = [(start[0], turn), (end[0], turn), end]
        return Line(edge, start, tuple(_rounded(start, corners)), (start[0], source.y - 1.4 * _STUB))
    aside = source.x - _GUTTER * 0.34
    corners = [(start[0], source.y - _STUB), (aside, source.y - _STUB), (aside, turn), (end[0], turn), end]
    return Line(edge, start, tuple(_rounded(start, corners)), ((start[0] + aside) / 2, corners[0][1]))


def _rounded(start: Point, corners: Sequence[Point]) -> Iterable[tuple[Point, Point, Point]]:
    """Straight from corner to corner, each of them rounded."""
    here = start
    for corner, after in pairwise(corners):
        into, out = _towards(corner, here), _towards(corner, after)
        yield here, into, into
        yield corner, corner, out
        here = out
    yield here, corners[-1], corners[-1]


def _towards(corner: Point, other: Point) -> Point:
    """A little from the corner to the other, no more than half the way."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = (dx * dx + dy * dy) ** 0.5
    share = min(_ROUND, length / 2) / length if length else 0.0
    return corner[0] + dx * share, corner[1] + dy * share


def _at(start: Point, piece: tuple[Point, Point, Point], t: float) -> Point:
    one, two, end = piece
    a, b, c, d = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3
    return (
        a * start[0] + b * one[0] + c * two[0] + d * end[0],
        a * start[1] + b * one[1] + c * two[1] + d * end[1],
    )
