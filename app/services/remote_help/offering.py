"""The scripts to choose from: what fits the ticket with the reason, and why one may not be run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.errors import KnownError
from app.models.records.desk import Actor
from app.models.records.mail import MailKind
from app.models.records.runs import Connection
from app.models.records.scripts import Manifest
from app.models.records.tickets import MessageKind
from app.models.tables import Message, Script, Ticket
from app.services.database import Database
from app.services.remote_help import connections, registry
from app.services.remote_help.counting import Counted, counts
from app.services.remote_help.knowing import Facts, facts_of
from app.services.remote_help.proposing import Proposal, propose

_COUNTED = timedelta(days=30)
_TEXT = 4_000
"""Letters of the conversation that are looked at for words."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One approved script. `why_not` says why the person here may not run it, or cannot; `counted` is of 30 days.

    `connections` are those that it may go by.
    """

    manifest: Manifest
    why_not: KnownError | None
    proposal: Proposal | None
    counted: Counted
    connections: Sequence[Connection] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """All that are approved: those that are proposed first, the best first; then the others by id.

    `facts` are what is known of the ticket. `unapproved` counts what waits for an administrator.
    """

    scripts: Sequence[Offered] = ()
    facts: Facts = field(default_factory=Facts)
    unapproved: int = 0


def offer(database: Database, actor: Actor, ticket_id: UUID | None) -> Offer:
    """What can be chosen for a ticket, or for none."""
    listed = registry.listed(database)
    approved = {each.manifest.id: each for each in listed if each.may_run}
    counted = counts(database, database.clock.now() - _COUNTED)
    known = connections.listed(database)
    by = {key: tuple(connections.meant(known, each.manifest)) for key, each in approved.items()}
    with database.read() as session:
        rows = {each.id: each for each in session.scalars(select(Script).where(Script.approved_at.is_not(None)))}
        why_not = {
            key: _why_not(session, actor, rows[each.id], each.manifest, by[key]) for key, each in approved.items()
        }
        proposals = _proposals(session, [each.manifest for each in approved.values()], ticket_id)
        facts = facts_of(session, ticket_id) if ticket_id is not None else Facts()
    scripts = [
        Offered(each.manifest, why_not[key], proposals.get(key), counted.get(key, Counted(0, 0)), by[key])
        for key, each in approved.items()
    ]
    order = list(proposals)
    place = {key: number for number, key in enumerate(order)}
    scripts.sort(key=lambda each: (place.get(each.manifest.id, len(order)), each.manifest.id))
    return Offer(scripts, facts, sum(1 for each in listed if each.approved_at is None))


def _why_not(
    session: Session, actor: Actor, script: Script, manifest: Manifest, by: Sequence[Connection]
) -> KnownError | None:
    try:
        registry.require_runner(session, actor, script)
    except KnownError as error:
        return error
    if not by:
        return KnownError("remote.no_connection", transport=manifest.transport.value, name=manifest.run_as or "*")
    return None


def _proposals(session: Session, manifests: Sequence[Manifest], ticket_id: UUID | None) -> Mapping[str, Proposal]:
    """The best first."""
    ticket = session.get(Ticket, ticket_id) if ticket_id is not None else None
    if ticket is None:
        return {}
    kinds = (MessageKind.MAIL_IN.value, MessageKind.CALL.value)
    query = select(Message.text).where(
        Message.ticket_id == ticket_id, Message.kind.in_(kinds), Message.mail_kind == MailKind.MAIL.value
    )
    text = "\n".join(session.scalars(query.order_by(Message.stored_at)))[:_TEXT]
    found = propose(manifests, subject=ticket.subject, text=text, category=ticket.category or "")
    return {each.script: each for each in found}
