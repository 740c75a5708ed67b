"""How people hear that a ticket waits for them: by mail, and by what their desk reads from the database itself.

A port is a function that is asked for each attempt, within the write that makes it. Others (chat, telephone) are added
to `PORTS`.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress

from sqlalchemy import select

from app.models.errors import KnownError
from app.models.records.handoffs import PACKET_FIELDS
from app.models.records.mail import Address
from app.models.records.tickets import Answer, Priority, Quotation
from app.models.records.trees import WayKind
from app.models.tables import Agent, ContactAttempt, Handoff, Participant, Ticket, Vendor
from app.services.database import Work
from app.services.database.upsert import insert_new
from app.services.outbox.storing import FORWARD, NOTICE, Letter, queue_mail
from app.services.wording import tr

Port = Callable[[Work, Ticket, Handoff, ContactAttempt], None]


def by_mail(work: Work, ticket: Ticket, step: Handoff, attempt: ContactAttempt) -> None:
    """A mail to the person, or the packet to the vendor, whose answers join the ticket.

    Without a channel that sends, the desk's own notices have to do.
    """
    with suppress(KnownError):
        if attempt.kind == WayKind.VENDOR.value:
            _to_vendor(work, ticket, step)
        elif attempt.agent_id is not None and attempt.agent_id != work.actor.id:
            agent = work.session.get_one(Agent, attempt.agent_id)
            text = tr(
                "template.handed_to_you",
                number=ticket.number,
                subject=ticket.subject,
                priority=Priority(ticket.priority).name,
            )
            to, packet = (Address(agent.mail, agent.name),), Quotation(packet_words(step), "")
            queue_mail(work, ticket, Letter(NOTICE, Answer(to, (), ticket.subject, text), packet))


PORTS: Sequence[Port] = (by_mail,)


def packet_words(step: Handoff) -> str:
    """The five texts under their headings; what is empty is left out."""
    told = [(name, str(step.packet.get(name, "")).strip()) for name in PACKET_FIELDS]
    return "\n\n".join(f"{tr(f'packet.{name}')}\n{words}" for name, words in told if words)


def _to_vendor(work: Work, ticket: Ticket, step: Handoff) -> None:
    vendor = work.session.scalars(select(Vendor).where(Vendor.id == step.vendor_id)).one()
    contract = tr("template.contract", number=vendor.contract) + "\n\n" if vendor.contract else ""
    text = contract + packet_words(step)
    letter = Letter(FORWARD, Answer((Address(vendor.mail, vendor.name),), (), ticket.subject, text))
    queue_mail(work, ticket, letter)
    insert_new(work.session, Participant, [{"ticket_id": ticket.id, "address": vendor.mail.lower()}])
