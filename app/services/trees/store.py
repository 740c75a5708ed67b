"""Trees, kept and read. An application without a tree of its own has the one that its template gives."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models.errors import Conflict, KnownError, NotAllowed
from app.models.records.desk import Actor
from app.models.records.trees import Tree
from app.models.rules.permissions import Action, may
from app.models.tables import Agent, Application, BusinessCalendar, EscalationTree, Team, Vendor
from app.services.database import Database, Work
from app.services.trees.form import (
    as_toml,
    by_identity,
    entry_of,
    of_identity,
    read_entry,
    to_content,
    to_tree,
)
from app.services.trees.templates import tree_by_template

_NAMED: dict[str, tuple[Any, Any]] = {
    "team": (Team, Team.name),
    "vendor": (Vendor, Vendor.name),
    "agent": (Agent, Agent.mail),
    "calendar": (BusinessCalendar, BusinessCalendar.name),
}


@dataclass(frozen=True, slots=True)
class TreeLine:
    """An application and its tree, in short; `version` is 0 where the tree is its template's."""

    application_id: UUID
    application: str
    inherited: bool
    nodes: int
    version: int


def listed(database: Database) -> list[TreeLine]:
    """All applications by name, each with its tree."""
    with database.read() as session:
        rows = list(session.scalars(select(Application).order_by(Application.name)))
        found = [(each, *tree_of(session, each)) for each in rows]
        return [
            TreeLine(each.id, each.name, inherited, len(tree.nodes), tree.version) for each, tree, inherited in found
        ]


def of_application(database: Database, application_id: UUID) -> tuple[Tree, bool]:
    """The application's tree, and whether it is its template's. `KnownError` `tree.no_application`, `tree.broken`."""
    with database.read() as session:
        return tree_of(session, application_of(session, application_id))


def application_of(session: Session, application_id: UUID) -> Application:
    found = session.get(Application, application_id)
    if found is None:
        raise KnownError("tree.no_application", name=str(application_id))
    return found


def tree_of(session: Session, application: Application) -> tuple[Tree, bool]:
    """As `of_application`, within a look at the database."""
    row = session.scalar(select(EscalationTree).where(EscalationTree.application_id == application.id))
    return (_record(row), False) if row is not None else (tree_by_template(session, application), True)


def save(database: Database, actor: Actor, tree: Tree) -> Tree:
    """Keep a tree; it may have findings. Tickets that climb it go on by what it says now.

    `KnownError` `tree.broken`, `tree.double_key`, `tree.name_taken`; `Conflict` `tree.overtaken` where it was saved or
    removed by somebody else since; `NotAllowed`.
    """
    _may_arrange(actor)
    content = to_content(tree, by_identity)
    try:
        with database.write(actor) as work:
            before = _store(work, tree, content)
            work.session.flush()
            work.changed("tree", tree.application_id or tree.id)
            work.audit("tree.saved", tree.id, before=_differing(before, content), after=_differing(content, before))
    except IntegrityError as error:
        raise _taken(database, tree) from error
    return replace(tree, version=tree.version + 1)


def remove(database: Database, actor: Actor, tree: Tree) -> None:
    """Let the application go by its template again. `Conflict` `tree.overtaken`, `NotAllowed`."""
    _may_arrange(actor)
    with database.write(actor) as work:
        same = (EscalationTree.id == tree.id, EscalationTree.version == tree.version)
        if not work.session.connection().execute(delete(EscalationTree).where(*same)).rowcount:
            raise Conflict("tree.overtaken", name=tree.name)
        work.changed("tree", tree.application_id or tree.id)
        work.audit("tree.removed", tree.id, before=to_content(tree, by_identity))


def names(session: Session, kind: str, identity: UUID) -> bool:
    """Whether a step of any tree names this `team`, `vendor` or `calendar`."""
    contents = session.scalars(select(EscalationTree.content))
    return any(node.get(kind) == str(identity) for each in contents for node in each.get("node", ()))


def export(database: Database, tree: Tree) -> str:
    """The tree as a TOML file with names in it. What is gone stands under its identity."""
    with database.read() as session:
        names = {kind: dict(_pairs(session, table.id, name)) for kind, (table, name) in _NAMED.items()}
    return as_toml(to_content(tree, lambda kind, identity: str(names[kind].get(identity, identity))))


def read(database: Database, text: str, onto: Tree) -> Tree:
    """The tree of a file, TOML or JSON, in the place of `onto`; not saved yet.

    `KnownError` `tree.broken`, `tree.double_key`, `tree.unknown_name`: each with the place.
    """
    entry = read_entry(text)
    with database.read() as session:
        ids = {kind: dict(_pairs(session, name, table.id)) for kind, (table, name) in _NAMED.items()}

    def id_of(kind: str, name: str) -> UUID:
        found: UUID | None = ids[kind].get(name)
        return found if found is not None else of_identity(kind, name)

    return to_tree(entry, id_of, onto.id, onto.application_id, onto.version)


def _pairs(session: Session, first: Any, second: Any) -> Iterator[tuple[Any, Any]]:
    return ((each[0], each[1]) for each in session.execute(select(first, second)))


def _store(work: Work, tree: Tree, content: dict[str, Any]) -> dict[str, Any]:
    """Returns what was kept before."""
    values = {"name": tree.name, "content": content, "changed_at": work.now, "version": tree.version + 1}
    row = work.session.get(EscalationTree, tree.id)
    if row is None:
        if tree.version:
            raise Conflict("tree.overtaken", name=tree.name)
        added = {"id": tree.id, "application_id": tree.application_id, **values}
        work.session.execute(insert(EscalationTree).values(**added))
        return {}
    before = row.content
    same = (EscalationTree.id == tree.id, EscalationTree.version == tree.version)
    if not work.session.connection().execute(update(EscalationTree).where(*same).values(**values)).rowcount:
        raise Conflict("tree.overtaken", name=tree.name)
    return before


def _taken(database: Database, tree: Tree) -> KnownError:
    """Whether somebody else gave the application a tree meanwhile, or another tree has the name."""
    if tree.application_id is not None and not of_application(database, tree.application_id)[1] and not tree.version:
        return Conflict("tree.overtaken", name=tree.name)
    return KnownError("tree.name_taken", name=tree.name)


def _differing(some: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    """What `some` says otherwise than `others`: whole entries, nodes and edges one by one."""
    told: dict[str, Any] = {}
    for name, value in some.items():
        if isinstance(value, list):
            known = others.get(name, [])
            if differing := [each for each in value if each not in known]:
                told[name] = differing
        elif value != others.get(name):
            told[name] = value
    return told


def _record(row: EscalationTree) -> Tree:
    content = {**row.content, "name": row.name}
    return to_tree(entry_of(content), of_identity, row.id, row.application_id, row.version)


def _may_arrange(actor: Actor) -> None:
    if not may(actor, Action.ARRANGE):
        raise NotAllowed("not_allowed.arrange")
