"""Lists of tickets: ids for all of a view, rows for what is seen, counts for the views' names."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    SQLColumnExpression,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import BYTEA, aggregate_order_by

from app.models.records.desk import Level
from app.models.records.packed_ids import PackedIds
from app.models.records.queue import QueueColumn, QueueFilter, QueueSort, QueueView
from app.models.records.tickets import Priority, Status, TicketRow
from app.models.rules.targets import SOON
from app.models.tables import Agent, Application, Person, Team, Ticket
from app.services.database import Database
from app.services.tickets.filtering import conditions, is_open

_USUAL = QueueSort()
_STATUS_ORDER = case({each.value: place for place, each in enumerate(Status)}, value=Ticket.status)
_ORDERS: dict[QueueColumn, SQLColumnExpression[Any]] = {
    QueueColumn.NUMBER: Ticket.number,
    QueueColumn.SUBJECT: func.lower(Ticket.subject),
    QueueColumn.REQUESTER: func.lower(Person.name),
    QueueColumn.APPLICATION: func.lower(Application.name),
    QueueColumn.LEVEL: Ticket.level,
    QueueColumn.TEAM: func.lower(Team.name),
    QueueColumn.ASSIGNEE: func.lower(Agent.name),
    QueueColumn.PRIORITY: Ticket.priority,
    QueueColumn.STATUS: _STATUS_ORDER,
    QueueColumn.CHANNEL: Ticket.channel,
    QueueColumn.OPENED: Ticket.opened_at,
    QueueColumn.UPDATED: Ticket.updated_at,
    QueueColumn.DUE: Ticket.due_at,
}
_MAY_BE_EMPTY = (
    QueueColumn.REQUESTER, QueueColumn.APPLICATION, QueueColumn.TEAM, QueueColumn.ASSIGNEE, QueueColumn.DUE,
)  # fmt: skip
_JOINS = {
    QueueColumn.REQUESTER: (Person, Ticket.requester_id == Person.id),
    QueueColumn.APPLICATION: (Application, Ticket.application_id == Application.id),
    QueueColumn.TEAM: (Team, Ticket.team_id == Team.id),
    QueueColumn.ASSIGNEE: (Agent, Ticket.assignee_id == Agent.id),
}


def builtin_views(agent_id: UUID | None, teams: frozenset[UUID]) -> list[QueueView]:
    """The views every desk has; those about oneself need an `agent_id`."""
    views = [QueueView("view.open", "", QueueFilter())]
    if agent_id is not None:
        views.append(QueueView("view.mine", "", QueueFilter(assignees=frozenset({agent_id}))))
    if teams:
        views.append(QueueView("view.team", "", QueueFilter(teams=teams)))
    soon = QueueSort(QueueColumn.DUE, descending=False)
    return [
        *views,
        QueueView("view.unassigned", "", QueueFilter(unassigned=True)),
        QueueView("view.soon", "", QueueFilter(due_within=SOON), sort=soon),
        QueueView("view.waiting", "", QueueFilter(statuses=frozenset({Status.WAITING_CUSTOMER}))),
        *(QueueView(f"view.level_{each.name.lower()}", "", QueueFilter(levels=frozenset({each}))) for each in Level),
        QueueView("view.done", "", QueueFilter(open=False)),
    ]


def ids(database: Database, wanted: QueueFilter, sort: QueueSort = _USUAL, limit: int | None = None) -> PackedIds:
    """The ids of the tickets that `wanted` asks for, in that order; they come as one block of bytes."""
    inner = select(Ticket.id)
    if sort.column in _JOINS:
        inner = inner.outerjoin(*_JOINS[sort.column])
    inner = inner.where(*conditions(wanted, database)).order_by(*_order(sort)).limit(limit)
    with database.read() as session:
        if limit is not None:
            return PackedIds.of(session.scalars(inner))
        if database.is_shared:
            nothing = cast(literal(b""), BYTEA)
            block = func.string_agg(func.uuid_send(Ticket.id), aggregate_order_by(nothing, *_order(sort)), type_=BYTEA)
            whole = inner.with_only_columns(block).order_by(None)
            return PackedIds(bytes(session.scalar(whole) or b""))
        names = session.scalars(inner.with_only_columns(type_coerce(Ticket.id, Text)))
        return PackedIds(bytes.fromhex("".join(names)))


def page(database: Database, wanted: QueueFilter, size: int, after: TicketRow | None = None) -> list[TicketRow]:
    """The next `size` rows behind `after`, by keyset: as quick at the end of a list as at its start."""
    query = _rows().where(*conditions(wanted, database))
    if after is not None:
        behind = and_(Ticket.updated_at == after.updated_at, Ticket.id < after.id)
        query = query.where(or_(Ticket.updated_at < after.updated_at, behind))
    with database.read() as session:
        found = session.execute(query.order_by(Ticket.updated_at.desc(), Ticket.id.desc()).limit(size))
        return [_row(each) for each in found]


def rows(database: Database, wanted: Sequence[UUID]) -> list[TicketRow]:
    """The rows of these tickets in this order; a ticket that is gone is left out."""
    with database.read() as session:
        found = {row.id: _row(row) for row in session.execute(_rows().where(Ticket.id.in_(wanted)))}
    return [found[each] for each in wanted if each in found]


def counts(database: Database, views: Sequence[QueueView]) -> dict[str, int]:
    """How many tickets each view of open tickets holds, by its key. Done tickets are many and are not counted."""
    counted = [view for view in views if view.filter.open and not view.filter.words]
    columns = [
        func.count(case((and_(true(), *conditions(view.filter, database)), 1))).label(f"c{index}")
        for index, view in enumerate(counted)
    ]
    if not columns:
        return {}
    with database.read() as session:
        found = session.execute(select(*columns).where(is_open())).one()
    return {view.key: count for view, count in zip(counted, found, strict=True)}


def _order(sort: QueueSort) -> list[ColumnElement[Any]]:
    """Tickets with nothing in the column come last either way."""
    by = _ORDERS[sort.column]
    ordered = by.desc() if sort.descending else by.asc()
    if sort.column in _MAY_BE_EMPTY:
        ordered = ordered.nulls_last()
    return [ordered, Ticket.id.desc() if sort.descending else Ticket.id.asc()]


@cache
def _rows() -> Select[*tuple[object, ...]]:
    query: Select[*tuple[object, ...]] = (
        select(
            Ticket.id,
            Ticket.number,
            Ticket.subject,
            Ticket.status,
            Ticket.priority,
            Person.name.label("requester"),
            Application.name.label("application"),
            Ticket.level,
            Team.name.label("team"),
            Agent.name.label("assignee"),
            Ticket.channel,
            Ticket.opened_at,
            Ticket.updated_at,
            Ticket.unread,
            Ticket.version,
            Ticket.due_at,
        )
        .outerjoin(Person, Ticket.requester_id == Person.id)
        .outerjoin(Application, Ticket.application_id == Application.id)
        .outerjoin(Team, Ticket.team_id == Team.id)
        .outerjoin(Agent, Ticket.assignee_id == Agent.id)
    )
    return query


def _row(found: Row[*tuple[Any, ...]]) -> TicketRow:
    """In the order of its columns, which is that of the record."""
    ticket_id, number, subject, status, priority, requester, application, level, *rest = found
    named = Status(status), Priority(priority), requester or "", application, Level(level)
    return TicketRow(ticket_id, number, subject, *named, *rest)
