"""Lists of tickets: ids for all of a view, rows for what is seen, counts for the views' names."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select

from app.models.records.desk import Level
from app.models.records.queue import QueueFilter, QueueView
from app.models.records.tickets import Priority, Status, TicketRow
from app.models.tables import Agent, Application, Person, Team, Ticket
from app.services.database import Database
from app.services.database.search import tickets_with

_DONE = (Status.SOLVED.value, Status.CLOSED.value)


def builtin_views(agent_id: UUID | None, teams: frozenset[UUID]) -> list[QueueView]:
    """The views every desk has; those about oneself need an `agent_id`."""
    views = [QueueView("view.open", "", QueueFilter())]
    if agent_id is not None:
        views.append(QueueView("view.mine", "", QueueFilter(assignee=agent_id)))
    if teams:
        views.append(QueueView("view.team", "", QueueFilter(teams=teams)))
    return [
        *views,
        QueueView("view.unassigned", "", QueueFilter(unassigned=True)),
        QueueView("view.waiting", "", QueueFilter(statuses=frozenset({Status.WAITING_CUSTOMER}))),
        QueueView("view.done", "", QueueFilter(open=False)),
    ]


def ids(database: Database, wanted: QueueFilter, limit: int | None = None) -> list[UUID]:
    """The ids of the tickets that `wanted` asks for, latest activity first."""
    query = select(Ticket.id).where(*_conditions(wanted, database)).order_by(Ticket.updated_at.desc(), Ticket.id.desc())
    with database.read() as session:
        return list(session.scalars(query.limit(limit)))


def page(database: Database, wanted: QueueFilter, size: int, after: TicketRow | None = None) -> list[TicketRow]:
    """The next `size` rows behind `after`, by keyset: as quick at the end of a list as at its start."""
    query = _rows().where(*_conditions(wanted, database))
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
        func.count(case((and_(True, *_conditions(view.filter, database)), 1))).label(f"c{index}")
        for index, view in enumerate(counted)
    ]
    if not columns:
        return {}
    with database.read() as session:
        found = session.execute(select(*columns).where(Ticket.status.not_in(_DONE))).one()
    return {view.key: count for view, count in zip(counted, found, strict=True)}


def _conditions(wanted: QueueFilter, database: Database) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Ticket.merged_into_id.is_(None)]
    if wanted.open is not None:
        conditions.append(Ticket.status.not_in(_DONE) if wanted.open else Ticket.status.in_(_DONE))
    for column, values in (
        (Ticket.status, {each.value for each in wanted.statuses}),
        (Ticket.priority, set(map(int, wanted.priorities))),
        (Ticket.level, set(map(int, wanted.levels))),
        (Ticket.team_id, wanted.teams),
        (Ticket.application_id, wanted.applications),
    ):
        if values:
            conditions.append(column.in_(values))
    if wanted.assignee is not None:
        conditions.append(Ticket.assignee_id == wanted.assignee)
    if wanted.unassigned:
        conditions.append(Ticket.assignee_id.is_(None))
    if wanted.words.strip():
        conditions.append(_holds(wanted.words.strip(), database))
    return conditions


def _holds(words: str, database: Database) -> ColumnElement[bool]:
    """Its number, or words somewhere in its conversation."""
    found = Ticket.id.in_(tickets_with(words, database.engine.dialect.name))
    number = words.removeprefix("#")
    return or_(Ticket.number == int(number), found) if number.isdecimal() and len(number) < 16 else found


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


def _row(found: Row[*tuple[object, ...]]) -> TicketRow:
    fields = found._asdict()
    return TicketRow(
        **{
            **fields,
            "status": Status(fields["status"]),
            "priority": Priority(fields["priority"]),
            "level": Level(fields["level"]),
            "requester": fields["requester"] or "",
        }
    )
