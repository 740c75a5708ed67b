"""Taking back an answer that is still held back in the outbox, as if it had never been sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from app.models.errors import KnownError
from app.models.records.tickets import Delivery, Undo
from app.models.rules.permissions import Action
from app.models.tables import Audit, Message, Outbox, Participant, Ticket
from app.services.database import Database, Work
from app.services.tickets.answering import ANSWERED, FORWARDED, state_of
from app.services.tickets.editing import Stale, locked, require, touch

SENT = (ANSWERED, FORWARDED)


def undo_of(database: Database, message_id: UUID) -> Undo:
    """What `mending.undo` takes the answer `message_id` back by, while it is held back; `KnownError` `undo.gone`."""
    with database.read() as session:
        query = (
            select(Audit.id, Audit.action, Ticket.number)
            .join(Ticket, Ticket.id == Audit.ticket_id)
            .where(Audit.subject_id == message_id, Audit.action.in_(SENT))
            .where(Audit.ticket_id == select(Message.ticket_id).where(Message.id == message_id).scalar_subquery())
        )
        found = session.execute(query).first()
    if found is None:
        raise KnownError("undo.gone")
    return Undo(found.id, found.action, found.number)


def take_back(work: Work, entry: Audit) -> None:
    """Delete the answer that `entry` tells of with what waits in the outbox for it; the ticket is as it was before.

    `KnownError` `answer.sent_already` where it has gone out, or is on its way.
    """
    ticket = locked(work, Stale(entry.ticket_id or UUID(int=0)))
    require(work.actor, Action.REPLY, ticket)
    message_id = entry.subject_id
    held = (
        Outbox.message_id == message_id, Outbox.state == Delivery.QUEUED.value, Outbox.attempts == 0,
    )  # fmt: skip
    outbox_id = work.session.scalar(select(Outbox.id).where(*held).with_for_update())
    if outbox_id is None:
        raise KnownError("answer.sent_already", number=ticket.number)
    leaving = Participant.address.in_(entry.after.get("joined", ()))
    work.session.execute(delete(Participant).where(Participant.ticket_id == ticket.id, leaving))
    if "was" in entry.after:
        _set_back(ticket, was=entry.after["was"], then=entry.after["is"])
    touch(work, ticket)
    work.session.flush()
    work.session.execute(delete(Outbox).where(Outbox.id == outbox_id))  # and the database deletes the message
    work.changed("message", str(message_id), ticket.id)
    work.changed("outbox", str(message_id), ticket.id)


def _set_back(ticket: Ticket, *, was: Mapping[str, Any], then: Mapping[str, Any]) -> None:
    """Every field as it was, but for those that somebody changed after the answer."""
    now = state_of(ticket)
    for name, value in was.items():
        if now[name] == then[name]:
            setattr(ticket, name, _read(name, value))
    if was["unanswered_since"] and ticket.unanswered_since is not None:
        ticket.unanswered_since = min(ticket.unanswered_since, datetime.fromisoformat(was["unanswered_since"]))


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_id"):
        return UUID(value)
    return datetime.fromisoformat(value) if name in ("unanswered_since", "answered_at", "closed_at") else value
