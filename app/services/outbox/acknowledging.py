"""Telling who wrote that their request has arrived: at most once a ticket and day, never to a machine."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from app.models.records.mail import Mail
from app.models.records.tickets import Answer
from app.models.tables import Outbox, Ticket
from app.services.database import Work
from app.services.outbox.storing import ACKNOWLEDGEMENT, Letter, queue_mail
from app.services.wording import tr

_ONCE_IN = timedelta(days=1)


def acknowledge(work: Work, ticket_id: UUID, mail: Mail) -> None:
    """Queue the receipt for `mail`, which opened the ticket, unless one went out within the last day."""
    recent = select(func.count()).where(
        Outbox.ticket_id == ticket_id,
        Outbox.kind == ACKNOWLEDGEMENT,
        Outbox.created_at > work.now - _ONCE_IN,
    )
    if work.session.scalar(recent) or mail.sender is None:
        return
    ticket = work.session.get_one(Ticket, ticket_id)
    text = tr("template.acknowledgement", number=ticket.number, subject=ticket.subject)
    to = mail.reply_to or (mail.sender,)
    queue_mail(work, ticket, Letter(ACKNOWLEDGEMENT, Answer(to, (), f"Re: {ticket.subject}", text)))
