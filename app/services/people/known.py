"""What the desk knows of those who are written to."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.models.records.people import IdentityKind
from app.models.rules.recipients import Known
from app.models.tables import Channel, Identity, Organisation, Participant
from app.services.database import Database

_AT_ONCE = 500


def known(database: Database, ticket_id: UUID, addresses: Sequence[str]) -> Known:
    """Who of `addresses` is known, who takes part in the ticket, our own mailboxes, and customers' domains."""
    lower = sorted({each.lower() for each in addresses})
    people: set[str] = set()
    with database.read() as session:
        ours = session.scalars(select(Channel.address).where(Channel.address != "")).all()
        here = session.scalars(select(Participant.address).where(Participant.ticket_id == ticket_id)).all()
        domains = session.scalars(select(Organisation.domain).where(Organisation.domain.is_not(None))).all()
        for start in range(0, len(lower), _AT_ONCE):
            some = lower[start : start + _AT_ONCE]
            query = select(Identity.value).where(Identity.kind == IdentityKind.MAIL.value, Identity.value.in_(some))
            people |= set(session.scalars(query))
    return Known(
        ours=frozenset(each.lower() for each in ours),
        here=frozenset(each.lower() for each in here),
        people=frozenset(people),
        domains=frozenset(each.lower() for each in domains if each),
    )
