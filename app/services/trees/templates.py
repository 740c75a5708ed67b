"""The tree that an application has before anybody drew one: by its kind, its audience and its support model.

A template (`resources/trees/*.toml`) is a tree's document in which a name that begins with `@` is to be found for the
application: `@own` the team it lies with, `@1` to `@3` that of a level, `@manager` of its own team, `@vendor`, `@hours`
and `@vendor_hours`, `@developer`, `@qa` and `@dba` its people. Names of nodes and checks are keys of words.
"""

import tomllib
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.identifiers import new_id
from app.models.records.applications import ApplicationKind, Duty
from app.models.records.desk import Audience, SupportModel
from app.models.records.trees import EdgeKind, Tree
from app.models.rules.folding import fold
from app.models.rules.tree_checks import reachable
from app.models.tables import Application, ApplicationPerson, Team, Vendor
from app.services.resources import resources
from app.services.trees.form import ContactEntry, EdgeEntry, NodeEntry, TreeEntry, entry_of, of_identity, to_tree
from app.services.wording import tr

_SWARM = "swarm"
_OWN = "@own"


def template_name(kind: ApplicationKind, support_model: SupportModel) -> str:
    """Which template is for such an application."""
    return _SWARM if support_model is SupportModel.SWARM else kind.value


def tree_by_template(session: Session, application: Application) -> Tree:
    """The tree of the application's template, with the teams, people and vendor that there are; version 0, not kept.

    Levels that the desk does not have are left out, the way goes past them.
    """
    kind = ApplicationKind(application.kind)
    template = _template(template_name(kind, SupportModel(application.support_model)))
    known = _Known(session, application)
    found = dict(_filled(template, known, Audience(application.audience)))
    edges = tuple(_bridged(template.edge, found.keys()))
    starts = [template.start, *(each.target for each in _leaving(template, template.start))]
    start = next((each for each in starts if each in found), "")
    entry = TreeEntry(name=application.name, start=start, node=tuple(found.values()), edge=edges)
    tree = to_tree(entry, of_identity, new_id(), application.id, version=0)
    reached = reachable(tree, start)  # a manager is of no use where the level that would turn to them is not there
    kept = tuple(each for each in tree.edges if each.source in reached)
    return replace(tree, nodes=tuple(each for each in tree.nodes if each.key in reached), edges=kept)


@cache
def _template(name: str) -> TreeEntry:
    text = resources().joinpath("trees", f"{name}.toml").read_text(encoding="utf-8")
    return entry_of(tomllib.loads(text))


class _Known:
    """What the names of a template mean for one application; identities as text."""

    def __init__(self, session: Session, application: Application) -> None:
        self._teams = list(session.scalars(select(Team).order_by(Team.level, Team.name)))
        self._application = application
        vendor = session.get(Vendor, application.vendor_id) if application.vendor_id else None
        people = session.scalars(select(ApplicationPerson).where(ApplicationPerson.application_id == application.id))
        self.people: Mapping[str, list[str]] = {f"@{each.value}": [] for each in Duty}
        for each in people:
            self.people[f"@{each.duty}"].append(str(each.agent_id))
        self._names = {
            "@vendor": vendor.id if vendor else None,
            "@vendor_hours": vendor.calendar_id if vendor else None,
            "@hours": application.calendar_id,
        }

    def __call__(self, name: str | None) -> str | None:
        found = self._names.get(name) if name is not None else None
        return str(found) if found is not None else None

    def team(self, name: str | None, *, is_start: bool) -> Team | None:
        """The team of a level: the application's own, one whose name shares a word with it, or the first. A request
        begins with the application's own team whatever its level."""
        own = next((each for each in self._teams if each.id == self._application.team_id), None)
        if name is None or (name == _OWN and own is not None):
            return own if name else None
        at_level = [each for each in self._teams if name in (_OWN, f"@{each.level}")]
        if own in at_level:
            return own
        words = set(fold(self._application.name).split())
        alike = next((each for each in at_level if words & set(fold(each.name).split())), None)
        return alike or next(iter(at_level), own if is_start else None)

    def manager(self) -> UUID | None:
        own = next((each for each in self._teams if each.id == self._application.team_id), None)
        return own.manager_id if own is not None else None


def _filled(template: TreeEntry, known: _Known, audience: Audience) -> Iterator[tuple[str, NodeEntry]]:
    """The nodes that this application has, filled in. Internal ones begin at the second level."""
    begins = [template.start]
    if audience is Audience.INTERNAL:
        begins += [each.target for each in _leaving(template, template.start)]
    for node in template.node:
        if audience is Audience.INTERNAL and node.level == 1:
            continue
        team = known.team(node.team, is_start=node.key in begins)
        manager = known.manager() if node.manager else None
        people = [each for way in node.contact for each in known.people.get(way.agent or "", [])]
        vendor = known(node.vendor)
        is_there = people if node.team is None and any(way.agent for way in node.contact) else team or vendor or manager
        if not is_there:
            continue
        filled = {
            "name": tr(f"tree_node.{node.name}"),
            "team": str(team.id) if team else None,
            "vendor": vendor,
            "manager": str(manager) if manager else None,
            "calendar": known(node.calendar),
            "contact": tuple(_contacts(node, known)),
            "prerequisites": tuple(tr(f"tree_check.{each}") for each in node.prerequisites),
        }
        yield node.key, node.model_copy(update=filled)


def _contacts(node: NodeEntry, known: _Known) -> Iterator[ContactEntry]:
    for way in node.contact:
        if way.agent is None:
            yield way
        else:
            yield from (way.model_copy(update={"agent": each}) for each in known.people.get(way.agent, []))


def _leaving(template: TreeEntry, key: str) -> list[EdgeEntry]:
    return [each for each in template.edge if each.source == key and each.kind is EdgeKind.FUNCTIONAL]


def _bridged(edges: Sequence[EdgeEntry], there: Container[str]) -> Iterator[EdgeEntry]:
    """The edges between nodes that are there; those to one that is not lead on to where it leads."""
    waiting, ends = [each for each in edges if each.source in there], set[tuple[str, str, str]]()
    while waiting:
        edge = waiting.pop(0)
        if (edge.source, edge.target, edge.kind) in ends:
            continue
        ends.add((edge.source, edge.target, edge.kind))
        if edge.target in there:
            yield edge
        elif edge.kind is EdgeKind.FUNCTIONAL:
            waiting += [_past(edge, each) for each in edges if each.source == edge.target and each.kind is edge.kind]


def _past(first: EdgeEntry, second: EdgeEntry) -> EdgeEntry:
    """One edge for the two; with the conditions of the second, unless the first has some."""
    is_plain = not first.model_dump(exclude_defaults=True, exclude={"source", "target"})
    return (second if is_plain else first).model_copy(update={"source": first.source, "target": second.target})
