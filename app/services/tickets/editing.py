"""Changing a ticket: each change is audited, told to other desks, and can be undone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import func, select

from app.models.errors import Conflict, KnownError, NotAllowed
from app.models.records.clocks import Weight
from app.models.records.desk import Actor
from app.models.records.tickets import LinkKind, Priority, Status, Undo
from app.models.rules.clocks import priority_of
from app.models.rules.permissions import Action, may, sees_everything
from app.models.rules.workflow import closing_time
from app.models.tables import Agent, Application, Audit, Team, Ticket, TicketLink
from app.services.database import Database, Work
from app.services.escalation.settling import settle
from app.services.sla.keeping import keep
from app.services.tickets.filtering import is_open
from app.services.tickets.tagging import put_tags, tag_name, tags_of

_NOBODY = UUID(int=0)
CHANGED = "ticket.changed"
_LOOKED_THROUGH = 100
"""Entries of the audit, for who set a field."""
TAGS = "tags"


@dataclass(frozen=True, slots=True)
class Stale:
    """What a caller saw: the ticket and its version at that time; None where any version will do.

    With `fields` only they must be as they were seen: who changes one field does not mind what others did elsewhere.
    """

    ticket_id: UUID
    version: int | None = None
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to a ticket, whoever's it will be: the fields it sets, and the tags it adds and takes away.

    `anyway` lets a ticket be done that has parts which are not.
    """

    action: Action
    fields: Mapping[str, object] = field(default_factory=dict)
    add_tags: frozenset[str] = frozenset()
    drop_tags: frozenset[str] = frozenset()
    anyway: bool = False


def to_status(status: Status, *, anyway: bool = False) -> Edit:
    return Edit(Action.CHANGE, {"status": status}, anyway=anyway)


def to_schedule(at: datetime, now: datetime) -> Edit:
    """Put off until `at`, when it goes on by itself; `KnownError` `schedule.past`."""
    if at <= now:
        raise KnownError("schedule.past")
    return Edit(Action.CHANGE, {"status": Status.SCHEDULED, "scheduled_for": at})


def to_urgency(impact: Weight, urgency: Weight) -> Edit:
    """The priority follows from how much it touches and how soon it hurts."""
    return Edit(Action.CHANGE, {"impact": impact, "urgency": urgency, "priority": priority_of(impact, urgency)})


def to_concern(**told: str) -> Edit:
    """What it is about: `category`, `component`, `skill`, `language`, by which it finds its way up."""
    return Edit(Action.CHANGE, {name: value.strip() for name, value in told.items()})


def to_priority(priority: Priority) -> Edit:
    return Edit(Action.CHANGE, {"priority": priority})


def to_team(database: Database, team_id: UUID) -> Edit:
    """Hand to a team: the ticket takes the team's level and waits for one of its people. `KnownError` `team.gone`."""
    with database.read() as session:
        level = session.scalar(select(Team.level).where(Team.id == team_id))
    if level is None:
        raise KnownError("team.gone")
    return Edit(Action.CHANGE, {"team_id": team_id, "level": level, "assignee_id": None})


def to_application(database: Database, application_id: UUID | None) -> Edit:
    """`KnownError` `application.gone`."""
    with database.read() as session:
        if application_id is not None and session.get(Application, application_id) is None:
            raise KnownError("application.gone")
    return Edit(Action.CHANGE, {"application_id": application_id})


def to_assignee(agent_id: UUID | None) -> Edit:
    """Give to a person, or free with None. A ticket's first assignee becomes its owner."""
    return Edit(Action.ASSIGN, {"assignee_id": agent_id})


def with_tags(add: Iterable[str] = (), drop: Iterable[str] = ()) -> Edit:
    """`KnownError` `tag.bad_name` for one without letters, or with more than 60."""
    wanted = frozenset(map(tag_name, add))
    return Edit(Action.CHANGE, add_tags=wanted, drop_tags=frozenset(drop))


def set_status(database: Database, actor: Actor, seen: Stale, status: Status, *, anyway: bool = False) -> Undo:
    return change(database, actor, seen, to_status(status, anyway=anyway))


def set_priority(database: Database, actor: Actor, seen: Stale, priority: Priority) -> Undo:
    return change(database, actor, seen, to_priority(priority))


