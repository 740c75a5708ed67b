"""Trees as they would be seen at an instant, made up for the pictures and for tests that need no desk."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.models.records.desk import Audience, Level, SupportModel
from app.models.records.on_call import OnDuty
from app.models.records.tickets import Priority
from app.models.records.trees import Edge, EdgeConditions, EdgeKind, Finding, Node, NodeView, Tree, TreeView
from app.views.screens.large_tree import large_tree

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
_PEOPLE = ("Lena Vogt", "Tomasz Zieliński", "Priya Nair", "Jonas Weber", "Aoife Byrne")


def small_tree() -> Tree:
    """A payments application: three levels, a vendor, a manager."""
    nodes = (
        Node("desk", "Service desk", Level.L1),
        Node("payments", "Payments support", Level.L2, prerequisites=("Transaction number asked for",)),
        Node("data", "Data warehouse", Level.L2),
        Node("engineering", "Payments engineering", Level.L3),
        Node("vendor", "Clearing house", Level.VENDOR),
        Node("manager", "Head of service", Level.L3),
    )
    hour = timedelta(hours=1)
    edges = (
        Edge("desk", "payments", conditions=EdgeConditions(categories=("payments",))),
        Edge("desk", "data", conditions=EdgeConditions(categories=("reports",))),
        Edge("payments", "engineering"),
        Edge("data", "engineering", conditions=EdgeConditions(components=("etl",))),
        Edge("engineering", "vendor", conditions=EdgeConditions(open_hours=True)),
        Edge("payments", "manager", EdgeKind.HIERARCHIC, EdgeConditions(priorities=(Priority.P1,))),
        Edge("engineering", "manager", EdgeKind.HIERARCHIC, after=4 * hour),
    )
    return Tree(UUID(int=6), "Payments", nodes, edges, "desk")


def seen(tree: Tree, at: datetime = NOON) -> TreeView:
    """Somebody is on duty at every step, hour after hour."""
    nodes = tuple(_seen(each, place, at) for place, each in enumerate(tree.nodes))
    return TreeView(tree, at, tree.name, Audience.CUSTOMER, SupportModel.TIERED, inherited=False, nodes=nodes)


def climbing(at: datetime = NOON) -> TreeView:
    """The small tree with a ticket on its way, a gap, and steps that are not well."""
    view = seen(small_tree(), at)
    gap = (at + timedelta(hours=9), at + timedelta(hours=15))
    told: dict[str, dict[str, Any]] = {
        "desk": {"walked": True},
        "payments": {"walked": True, "current": True, "share": 0.82, "due_at": at + timedelta(minutes=11)},
        "data": {"on_duty": "", "duty": None, "next_on_duty": "Aoife Byrne", "gap": (at, at + timedelta(hours=2))},
        "engineering": {"gap": gap},
        "vendor": {"is_open": False, "opens_at": at + timedelta(hours=20), "on_duty": ""},
    }
    nodes = tuple(replace(each, **told.get(each.node.key, {})) for each in view.nodes)
    return replace(view, nodes=nodes, way=("desk", "payments"), ticket_number=1042)


def large() -> TreeView:
    """Sixty steps, one ticket at its second level."""
    view = seen(large_tree())
    told: dict[str, dict[str, Any]] = {
        "desk": {"walked": True},
        "l2-6": {"walked": True},
        "l3-6-0": {"walked": True, "current": True, "share": 0.4, "due_at": NOON + timedelta(hours=2)},
        "l2-9": {"on_duty": "", "duty": None, "findings": (Finding("nobody", "l2-9", facts={"node": "Treasury"}),)},
    }
    nodes = tuple(replace(each, **told.get(each.node.key, {})) for each in view.nodes)
    return replace(view, nodes=nodes, way=("desk", "l2-6", "l3-6-0"), ticket_number=1042)


def _seen(node: Node, place: int, at: datetime) -> NodeView:
    vendor = node.name if node.level is Level.VENDOR else ""
    manager = "Sam Okafor" if node.key.startswith("manager") else ""
    person, then = _PEOPLE[place % 5], _PEOPLE[(place + 2) % 5]
    on_duty = "" if vendor or manager else person
    return NodeView(
        node=node,
        team="" if vendor or manager else f"{node.name} team",
        vendor=vendor,
        manager=manager,
        on_duty=on_duty,
        duty=OnDuty(UUID(int=place + 1), at + timedelta(hours=1 + place % 9), None) if on_duty else None,
        next_on_duty=then if on_duty else "",
        is_open=True,
    )
