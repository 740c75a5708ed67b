"""What is wrong with an escalation tree: told as findings, for the picture to warn of. A tree with findings still works
as far as it goes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.models.records.desk import Audience, Level, SupportModel
from app.models.records.trees import Edge, EdgeKind, Finding, Node, Tree, WayKind
from app.models.rules.spans import Span, joined, without

_TOP = (Level.L3, Level.VENDOR)


def _no_spans(node: Node) -> tuple[Span, ...]:  # noqa: ARG001
    return ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a tree stands among. `teams` are those there are, with how many active people each has; `people` are the
    active ones, `vendors` those that can be written to.

    `promised` are the hours in which the application is to be served, over the time that is looked at. Within them
    `open_hours` tells when a node is served by its calendar, and `uncovered` when nobody is on duty for it. Hours are
    counted by the calendars of `counted`; by one that is gone, or whose zone nobody knows, it is round the clock.
    """

    audience: Audience
    support_model: SupportModel
    teams: Mapping[UUID, int] = field(default_factory=dict)
    people: frozenset[UUID] = frozenset()
    vendors: frozenset[UUID] = frozenset()
    counted: frozenset[UUID] = frozenset()
    promised: tuple[Span, ...] = ()
    open_hours: Callable[[Node], Sequence[Span]] = _no_spans
    uncovered: Callable[[Node], Sequence[Span]] = _no_spans


def check(tree: Tree, around: Surroundings | None = None) -> tuple[Finding, ...]:
    """What is wrong with the tree by itself and, where they are given, among its surroundings."""
    found = list(_of_shape(tree))
    if around is not None and tree.nodes:
        found += _of_levels(tree, around)
        found += [each for node in tree.nodes for each in _of_people(node, around)]
        found += _of_hours(tree, around)
    return tuple(found)


def reachable(tree: Tree, start: str, *kinds: EdgeKind) -> frozenset[str]:
    """The nodes that edges of these kinds lead to from `start`, itself as well; all kinds where none is named."""
    wanted = kinds or tuple(EdgeKind)
    there = {each.key for each in tree.nodes}
    onward: dict[str, list[str]] = {}
    for edge in tree.edges:
        if edge.kind in wanted and edge.target in there:
            onward.setdefault(edge.source, []).append(edge.target)
    seen, waiting = set[str](), [start] if start in there else []
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting += onward.get(key, [])
    return frozenset(seen)


def closing_edges(tree: Tree) -> tuple[Edge, ...]:
    """The functional edges that close a circle: without them there is none."""
    closing: list[Edge] = []
    done, open_ways = set[str](), set[str]()
    onward = {each.key: tree.leaving(each.key, EdgeKind.FUNCTIONAL) for each in tree.nodes}
    for root in (tree.start, *onward):
        if root not in onward or root in done:
            continue
        way = [(root, iter(onward[root]))]
        open_ways.add(root)
        while way:
            key, edges = way[-1]
            edge = next(edges, None)
            if edge is None:
                way.pop()
                open_ways.discard(key)
                done.add(key)
            elif edge.target in open_ways:
                closing.append(edge)
            elif edge.target in onward and edge.target not in done:
                open_ways.add(edge.target)
                way.append((edge.target, iter(onward[edge.target])))
    return tuple(closing)


def _of_shape(tree: Tree) -> Iterator[Finding]:
    if not tree.nodes:
        yield Finding("empty")
        return
    names = {each.key: each.name for each in tree.nodes}
    if len(names) < len(tree.nodes):
        keys = [each.key for each in tree.nodes]
        yield from (Finding("double_key", key, facts={"key": key}) for key in names if keys.count(key) > 1)
    for edge in tree.edges:
        for end in (edge.source, edge.target):
            if end not in names:
                yield Finding("edge_nowhere", edge=(edge.source, edge.target), facts={"key": end})
    for edge in closing_edges(tree):
        facts = {"source": names[edge.source], "target": names[edge.target]}
        yield Finding("cycle", edge=(edge.source, edge.target), facts=facts)
    if tree.start not in names:
        yield Finding("no_start", facts={"key": tree.start})
        return
    reached = reachable(tree, tree.start)
    for node in tree.nodes:
        if node.key not in reached:
            yield Finding("unreachable", node.key, facts={"node": node.name})


