"""A tree as a document: TOML for people, JSON for programs and for the database.

In the database teams, vendors, people and calendars stand under their identities, in a file under their names.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import tomlkit
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from app.models.errors import KnownError
from app.models.records.desk import Level
from app.models.records.tickets import Priority
from app.models.records.trees import ContactWay, Edge, EdgeConditions, EdgeKind, Node, Tree, WayKind

_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:\d+[dhms])+")
_PART = re.compile(r"(\d+)([dhms])")
_LONGEST = timedelta(days=3650)

NameOf = Callable[[str, UUID], str]
"""What the team, vendor, agent or calendar (the first argument) of an identity is called in the document."""
IdOf = Callable[[str, str], UUID]
"""The identity of what is called so; `LookupError` where there is none."""


def _read_duration(told: object) -> timedelta:
    if isinstance(told, timedelta):
        return told
    if not isinstance(told, str) or len(told) > 40 or not _DURATION.fullmatch(told):
        raise ValueError("a time is written as 15m, 4h or 1d12h")
    seconds = sum(int(count) * _UNITS[unit] for count, unit in _PART.findall(told))
    if seconds > _LONGEST.total_seconds():
        raise ValueError("a time of more than ten years")
    return timedelta(seconds=seconds)


def _write_duration(span: timedelta) -> str:
    left, told = int(span.total_seconds()), ""
    for unit, seconds in _UNITS.items():
        count, left = divmod(left, seconds)
        told += f"{count}{unit}" if count else ""
    return told or "0m"


def _storable(told: str) -> str:
    if "\0" in told:
        raise ValueError("the letter U+0000 cannot be kept")
    return told


Duration = Annotated[timedelta, BeforeValidator(_read_duration), PlainSerializer(_write_duration)]
Key = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w.-]+$")]
Words = Annotated[str, Field(max_length=500), AfterValidator(_storable)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_storable)]
Within = dict[Literal["P1", "P2", "P3", "P4", "other"], Duration]
_STRICT = ConfigDict(extra="forbid", frozen=True)


class ContactEntry(BaseModel):
    model_config = _STRICT
    kind: WayKind
    agent: Words | None = None
    answer_within: Duration = timedelta(minutes=15)


class NodeEntry(BaseModel):
    """As `models.records.trees.Node`; `accept_within` and `resolve_within` by priority, `other` for the rest."""

    model_config = _STRICT
    key: Key
    name: Name
    level: Literal[1, 2, 3, 4]
    team: Words | None = None
    vendor: Words | None = None
    manager: Words | None = None
    calendar: Words | None = None
    contact: tuple[ContactEntry, ...] = (ContactEntry(kind=WayKind.ON_DUTY), ContactEntry(kind=WayKind.TEAM))
    repeat: Annotated[int, Field(ge=1, le=100)] = 2
    accept_within: Within = {}
    resolve_within: Within = {}
    prerequisites: tuple[Words, ...] = ()
    categories: tuple[Words, ...] = ()
    x: float | None = None
    y: float | None = None


class EdgeEntry(BaseModel):
    """As `models.records.trees.Edge`, with its conditions beside its ends."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    source: Annotated[str, Field(alias="from", max_length=64)]
    target: Annotated[str, Field(alias="to", max_length=64)]
    kind: EdgeKind = EdgeKind.FUNCTIONAL
    after: Duration | None = None
    categories: tuple[Words, ...] = ()
    components: tuple[Words, ...] = ()
    skills: tuple[Words, ...] = ()
    languages: tuple[Words, ...] = ()
    priorities: tuple[Literal["P1", "P2", "P3", "P4"], ...] = ()
    open_hours: bool | None = None


class TreeEntry(BaseModel):
    model_config = _STRICT
    name: Name
    start: Annotated[str, Field(max_length=64)] = ""
    node: Annotated[tuple[NodeEntry, ...], Field(max_length=1000)] = ()
    edge: Annotated[tuple[EdgeEntry, ...], Field(max_length=5000)] = ()


def read_entry(text: str) -> TreeEntry:
    """What a file says, TOML or JSON. `KnownError` `tree.broken` names the place and what is wrong there."""
    is_json = text.lstrip().startswith("{")
    try:
        return entry_of(json.loads(text) if is_json else tomllib.loads(text))
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise KnownError("tree.broken", place="JSON" if is_json else "TOML", reason=str(error)) from error