def schedule(database: Database, actor: Actor, seen: Stale, at: datetime) -> Undo:
    return change(database, actor, seen, to_schedule(at, database.clock.now()))


def set_urgency(database: Database, actor: Actor, seen: Stale, impact: Weight, urgency: Weight) -> Undo:
    return change(database, actor, seen, to_urgency(impact, urgency))


def set_concern(database: Database, actor: Actor, seen: Stale, **told: str) -> Undo:
    return change(database, actor, seen, to_concern(**told))


def set_team(database: Database, actor: Actor, seen: Stale, team_id: UUID) -> Undo:
    return change(database, actor, seen, to_team(database, team_id))


def set_application(database: Database, actor: Actor, seen: Stale, application_id: UUID | None) -> Undo:
    return change(database, actor, seen, to_application(database, application_id))


def assign(database: Database, actor: Actor, seen: Stale, agent_id: UUID | None) -> Undo:
    return change(database, actor, seen, to_assignee(agent_id))


def set_tags(database: Database, actor: Actor, seen: Stale, add: Iterable[str] = (), drop: Iterable[str] = ()) -> Undo:
    return change(database, actor, seen, with_tags(add, drop))


def change(database: Database, actor: Actor, seen: Stale, edit: Edit) -> Undo:
    """Change one ticket. `Conflict` where it is not the one that was seen, `NotAllowed` by the rules."""
    with database.write(actor) as work:
        return apply_edit(work, seen, edit)


def apply_edit(work: Work, seen: Stale, edit: Edit) -> Undo:
    """Change one ticket within a write that may change others as well."""
    ticket = locked(work, seen)
    _not_overtaken(work, ticket, seen, edit)
    require(work.actor, edit.action, ticket)
    _no_open_parts(work, ticket, edit)
    fields = dict(edit.fields)
    if edit.add_tags or edit.drop_tags:
        fields[TAGS] = sorted((tags_of(work.session, ticket.id) - edit.drop_tags) | edit.add_tags)
    names = [*fields, "owner_id", *({"scheduled_for"} if "status" in fields and "scheduled_for" not in fields else ())]
    before = _fields(work, ticket, names)
    _not_hidden_from_oneself(work, ticket, fields)
    _set(work, ticket, fields)
    after = _fields(work, ticket, names)
    differing = [name for name in before if before[name] != after[name]]
    entry = work.audit(
        CHANGED,
        ticket.id,
        ticket_id=ticket.id,
        before={name: before[name] for name in differing},
        after={name: after[name] for name in differing},
    )
    return Undo(entry, CHANGED, ticket.number)


def mark_read(database: Database, actor: Actor, ticket_id: UUID) -> None:
    """An agent has seen all of it. Not audited, and no other desk's stale write: the version stays."""
    with database.write(actor) as work:
        ticket = work.session.get(Ticket, ticket_id)
        if ticket is not None and ticket.unread:
            ticket.unread = 0
            work.changed("ticket", ticket_id, ticket_id)


def undo_change(work: Work, entry: Audit) -> None:
    """Set back the fields of one change; `Conflict` where someone changed them since, `NotAllowed` by the rules."""
    ticket = locked(work, Stale(entry.subject_id or UUID(int=0)))
    now = _fields(work, ticket, entry.after)
    if now != entry.after:
        raise Conflict("ticket.changed_since", number=ticket.number, by=_last_actor(work, ticket.id))
    gave = "assignee_id" in entry.before and "team_id" not in entry.before
    require(work.actor, Action.ASSIGN if gave else Action.CHANGE, ticket)
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
    """The ticket changed now: other desks look again, older copies of it are stale, its step and clocks follow."""
    ticket.version += 1
    ticket.updated_at = work.now
    work.changed("ticket", ticket.id, ticket.id)
    work.at_the_end(settle, ticket.id)
    keep(work, ticket.id)


def require(actor: Actor, action: Action, ticket: Ticket) -> None:
    """`NotAllowed` unless the rules let `actor` do `action` to `ticket`."""
    standing = {"assignee": ticket.assignee_id, "team": ticket.team_id, "handed_by": ticket.handed_by_id}
    if not may(actor, action, **standing):
        raise NotAllowed(f"not_allowed.{action.value}", number=ticket.number)


