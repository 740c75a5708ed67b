"""A tree of sixty steps, as a bank with many teams has it: for the pictures, and for tests of the layout."""

from datetime import timedelta
from uuid import UUID

from app.models.records.desk import Level
from app.models.records.tickets import Priority
from app.models.records.trees import Edge, EdgeConditions, EdgeKind, Node, Tree

_AREAS = (
    "Payments", "Cards", "Loans", "Onboarding", "Mobile app", "Web front end", "Reporting", "Ledger", "Fraud",
    "Treasury", "Identity", "Messaging", "Data lake", "Risk models", "Branch desk", "Partner API", "Archive", "Print",
)  # fmt: skip
_SPECIAL = ("Database", "Platform")
_VENDORS = ("Core banking vendor", "Card network", "Cloud provider")


def large_tree() -> Tree:
    """One service desk, 18 second-level teams, two specialists for each and some shared, vendors and managers."""
    nodes = [Node("desk", "Service desk", Level.L1)]
    edges: list[Edge] = []
    for place, area in enumerate(_AREAS):
        key = f"l2-{place}"
        nodes.append(Node(key, area, Level.L2, accept_within={None: timedelta(minutes=30)}))
        edges.append(Edge("desk", key, conditions=EdgeConditions(categories=(area.lower(),))))
    for place, area in enumerate(_AREAS):
        for number, special in enumerate(_SPECIAL if place < 15 else _SPECIAL[:1]):
            key = f"l3-{place}-{number}"
            nodes.append(Node(key, f"{area}: {special.lower()}", Level.L3))
            edges.append(Edge(f"l2-{place}", key, conditions=EdgeConditions(components=(special.lower(),))))
    for number, name in enumerate(_VENDORS):
        nodes.append(Node(f"vendor-{number}", name, Level.VENDOR))
        edges += [Edge(f"l3-{place}-0", f"vendor-{number}") for place in range(number, len(_AREAS), 5)]
    for number, name in enumerate(("Head of service", "Head of engineering", "Duty manager")):
        nodes.append(Node(f"manager-{number}", name, Level(number + 1)))
    nodes += [Node("bridge", "Major incident bridge", Level.L3), Node("network", "Network operations", Level.L2)]
    edges += [Edge("desk", "network"), Edge("network", "bridge"), Edge("desk", "bridge")]
    only_p1 = EdgeConditions(priorities=(Priority.P1,))
    hour = timedelta(hours=1)
    edges += [
        Edge("desk", "manager-0", EdgeKind.HIERARCHIC, only_p1),
        Edge("l2-3", "manager-1", EdgeKind.HIERARCHIC, after=hour),
        Edge("l2-12", "manager-1", EdgeKind.HIERARCHIC, after=hour),
        Edge("l3-4-0", "manager-2", EdgeKind.HIERARCHIC, after=2 * hour),
    ]
    return Tree(UUID(int=60), "All of the bank", tuple(nodes), tuple(edges), "desk")
