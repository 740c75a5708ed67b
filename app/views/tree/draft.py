"""A tree while it is edited: each change a step that can be taken back and done again. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.models.records.desk import Level
from app.models.records.trees import Edge, EdgeKind, Finding, Node, NodeView, Tree, TreeView
from app.models.rules.tree_checks import check

_KEPT = 200
_LONGEST_STEM = 48


@dataclass
class Draft:
    """`saved` is what the database has, `tree` what is edited."""

    saved: Tree
    tree: Tree = field(init=False)
    _before: list[Tree] = field(default_factory=list, init=False)
    _after: list[Tree] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.tree = self.saved

    @property
    def is_changed(self) -> bool:
        return self.tree != self.saved

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        return bool(self._after)

    def undo(self) -> None:
        if self._before:
            self._after.append(self.tree)
            self.tree = self._before.pop()

    def redo(self) -> None:
        if self._after:
            self._before.append(self.tree)
            self.tree = self._after.pop()

    def stored(self, tree: Tree) -> None:
        """The database has `tree` now. What was changed while it was written stays changed."""
        self.saved, self.tree = tree, _as(tree, self.tree)
        self._before = [_as(tree, each) for each in self._before]
        self._after = [_as(tree, each) for each in self._after]

    def build_on(self, theirs: Tree) -> None:
        """Somebody else stored a tree meanwhile; the next save takes its place."""
        content = self.tree
        self.stored(theirs)
        self.tree = _as(theirs, content)

    def add(self, name: str, after: str = "") -> str:
        """A step on the level after `after`, with an edge from there; the first is the start. Hands out its key."""
        source = self.tree.node(after)
        key = _free_key({each.key for each in self.tree.nodes}, name)
        level = Level(min(source.level + 1, Level.VENDOR)) if source else Level.L1
        edges = (*self.tree.edges, Edge(after, key)) if source else self.tree.edges
        nodes = (*self.tree.nodes, Node(key, name, level))
        self._do(replace(self.tree, nodes=nodes, edges=edges, start=self.tree.start if self.tree.nodes else key))
        return key

    def add_manager(self, name: str, told_by: str) -> str:
        """Somebody who leads, told by a step."""
        key = _free_key({each.key for each in self.tree.nodes}, name)
        source = self.tree.node(told_by)
        node = Node(key, name, source.level if source else Level.L1)
        edges = (*self.tree.edges, Edge(told_by, key, EdgeKind.HIERARCHIC)) if source else self.tree.edges
        self._do(replace(self.tree, nodes=(*self.tree.nodes, node), edges=edges))
        return key

    def connect(self, source: str, target: str, kind: EdgeKind = EdgeKind.FUNCTIONAL) -> Edge | None:
        """A new edge, unless there is one already, or an end is nowhere, or both are the same."""
        edge = Edge(source, target, kind)
        there = any(_same_way(each, edge) for each in self.tree.edges)
        if there or source == target or self.tree.node(source) is None or self.tree.node(target) is None:
            return None
        self._do(replace(self.tree, edges=(*self.tree.edges, edge)))
        return edge

    def remove(self, what: str | Edge) -> None:
        """An edge, or a step with all its edges."""
        if isinstance(what, Edge):
            self._do(replace(self.tree, edges=tuple(each for each in self.tree.edges if each != what)))
            return
        nodes = tuple(each for each in self.tree.nodes if each.key != what)
        edges = tuple(each for each in self.tree.edges if what not in (each.source, each.target))
        start = self.tree.start if self.tree.start != what else _next_start(self.tree, what, nodes)
        self._do(replace(self.tree, nodes=nodes, edges=edges, start=start))

    def change(self, node: Node) -> None:
        """The step of that key looks so from now on."""
        nodes = tuple(node if each.key == node.key else each for each in self.tree.nodes)
        self._do(replace(self.tree, nodes=nodes))

    def change_edge(self, edge: Edge, to: Edge) -> None:
        edges = tuple(to if each == edge else each for each in self.tree.edges)
        self._do(replace(self.tree, edges=edges))

    def move_edge(self, edge: Edge, by: int) -> None:
        """Earlier (-1) or later (1) among the edges that leave the same step: they are tried in their order."""
        edges = list(self.tree.edges)
        alike = [place for place, each in enumerate(edges) if each.source == edge.source and each.kind is edge.kind]
        here = alike.index(edges.index(edge))
        if 0 <= here + by < len(alike):
            one, other = alike[here], alike[here + by]
            edges[one], edges[other] = edges[other], edges[one]
            self._do(replace(self.tree, edges=tuple(edges)))

    def place(self, key: str, x: float, y: float) -> None:
        """A person put a step there."""
        node = self.tree.node(key)
        if node is not None:
            self.change(replace(node, x=round(x), y=round(y)))

    def lay_out(self) -> None:
        """Forget where persons put steps."""
        self._do(replace(self.tree, nodes=tuple(replace(each, x=None, y=None) for each in self.tree.nodes)))

    def take_up(self, tree: Tree) -> None:
        """Go on with what was begun before; it keeps the version that it was made of."""
        self._do(tree)

    def start_at(self, key: str) -> None:
        """Requests begin there."""
        self._do(replace(self.tree, start=key))

    def _do(self, tree: Tree) -> None:
        if tree != self.tree:
            self._before = [*self._before, self.tree][-_KEPT:]
            self._after = []
            self.tree = tree


def draft_view(tree: Tree, seen: TreeView, teams: Mapping[object, str], at: datetime) -> TreeView:
    """How a draft looks before the database was asked: people as they were seen, with what is wrong by shape alone."""
    known = {each.node.key: each for each in seen.nodes}
    findings = check(tree)
    nodes = tuple(_draft_node(node, known.get(node.key), findings, teams) for node in tree.nodes)
    return replace(seen, tree=tree, at=at, nodes=nodes, findings=findings, way=(), ticket_number=None)


def _draft_node(
    node: Node, known: NodeView | None, findings: tuple[Finding, ...], teams: Mapping[object, str]
) -> NodeView:
    own = tuple(each for each in findings if each.node == node.key or (each.edge and node.key == each.edge[0]))
    if known is not None and known.node.team_id == node.team_id:
        fresh = replace(known, node=node, findings=own, walked=False, current=False, share=None, due_at=None)
        return replace(fresh, gap=None)
    team = teams.get(node.team_id, "") if node.team_id else ""
    return NodeView(node, team, "", "", "", None, "", is_open=True, findings=own)


def _as(stored: Tree, tree: Tree) -> Tree:
    """Another content of the stored tree."""
    return replace(tree, id=stored.id, application_id=stored.application_id, version=stored.version)


def _next_start(tree: Tree, gone: str, left: tuple[Node, ...]) -> str:
    onward = [each.target for each in tree.leaving(gone, EdgeKind.FUNCTIONAL)]
    keys = [each.key for each in left]
    return next((each for each in (*onward, *keys) if each in keys), "")


def _same_way(one: Edge, other: Edge) -> bool:
    return (one.source, one.target, one.kind) == (other.source, other.target, other.kind)


def _free_key(taken: set[str], name: str) -> str:
    """A short name within the tree that nobody has: letters and digits of `name`."""
    stem = "".join(each if each.isalnum() else "-" for each in name.lower()).strip("-")[:_LONGEST_STEM] or "step"
    return next(key for key in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if key not in taken)
