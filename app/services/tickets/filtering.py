"""What a `QueueFilter` asks for, in the words of the database."""

from sqlalchemy import ColumnClause, ColumnElement, Text, and_, false, func, literal_column, not_, or_, select

from app.models.records.channels import MAIL_KINDS
from app.models.records.queue import QueueFilter
from app.models.records.tickets import Status
from app.models.tables import Attachment, Message, Person, Tag, Ticket, TicketTag
from app.services.database import Database
from app.services.database.search import tickets_with

_LONGEST_NUMBER = 15
_DONE = frozenset({Status.SOLVED, Status.CLOSED})


def conditions(wanted: QueueFilter, database: Database) -> list[ColumnElement[bool]]:
    """All of these hold for a ticket that `wanted` asks for."""
    return [
        *_place(wanted, database),
        *_choices(wanted),
        *_people(wanted),
        *_moments(wanted, database),
        *_holds(wanted, database),
    ]


def is_open() -> ColumnElement[bool]:
    """Neither solved nor closed."""
    return Ticket.status.not_in(_written(_DONE))


def _place(wanted: QueueFilter, database: Database) -> list[ColumnElement[bool]]:
    """One that was put into another is not in any list.

    Two conditions on the state are one too many for PostgreSQL: it takes them for independent of each other and expects
    a twentieth of what there is. SQLite on the other hand knows a partial index by the words of its condition alone.
    """
    found: list[ColumnElement[bool]] = [Ticket.merged_into_id.is_(None)]
    chosen = wanted.statuses
    if wanted.open is not None and not (chosen and database.is_shared):
        found.append(is_open() if wanted.open else Ticket.status.in_(_written(_DONE)))
    elif wanted.open is not None:
        chosen = chosen - _DONE if wanted.open else chosen & _DONE
    if wanted.statuses:
        found.append(Ticket.status.in_(_written(chosen)))
    return found


def _written(statuses: frozenset[Status]) -> list[ColumnClause[str]]:
    """Not as values, and in the order of the indexes: the planner then sees that a partial one answers."""
    return [literal_column(f"'{each.value}'", Text) for each in Status if each in statuses]


def _choices(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    chosen = (
        (Ticket.priority, set(map(int, wanted.priorities))),
        (Ticket.level, set(map(int, wanted.levels))),
        (Ticket.team_id, wanted.teams),
        (Ticket.application_id, wanted.applications),
        (Ticket.channel, wanted.channels | (MAIL_KINDS if wanted.channels & MAIL_KINDS else set())),
        (Ticket.requester_id, wanted.requesters),
    )
    found: list[ColumnElement[bool]] = [column.in_(values) for column, values in chosen if values]
    if wanted.tags:
        tagged = select(TicketTag.ticket_id).join(Tag, Tag.id == TicketTag.tag_id).where(Tag.name.in_(wanted.tags))
        found.append(Ticket.id.in_(tagged))
    if wanted.unread:
        found.append(Ticket.unread > 0)
    return found


def _people(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    nobody = Ticket.assignee_id.is_(None)
    found: list[ColumnElement[bool]] = []
    if wanted.assignees:
        theirs = Ticket.assignee_id.in_(wanted.assignees)
        found.append(or_(theirs, nobody) if wanted.unassigned else theirs)
    elif wanted.unassigned:
        found.append(nobody)
    if wanted.organisations:
        people = select(Person.id).where(Person.organisation_id.in_(wanted.organisations))
        found.append(Ticket.requester_id.in_(people))
    return found


def _moments(wanted: QueueFilter, database: Database) -> list[ColumnElement[bool]]:
    now = database.clock.now()
    found: list[ColumnElement[bool]] = []
    if wanted.due_within is not None:
        found.append(Ticket.due_at <= now + wanted.due_within)
    if wanted.opened_within is not None:
        found.append(Ticket.opened_at >= now - wanted.opened_within)
    if wanted.opened_from is not None:
        found.append(Ticket.opened_at >= wanted.opened_from)
    if wanted.opened_before is not None:
        found.append(Ticket.opened_at < wanted.opened_before)
    if wanted.updated_within is not None:
        found.append(Ticket.updated_at >= now - wanted.updated_within)
    return found


def _holds(wanted: QueueFilter, database: Database) -> list[ColumnElement[bool]]:
    """Words somewhere in its conversation, or its number; a file; and nothing that is left out."""
    found: list[ColumnElement[bool]] = []
    words = wanted.words.strip()
    if words:
        there = Ticket.id.in_(tickets_with(words, database.engine.dialect.name))
        number = words.removeprefix("#")
        is_number = number.isdecimal() and len(number) <= _LONGEST_NUMBER
        found.append(or_(Ticket.number == int(number), there) if is_number else there)
    if wanted.with_files:
        files = select(Message.ticket_id).join(Attachment, Attachment.message_id == Message.id)
        found.append(Ticket.id.in_(files.where(~Attachment.inline)))
    found.extend(_not(each, database) for each in wanted.without)
    return found


def _not(unwanted: QueueFilter, database: Database) -> ColumnElement[bool]:
    """A ticket of which the database cannot tell, for it has no deadline say, is not one that `unwanted` asks for."""
    return not_(func.coalesce(and_(*conditions(unwanted, database)), false()))
