"""Saved views: lists of tickets under a name, private or shared with everybody."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update

from app.models.errors import KnownError, NotAllowed
from app.models.identifiers import new_id
from app.models.records.desk import Actor, Level
from app.models.records.queue import QueueColumn, QueueFilter, QueueSort, QueueView
from app.models.records.tickets import Priority, Status
from app.models.rules.permissions import Action, may
from app.models.tables import Agent, Application, Organisation, Person, SavedView, Team
from app.services.database import Database, Work
from app.services.database.unit_of_work import plain

_IDS: Mapping[str, Any] = {
    "teams": Team, "applications": Application, "assignees": Agent, "requesters": Person, "organisations": Organisation,
}  # fmt: skip
_ENUMS: Mapping[str, Any] = {"statuses": Status, "priorities": Priority, "levels": Level}
_SPANS = ("due_within", "opened_within", "updated_within")
_MOMENTS = ("opened_from", "opened_before")
_NAMES = ("channels", "tags")


def listed(database: Database, actor: Actor | None) -> list[QueueView]:
    """One's own views and those shared with everybody, in their order."""
    mine = SavedView.agent_id == actor.id if actor and actor.id else SavedView.agent_id.is_(None)
    query = (
        select(SavedView).where(or_(mine, SavedView.agent_id.is_(None))).order_by(SavedView.position, SavedView.name)
    )
    with database.read() as session:
        return [_view(each) for each in session.scalars(query)]


def save(database: Database, actor: Actor, view: QueueView, *, shared: bool) -> QueueView:
    """Keep a view: a new one behind the others, one that was removed under its own id.

    `KnownError` `view.no_name`; `NotAllowed` `not_allowed.share`, `not_allowed.view` where it is another's own.
    """
    name = " ".join(view.name.split())
    if not name:
        raise KnownError("view.no_name")
    with database.write(actor) as work:
        known = work.session.get(SavedView, UUID(view.key)) if not view.builtin and view.key else None
        if shared:
            _may_share(actor)
        if known is not None:
            _may_change(actor, known)
        values = {
            "name": name,
            "agent_id": None if shared else actor.id,
            "filter": filter_to_json(view.filter),
            "sort": view.sort.words,
            "columns": [each.value for each in view.columns],
        }
        view_id = UUID(view.key) if view.key and not view.builtin else new_id()
        if known is None:
            last = work.session.scalar(select(func.max(SavedView.position))) or 0
            work.session.add(SavedView(id=view_id, position=last + 1, **values))
        else:
            work.session.execute(update(SavedView).where(SavedView.id == view_id).values(**values))
        _tell(work, view_id, "view.saved", name)
    return replace(view, key=str(view_id), name=name, builtin=False, shared=shared)


def remove(database: Database, actor: Actor, view: QueueView) -> None:
    """Forget a view; saving it again brings it back. `NotAllowed` as in `save`."""
    with database.write(actor) as work:
        known = work.session.get(SavedView, UUID(view.key))
        if known is None:
            return
        _may_change(actor, known)
        work.session.execute(delete(SavedView).where(SavedView.id == known.id))
        _tell(work, known.id, "view.removed", view.name)


def missing(database: Database, view: QueueView) -> int:
    """How much of what a view asks for is not known any more: teams, applications and people that are gone, and what
    this Firstline cannot read."""
    gone = 0
    with database.read() as session:
        kept = session.get(SavedView, UUID(view.key))
        if kept is not None:
            gone += len(_read(kept.filter)[1])
        for name, table in _IDS.items():
            wanted = getattr(view.filter, name)
            if wanted:
                there = session.scalar(select(func.count()).select_from(table).where(table.id.in_(wanted))) or 0
                gone += len(wanted) - there
    return gone


def filter_to_json(wanted: QueueFilter) -> dict[str, Any]:
    """The fields that are not as they usually are; spans in seconds."""
    usual, told = QueueFilter(), dict[str, Any]()
    for each in fields(QueueFilter):
        value = getattr(wanted, each.name)
        if value == getattr(usual, each.name):
            continue
        if each.name in _SPANS:
            told[each.name] = value.total_seconds()
        elif each.name == "without":
            told[each.name] = [filter_to_json(one) for one in value]
        else:
            told[each.name] = plain({"": sorted(value, key=str) if isinstance(value, frozenset) else value})[""]
    return told


def filter_of_json(told: Mapping[str, Any]) -> QueueFilter:
    """A filter as it was kept; what is damaged, or of another Firstline that this one does not know, is left out."""
    return _read(told)[0]


def _read(told: Mapping[str, Any]) -> tuple[QueueFilter, list[str]]:
    """The filter, and the fields of which something could not be read."""
    known = {each.name for each in fields(QueueFilter)}
    values, lost = dict[str, Any](), list[str]()
    for name, value in told.items():
        try:
            if name not in known:
                raise ValueError(name)
            values[name], whole = _field(name, value)
        except (TypeError, ValueError, AttributeError, OverflowError):
            whole = False
        if not whole:
            lost.append(name)
    return QueueFilter(**values), lost


def _field(name: str, value: Any) -> tuple[Any, bool]:
    """The field's value, and whether all of it was known. `ValueError` and its like where it is no such value."""
    if name in _IDS:
        return frozenset(map(UUID, value)), True
    if name in _ENUMS:
        members = {each.value: each for each in _ENUMS[name]}
        return frozenset(members[each] for each in value if each in members), set(value) <= members.keys()
    if name in _SPANS:
        return timedelta(seconds=value), True
    if name in _MOMENTS:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(name)
        return moment, True
    if name == "without":
        # one that is not whole would leave out more than it was meant to, in the end everything
        read = [_read(each) for each in value]
        return tuple(one for one, lost in read if not lost), not any(lost for _, lost in read)
    if name in _NAMES:
        return frozenset(each for each in value if isinstance(each, str)), isinstance(value, list)
    usual = getattr(QueueFilter(), name)
    if not isinstance(value, type(usual)) and not (name == "open" and value is None):
        raise ValueError(name)
    return value, True


def _view(row: SavedView) -> QueueView:
    known = {each.value: each for each in QueueColumn}
    return QueueView(
        key=str(row.id),
        name=row.name,
        filter=filter_of_json(row.filter),
        builtin=False,
        sort=QueueSort.of(row.sort),
        columns=tuple(known[each] for each in row.columns if each in known),
        shared=row.agent_id is None,
    )


def _may_share(actor: Actor) -> None:
    if not may(actor, Action.SHARE):
        raise NotAllowed("not_allowed.share")


def _may_change(actor: Actor, known: SavedView) -> None:
    if known.agent_id is None:
        _may_share(actor)
    elif known.agent_id != actor.id:
        raise NotAllowed("not_allowed.view")


def _tell(work: Work, view_id: UUID, action: str, name: str) -> None:
    work.changed("saved_view", view_id)
    work.audit(action, view_id, after={"name": name})