def _of_levels(tree: Tree, around: Surroundings) -> Iterator[Finding]:
    start = tree.node(tree.start)
    functional = [each for each in tree.nodes if each.key in reachable(tree, tree.start, EdgeKind.FUNCTIONAL)]
    if around.support_model is SupportModel.SWARM:
        if len({each.level for each in functional}) > 1:
            yield Finding("swarm_with_levels")
        return
    if start is not None and around.audience is Audience.CUSTOMER and start.level is not Level.L1:
        yield Finding("customer_without_level_one", start.key, facts={"node": start.name})
    if start is not None and around.audience is Audience.INTERNAL and start.level is Level.L1:
        yield Finding("internal_at_level_one", start.key, facts={"node": start.name})
    yield from _dead_ends(tree, functional)
    levels = {each.key: each for each in tree.nodes}
    for edge in tree.edges:
        source, target = levels.get(edge.source), levels.get(edge.target)
        if edge.kind is EdgeKind.FUNCTIONAL and source and target and target.level < source.level:
            facts = {"source": source.name, "target": target.name}
            yield Finding("edge_down", edge=(edge.source, edge.target), facts=facts)


def _dead_ends(tree: Tree, functional: Sequence[Node]) -> Iterator[Finding]:
    """Where the way ends below the third level: once for the whole tree, if all of it does."""
    tops = {each.key for each in functional if each.level in _TOP}
    if functional and not tops:
        yield Finding("no_top")
        return
    for node in functional:
        if node.level not in _TOP and tops.isdisjoint(reachable(tree, node.key, EdgeKind.FUNCTIONAL)):
            yield Finding("dead_end", node.key, facts={"node": node.name})


def _of_people(node: Node, around: Surroundings) -> Iterator[Finding]:
    facts = {"node": node.name}
    if node.team_id is not None and node.team_id not in around.teams:
        yield Finding("unknown_team", node.key, facts=facts)
    elif not _has_people(node, around):
        yield Finding("nobody", node.key, facts=facts)
    if not node.contacts:
        yield Finding("no_contact", node.key, facts=facts)
    for way in node.contacts:
        if way.kind is WayKind.PERSON and way.agent_id not in around.people:
            yield Finding("person_gone", node.key, facts=facts)
        if way.kind is WayKind.VENDOR and node.vendor_id not in around.vendors:
            yield Finding("no_vendor", node.key, facts=facts)


def _has_people(node: Node, around: Surroundings) -> bool:
    if node.team_id is not None and around.teams.get(node.team_id, 0) > 0:
        return True
    people = {node.manager_id, *(way.agent_id for way in node.contacts)}
    return node.vendor_id in around.vendors or not people.isdisjoint(around.people)


def _of_hours(tree: Tree, around: Surroundings) -> Iterator[Finding]:
    """The first gap of each node and of the whole, and how many hours there are in all."""
    functional = reachable(tree, tree.start, EdgeKind.FUNCTIONAL)
    served: list[Span] = []
    for node in tree.nodes:
        hours = joined(around.open_hours(node))
        gaps = joined(around.uncovered(node))
        if around.promised and not hours:
            yield Finding("never_open", node.key, facts={"node": node.name})
        if node.calendar_id is not None and node.calendar_id not in around.counted:
            yield Finding("no_hours", node.key, facts={"node": node.name})
        if hours and gaps:
            yield Finding("gap", node.key, facts={"node": node.name, **_told(gaps)})
        if node.key in functional:
            served += without(hours, gaps)
    left = without(joined(around.promised), joined(served))
    if left:
        yield Finding("uncovered", facts=_told(left))


def _told(gaps: Sequence[Span]) -> dict[str, str]:
    """The first of them in ISO 8601, how many there are, and their hours in all."""
    hours = sum((until - since).total_seconds() for since, until in gaps) / 3600
    since, until = gaps[0]
    return {"since": since.isoformat(), "until": until.isoformat(), "count": str(len(gaps)), "hours": f"{hours:.1f}"}