def entry_of(content: object) -> TreeEntry:
    """The same of what was read already; errors as `read_entry`, and `tree.double_key`."""
    try:
        entry = TreeEntry.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = " ".join(str(each + 1) if isinstance(each, int) else each for each in first["loc"])
        raise KnownError("tree.broken", place=place, reason=first["msg"]) from error
    keys = [each.key for each in entry.node]
    double = next((each for each in keys if keys.count(each) > 1), None)
    if double is not None:
        raise KnownError("tree.double_key", key=double)
    return entry


def to_content(tree: Tree, name_of: NameOf) -> dict[str, Any]:
    """The tree's document as plain JSON values; what is as usual is left out. Errors as `read_entry`."""
    nodes = [_node_content(each, name_of) for each in tree.nodes]
    edges = [_edge_content(each) for each in tree.edges]
    entry = entry_of({"name": tree.name, "start": tree.start, "node": nodes, "edge": edges})
    return entry.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def to_tree(entry: TreeEntry, id_of: IdOf, tree_id: UUID, application_id: UUID | None = None, version: int = 1) -> Tree:
    """The tree that the document tells of. `KnownError` `tree.unknown_name`."""
    nodes = tuple(_node(place, each, id_of) for place, each in enumerate(entry.node, 1))
    edges = tuple(_edge(each) for each in entry.edge)
    return Tree(tree_id, entry.name, nodes, edges, entry.start, application_id, version)


def as_toml(content: Mapping[str, Any]) -> str:
    """What `to_content` gave, as a file for people."""
    return tomlkit.dumps(content)


def by_identity(kind: str, identity: UUID) -> str:  # noqa: ARG001
    """The database's own way to name what a tree leads to."""
    return str(identity)


def of_identity(kind: str, told: str) -> UUID:  # noqa: ARG001
    try:
        return UUID(told)
    except ValueError as error:
        raise LookupError(told) from error


def _node(place: int, entry: NodeEntry, id_of: IdOf) -> Node:
    def found(kind: str, name: str | None, where: str) -> UUID | None:
        if name is None:
            return None
        try:
            return id_of(kind, name)
        except LookupError as error:
            raise KnownError("tree.unknown_name", place=f"node {place} {where}", name=name) from error

    contacts = tuple(
        ContactWay(each.kind, found("agent", each.agent, f"contact {number}"), each.answer_within)
        for number, each in enumerate(entry.contact, 1)
    )
    return Node(
        entry.key,
        entry.name,
        Level(entry.level),
        found("team", entry.team, "team"),
        found("vendor", entry.vendor, "vendor"),
        found("agent", entry.manager, "manager"),
        found("calendar", entry.calendar, "calendar"),
        contacts,
        entry.repeat,
        _targets(entry.accept_within),
        _targets(entry.resolve_within),
        entry.prerequisites,
        entry.categories,
        entry.x,
        entry.y,
    )


def _targets(told: Within) -> dict[Priority | None, timedelta]:
    return {None if name == "other" else Priority[name]: within for name, within in told.items()}


def _edge(entry: EdgeEntry) -> Edge:
    conditions = EdgeConditions(
        entry.categories,
        entry.components,
        entry.skills,
        entry.languages,
        tuple(Priority[each] for each in entry.priorities),
        entry.open_hours,
    )
    return Edge(entry.source, entry.target, entry.kind, conditions, entry.after)


def _node_content(node: Node, name_of: NameOf) -> dict[str, Any]:
    def name(kind: str, identity: UUID | None) -> str | None:
        return name_of(kind, identity) if identity is not None else None

    return {
        "key": node.key,
        "name": node.name,
        "level": node.level.value,
        "team": name("team", node.team_id),
        "vendor": name("vendor", node.vendor_id),
        "manager": name("agent", node.manager_id),
        "calendar": name("calendar", node.calendar_id),
        "contact": tuple(
            {"kind": each.kind, "agent": name("agent", each.agent_id), "answer_within": each.answer_within}
            for each in node.contacts
        ),
        "repeat": node.repeat,
        "accept_within": _within(node.accept_within),
        "resolve_within": _within(node.resolve_within),
        "prerequisites": node.prerequisites,
        "categories": node.categories,
        "x": node.x,
        "y": node.y,
    }


def _within(targets: Mapping[Priority | None, timedelta]) -> dict[str, timedelta]:
    return {each.name if each is not None else "other": within for each, within in targets.items()}


def _edge_content(edge: Edge) -> dict[str, Any]:
    wanted = edge.conditions
    return {
        "source": edge.source,
        "target": edge.target,
        "kind": edge.kind,
        "after": edge.after,
        "categories": wanted.categories,
        "components": wanted.components,
        "skills": wanted.skills,
        "languages": wanted.languages,
        "priorities": tuple(each.name for each in wanted.priorities),
        "open_hours": wanted.open_hours,
    }
