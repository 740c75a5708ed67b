"""The full history of a ticket, as the audit has it."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.models.errors import KnownError
from app.models.records.history import Difference, HistoryEntry
from app.models.tables import Agent, Application, Audit, Team, Ticket
from app.services.database import Database
from app.services.database.unit_of_work import plain

_NAMED: Mapping[str, Any] = {
    "assignee_id": Agent, "owner_id": Agent, "team_id": Team, "application_id": Application,
}  # fmt: skip


EVENTS = ("ticket.changed", "ticket.merged", "ticket.split", "ticket.message_moved", "ticket.linked", "ticket.unlinked")
"""What the conversation tells of between messages; answers, notes and calls stand there themselves."""

_MOST_EVENTS = 200


def history(database: Database, ticket_id: UUID) -> list[HistoryEntry]:
    """Everything that was done to a ticket, the newest first."""
    with database.read() as session:
        return _entries(session, select(Audit).where(Audit.ticket_id == ticket_id))


def events(session: Session, ticket_id: UUID) -> list[HistoryEntry]:
    """What was changed of a ticket, the oldest first: of very many, the newest."""
    query = select(Audit).where(Audit.ticket_id == ticket_id, Audit.action.in_(EVENTS)).limit(_MOST_EVENTS)
    return _entries(session, query)[::-1]


def differences(
    database: Database, ticket_id: UUID, saw: Mapping[str, Any], wanted: Mapping[str, Any]
) -> list[Difference]:
    """Each field of `saw` that is not any more as a person saw it, or that they want otherwise. `KnownError`
    `ticket.gone`."""
    with database.read() as session:
        ticket = session.get(Ticket, ticket_id)
        if ticket is None:
            raise KnownError("ticket.gone")
        now = plain({name: getattr(ticket, name) for name in saw})
        sides = plain(saw), now, plain(wanted)
        names = _names(session, sides)
        seen, there, mine = (_told(each, names) for each in sides)
        entries = session.scalars(select(Audit).where(Audit.ticket_id == ticket_id).order_by(Audit.sequence.desc()))
        last = {name: each for each in reversed(entries.all()) for name in each.after if name in now}
    found = []
    for name in saw:
        if seen[name] == there[name] and name not in wanted:
            continue
        entry = last.get(name) if seen[name] != there[name] else None
        by, at = (entry.actor, entry.at) if entry is not None else ("", None)
        found.append(Difference(name, seen[name], there[name], by, at, mine.get(name), name in wanted))
    return found


def _entries(session: Session, query: Select[Audit]) -> list[HistoryEntry]:
    entries = session.scalars(query.order_by(Audit.sequence.desc())).all()
    names = _names(session, [fields for each in entries for fields in (each.before, each.after)])
    return [
        HistoryEntry(
            each.id, each.at, each.actor, each.desk, each.action, _told(each.before, names), _told(each.after, names)
        )
        for each in entries
    ]


def _names(session: Session, told: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What people call those that fields point to, by their ids."""
    wanted: dict[Any, set[UUID]] = {}
    for fields in told:
        for name, table in _NAMED.items():
            if fields.get(name):
                wanted.setdefault(table, set()).add(UUID(fields[name]))
    names: dict[str, str] = {}
    for table, ids in wanted.items():
        names |= {
            str(row.id): row.name for row in session.execute(select(table.id, table.name).where(table.id.in_(ids)))
        }
    return names


def _told(fields: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: (names.get(value, "") if value else "") if name in _NAMED else value for name, value in fields.items()
    }
