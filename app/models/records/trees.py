"""Escalation trees: who takes a request over when a level cannot solve it, and which manager is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.models.records.desk import Audience, Level, SupportModel
from app.models.records.on_call import OnDuty
from app.models.records.tickets import Priority


class WayKind(StrEnum):
    """Whom to try: who is on duty for the team, who is next, everybody of it, one person, its manager, the vendor."""

    ON_DUTY = "on_duty"
    NEXT_ON_DUTY = "next_on_duty"
    TEAM = "team"
    PERSON = "person"
    MANAGER = "manager"
    VENDOR = "vendor"


@dataclass(frozen=True, slots=True)
class ContactWay:
    """One contact of a node, tried until it accepts, declines, or `answer_within` is over."""

    kind: WayKind
    agent_id: UUID | None = None
    answer_within: timedelta = timedelta(minutes=15)


class EdgeKind(StrEnum):
    """Functional: to more skill. Hierarchic: to who leads."""

    FUNCTIONAL = "functional"
    HIERARCHIC = "hierarchic"


@dataclass(frozen=True, slots=True)
class EdgeConditions:
    """When an edge is for a ticket; what is empty does not matter. `open_hours`: only while the node it leads to is
    served (True), or only while it is not (False)."""

    categories: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    priorities: tuple[Priority, ...] = ()
    open_hours: bool | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from node `source` to node `target`. Edges are tried in their order.

    A hierarchic one is taken by itself: at once for the priorities in `conditions`, or when the ticket lay `after`
    with the level (None: only by priority).
    """

    source: str
    target: str
    kind: EdgeKind = EdgeKind.FUNCTIONAL
    conditions: EdgeConditions = EdgeConditions()
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A step of the way. `key` is its name within the tree.

    `calendar_id` None: round the clock. `accept_within` and `resolve_within` are by priority, with the promise for all
    others under None. `contacts` are tried in order, the whole list `repeat` times. `categories` empty: all.
    `x` and `y` are where a person put it in the picture; None where it is laid out.
    """

    key: str
    name: str
    level: Level
    team_id: UUID | None = None
    vendor_id: UUID | None = None
    manager_id: UUID | None = None
    calendar_id: UUID | None = None
    contacts: tuple[ContactWay, ...] = (ContactWay(WayKind.ON_DUTY), ContactWay(WayKind.TEAM))
    repeat: int = 2
    accept_within: Mapping[Priority | None, timedelta] = field(default_factory=dict)
    resolve_within: Mapping[Priority | None, timedelta] = field(default_factory=dict)
    prerequisites: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    x: float | None = None
    y: float | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """The way up for an application, or a template. Requests begin at the node `start`."""

    id: UUID
    name: str
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    start: str = ""
    application_id: UUID | None = None
    version: int = 1

    def node(self, key: str) -> Node | None:
        return next((each for each in self.nodes if each.key == key), None)

    def leaving(self, key: str, kind: EdgeKind) -> tuple[Edge, ...]:
        return tuple(each for each in self.edges if each.source == key and each.kind is kind)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a tree: a `code` for words, at a node, an edge or the whole (both empty), with facts."""

    code: str
    node: str = ""
    edge: tuple[str, str] | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NodeView:
    """A node at an instant. `on_duty` and `next_on_duty` are names; empty where nobody is.

    `gap` is when cover ends within the next day, `open` whether the node is served now, `opens_at` when it will be.
    `share` (0 to 1, or more) is how much of the running clock of a ticket here is used, `due_at` when it ends.
    """

    node: Node
    team: str
    vendor: str
    manager: str
    on_duty: str
    duty: OnDuty | None
    next_on_duty: str
    is_open: bool
    opens_at: datetime | None = None
    gap: tuple[datetime, datetime] | None = None
    findings: tuple[Finding, ...] = ()
    walked: bool = False
    current: bool = False
    share: float | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TreeView:
    """A tree at the instant `at`, for an application, and maybe for a ticket that climbs it."""

    tree: Tree
    at: datetime
    application: str
    audience: Audience
    support_model: SupportModel
    inherited: bool
    nodes: tuple[NodeView, ...]
    findings: tuple[Finding, ...] = ()
    way: tuple[str, ...] = ()
    ticket_number: int | None = None


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What of a ticket the edges ask for."""

    priority: Priority
    category: str = ""
    component: str = ""
    skill: str = ""
    language: str = ""


Reason = tuple[str, Mapping[str, str]]
"""Why something is proposed: a code and its facts; in words as `why.<code>`."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """The node proposed, `why` in codes with facts, and what else the tree allows from here."""

    node: str
    why: tuple[Reason, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ManagerStep:
    """At `at` the node `node` is told, by a hierarchic edge; `why` as in `NextStep`."""

    node: str
    at: datetime
    why: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class PlannedContact:
    """One attempt as it will be made if nobody answers: when, at which node, whom, until when they may answer.

    `agent_id` is None for a vendor, a whole team, and where nobody was found: then `note` says why (a code).
    """

    at: datetime
    node: str
    kind: WayKind
    agent_id: UUID | None
    answer_by: datetime
    round: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class SimulatedCall:
    """A planned contact with its names: of the node, and of the person, the team or the vendor."""

    at: datetime
    node: str
    node_name: str
    kind: WayKind
    agent_id: UUID | None
    who: str
    answer_by: datetime
    round: int
    note: str


@dataclass(frozen=True, slots=True)
class Simulation:
    """Who would be asked when, if a request came in at `at` and nobody ever answered; in the order of time."""

    application: str
    at: datetime
    facts: TicketFacts
    inherited: bool
    calls: tuple[SimulatedCall, ...]