def _set(work: Work, ticket: Ticket, fields: Mapping[str, object]) -> None:
    had = (ticket.assignee_id, ticket.team_id)
    for name, value in fields.items():
        if name == TAGS:
            put_tags(work.session, ticket.id, cast(Iterable[str], value))
        else:
            setattr(ticket, name, _stored(name, value))
    if ticket.status == Status.SCHEDULED.value and ticket.scheduled_for is None:
        raise KnownError("schedule.no_time", number=ticket.number)
    if ticket.status != Status.SCHEDULED.value:
        ticket.scheduled_for = None
    if ticket.owner_id is None:
        ticket.owner_id = ticket.assignee_id
    if (ticket.assignee_id, ticket.team_id) != had:
        ticket.handed_by_id = work.actor.id
    ticket.closed_at = closing_time(Status(ticket.status), ticket.closed_at, work.now)
    touch(work, ticket)


def _stored(name: str, value: object) -> object:
    """A value of an edit, or of the audit, where ids and instants are text."""
    if not isinstance(value, str):
        return value
    return UUID(value) if name.endswith("_id") else datetime.fromisoformat(value) if name == "scheduled_for" else value


def _fields(work: Work, ticket: Ticket, names: Iterable[str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name in names:
        value = sorted(tags_of(work.session, ticket.id)) if name == TAGS else getattr(ticket, name)
        values[name] = value if name == TAGS else _plain(value)
    return values


def _no_open_parts(work: Work, ticket: Ticket, edit: Edit) -> None:
    """`KnownError` `ticket.open_parts` where a ticket would be done before its parts are, unless that is meant."""
    status = edit.fields.get("status")
    if edit.anyway or not isinstance(status, Status) or not status.is_done:
        return
    parts = select(TicketLink.ticket_id).where(
        TicketLink.other_id == ticket.id, TicketLink.kind == LinkKind.CHILD.value
    )
    still = select(func.count()).select_from(Ticket).where(Ticket.id.in_(parts), is_open())
    if count := work.session.scalar(still):
        raise KnownError("ticket.open_parts", number=ticket.number, count=count)


def _not_hidden_from_oneself(work: Work, ticket: Ticket, fields: Mapping[str, object]) -> None:
    """`KnownError` `ticket.would_be_hidden` where the new application is another team's, and nobody else's to see.

    Who hands a ticket on goes on seeing it, so no other field can hide one.
    """
    actor = work.actor
    given = fields.get("application_id")
    application = work.session.get(Application, given) if given is not None else None
    if application is None or not application.restricted or sees_everything(actor):
        return
    near = actor.id in (ticket.assignee_id, ticket.owner_id, ticket.handed_by_id)
    if not near and actor.teams.isdisjoint({ticket.team_id, application.team_id}):
        raise KnownError("ticket.would_be_hidden", number=ticket.number, application=application.name)


def _not_overtaken(work: Work, ticket: Ticket, seen: Stale, edit: Edit) -> None:
    """`Conflict` `ticket.overtaken` where somebody else set a field that `edit` sets: who, which, and to what."""
    for name, value in edit.fields.items():
        now = _plain(getattr(ticket, name))
        if name in seen.fields and now not in (_plain(seen.fields[name]), _plain(value)):
            theirs = _NAMED[name](work, ticket) if name in _NAMED else now
            by = _last_actor(work, ticket.id, name)
            raise Conflict("ticket.overtaken", number=ticket.number, by=by, field=name, theirs=theirs)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, (UUID, Status)) else int(value) if isinstance(value, int) else value


_NAMED: Mapping[str, Callable[[Work, Ticket], str]] = {
    "assignee_id": lambda work, ticket: _name(work.session.get(Agent, ticket.assignee_id or _NOBODY)),
    "team_id": lambda work, ticket: _name(work.session.get(Team, ticket.team_id or _NOBODY)),
    "application_id": lambda work, ticket: _name(work.session.get(Application, ticket.application_id or _NOBODY)),
}
"""What people call what a field points to."""


def _name(found: Agent | Team | Application | None) -> str:
    return found.name if found is not None else ""


def _last_actor(work: Work, ticket_id: UUID, field: str | None = None) -> str:
    """Who last changed a ticket, or a field of it."""
    query = select(Audit.actor, Audit.after).where(Audit.ticket_id == ticket_id).order_by(Audit.sequence.desc())
    entries = work.session.execute(query.limit(_LOOKED_THROUGH))
    return next((actor for actor, after in entries if field is None or field in after), "")
