"""What becomes of a step when its ticket changes by other ways: somebody takes it, gives it elsewhere, or solves it.

Done at the end of every write that touched the ticket, so that no attempt waits for an answer that nobody needs.
"""

from collections.abc import Set
from uuid import UUID

from sqlalchemy import select

from app.models.records.handoffs import HandoffState, Outcome
from app.models.records.mail import MailKind
from app.models.records.tickets import MessageKind, Status
from app.models.rules.vendors import writes_for
from app.models.tables import ContactAttempt, Handoff, Message, Ticket, Vendor
from app.services.database import Work
from app.services.escalation.steps import STANDS, cancel_attempts, end_step, is_calling

_LIVE = [each.value for each in HandoffState if each.is_live]


def settle(work: Work, ticket_ids: Set[UUID]) -> None:
    """Let the steps of these tickets be what the tickets say."""
    query = (
        select(Handoff, Ticket)
        .join(Ticket, Ticket.id == Handoff.ticket_id)
        .where(Handoff.ticket_id.in_(ticket_ids), Handoff.state.in_(_LIVE))
    )
    for step, ticket in work.session.execute(query).all():
        _settle(work, step, ticket)


def _settle(work: Work, step: Handoff, ticket: Ticket) -> None:
    offered = step.state != HandoffState.ACCEPTED.value
    elsewhere = step.team_id is not None and ticket.team_id != step.team_id
    if Status(ticket.status).is_done or ticket.merged_into_id is not None or elsewhere:
        end_step(work, step, HandoffState.CANCELLED if offered else HandoffState.ENDED)
    elif offered and ticket.assignee_id is not None and step.vendor_id is None:
        accept(work, step, ticket.assignee_id)
    elif offered and step.vendor_id is not None and _has_answered(work, step):
        accept(work, step, None)
    elif offered and step.note == STANDS and is_calling(ticket):
        step.next_at = work.now


def accept(work: Work, step: Handoff, agent_id: UUID | None) -> None:
    """Somebody has it now; a vendor, where `agent_id` is None. Nobody else need answer."""
    step.state, step.accepted_by_id, step.accepted_at = HandoffState.ACCEPTED.value, agent_id, work.now
    pending = ContactAttempt.handoff_id == step.id, ContactAttempt.outcome == Outcome.PENDING.value
    for attempt in work.session.scalars(select(ContactAttempt).where(*pending)):
        if attempt.agent_id == agent_id or attempt.agent_id is None:
            attempt.outcome, attempt.answered_at = Outcome.ACCEPTED.value, work.now
    work.session.flush()
    cancel_attempts(work, step)
    work.changed("handoff", step.id, step.ticket_id)


def _has_answered(work: Work, step: Handoff) -> bool:
    """Whether the vendor wrote on the ticket since it was handed to them."""
    vendor = work.session.get(Vendor, step.vendor_id)
    if vendor is None:
        return False
    theirs = select(Message.author_address).where(
        Message.ticket_id == step.ticket_id,
        Message.kind == MessageKind.VENDOR.value,
        Message.mail_kind == MailKind.MAIL.value,
        Message.stored_at > step.at,
    )
    return any(writes_for(each or "", [vendor.mail]) for each in work.session.scalars(theirs))
