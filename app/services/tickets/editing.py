"""Changing a ticket: each change is audited, told to other desks, and can be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.models.errors import Conflict, KnownError, NotAllowed
from app.models.records.desk import Actor
from app.models.records.tickets import Priority, Status, Undo
from app.models.rules.permissions import Action, may
from app.models.rules.targets import reply_due
from app.models.rules.workflow import closing_time
from app.models.tables import Application, Audit, Team, Ticket
from app.services.database import Database, Work

CHANGED = "ticket.changed"


@dataclass(frozen=True, slots=True)
class Stale:
    """What a caller saw: the ticket and its version at that time; None where any version will do."""

    ticket_id: UUID
    version: int | None = None


def set_status(database: Database, actor: Actor, seen: Stale, status: Status) -> Undo:
    return _change(database, actor, seen, Action.CHANGE, {"status": status})


def set_priority(database: Database, actor: Actor, seen: Stale, priority: Priority) -> Undo:
    return _change(database, actor, seen, Action.CHANGE, {"priority": priority})


def set_team(database: Database, actor: Actor, seen: Stale, team_id: UUID) -> Undo:
    """Hand to a team: the ticket takes the team's level and waits for one of its people."""
    with database.read() as session:
        level = session.scalar(select(Team.level).where(Team.id == team_id))
    if level is None:
        raise KnownError("team.gone")
    return _change(database, actor, seen, Action.CHANGE, {"team_id": team_id, "level": level, "assignee_id": None})


def set_application(database: Database, actor: Actor, seen: Stale, application_id: UUID | None) -> Undo:
    with database.read() as session:
        if application_id is not None and session.get(Application, application_id) is None:
            raise KnownError("application.gone")
    return _change(database, actor, seen, Action.CHANGE, {"application_id": application_id})


def assign(database: Database, actor: Actor, seen: Stale, agent_id: UUID | None) -> Undo:
    """Give a ticket to a person, or free it with None. Its first assignee becomes its owner."""
    return _change(database, actor, seen, Action.ASSIGN, {"assignee_id": agent_id})


def mark_read(database: Database, actor: Actor, ticket_id: UUID) -> None:
    """An agent has seen all of it. Not audited, and no other desk's stale write: the version stays."""
    with database.write(actor) as work:
        ticket = work.session.get(Ticket, ticket_id)
        if ticket is not None and ticket.unread:
            ticket.unread = 0
            work.changed("ticket", ticket_id, ticket_id)


def undo_change(work: Work, entry: Audit) -> None:
    """Set back the fields of one change; `Conflict` where someone changed them since."""
    ticket = locked(work, Stale(entry.subject_id or UUID(int=0)))
    now = _fields(ticket, entry.after)
    if now != entry.after:
        raise Conflict("ticket.changed_since", number=ticket.number, by=_last_actor(work, ticket.id))
    _set(work, ticket, entry.before)


def locked(work: Work, seen: Stale) -> Ticket:
    """The ticket, locked for this write; `Conflict` where it is not the one the caller saw."""
    query = select(Ticket).where(Ticket.id == seen.ticket_id).with_for_update()
    ticket = work.session.scalars(query).one_or_none()
    if ticket is None:
        raise KnownError("ticket.gone")
    if seen.version is not None and ticket.version != seen.version:
        raise Conflict("ticket.stale", number=ticket.number, by=_last_actor(work, ticket.id))
    return ticket


def touch(work: Work, ticket: Ticket) -> None:
    """The ticket changed now: other desks look again, and older copies of it are stale."""
    ticket.version += 1
    ticket.updated_at = work.now
    work.changed("ticket", ticket.id, ticket.id)


def set_due(ticket: Ticket) -> None:
    """The deadline follows the status, the priority, and what is unanswered."""
    ticket.due_at = reply_due(Status(ticket.status), Priority(ticket.priority), ticket.unanswered_since)


def require(actor: Actor, action: Action, ticket: Ticket) -> None:
    """`NotAllowed` unless the rules let `actor` do `action` to `ticket`."""
    if not may(actor, action, assignee=ticket.assignee_id, team=ticket.team_id):
        raise NotAllowed(f"not_allowed.{action.value}", number=ticket.number)


def _change(database: Database, actor: Actor, seen: Stale, action: Action, fields: Mapping[str, object]) -> Undo:
    with database.write(actor) as work:
        ticket = locked(work, seen)
        require(actor, action, ticket)
        before = _fields(ticket, [*fields, "owner_id"])
        _set(work, ticket, fields)
        after = _fields(ticket, [*fields, "owner_id"])
        differing = [name for name in before if before[name] != after[name]]
        entry = work.audit(
            CHANGED,
            ticket.id,
            ticket_id=ticket.id,
            before={name: before[name] for name in differing},
            after={name: after[name] for name in differing},
        )
        return Undo(entry, CHANGED, ticket.number)


def _set(work: Work, ticket: Ticket, fields: Mapping[str, object]) -> None:
    for name, value in fields.items():
        setattr(ticket, name, UUID(value) if name.endswith("_id") and isinstance(value, str) else value)
    if ticket.owner_id is None:
        ticket.owner_id = ticket.assignee_id
    ticket.closed_at = closing_time(Status(ticket.status), ticket.closed_at, work.now)
    set_due(ticket)
    touch(work, ticket)


def _fields(ticket: Ticket, names: Sequence[str] | Mapping[str, object]) -> dict[str, object]:
    values = {name: getattr(ticket, name) for name in names}
    return {name: str(value) if isinstance(value, (UUID, Status)) else value for name, value in values.items()}


def _last_actor(work: Work, ticket_id: UUID) -> str:
    query = select(Audit.actor).where(Audit.ticket_id == ticket_id).order_by(Audit.sequence.desc()).limit(1)
    return work.session.scalar(query) or ""
