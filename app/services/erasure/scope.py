"""What of the desk is a person's: their tickets, their messages, and where else they are spoken of."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.models.records.people import IdentityKind
from app.models.rules.redaction import Redaction
from app.models.tables import Call, Identity, Message, Participant, Person, Ticket
from app.services.database.search import tickets_with
from app.services.erasure.traces import some_of


@dataclass
class Scope:
    """`own` are the messages that a person wrote or said, `asked` the tickets they asked or wrote in, `spoken` others
    that hold their address."""

    person_id: UUID
    redaction: Redaction
    own: set[UUID] = field(default_factory=set)
    asked: set[UUID] = field(default_factory=set)
    spoken: set[UUID] = field(default_factory=set)

    @property
    def tickets(self) -> set[UUID]:
        return self.asked | self.spoken

    def is_about(self, ticket_id: UUID | None, subject_id: UUID | None) -> bool:
        """Whether an entry of the audit is about them, so that it may hold their name."""
        return ticket_id in self.asked or subject_id == self.person_id or subject_id in self.own


def look(session: Session, person: Person, word: str) -> Scope:
    """All that is a person's, as it is now."""
    identities = session.execute(select(Identity.kind, Identity.value).where(Identity.person_id == person.id)).all()
    numbers = {each.value for each in identities if each.kind == IdentityKind.PHONE.value}
    calls = select(Call.number).where(Call.person_id == person.id, Call.number != "").distinct()
    numbers |= set(session.scalars(calls))
    addresses = {each.value for each in identities if each.kind != IdentityKind.PHONE.value}
    name = "" if person.name == word else person.name
    scope = Scope(person.id, Redaction(name, frozenset(addresses), frozenset(numbers), word))
    _add_own(session, scope)
    _add_merged(session, scope)
    _add_spoken(session, scope)
    return scope


def _add_own(session: Session, scope: Scope) -> None:
    theirs = or_(
        Message.person_id == scope.person_id, func.lower(Message.author_address).in_(scope.redaction.addresses)
    )
    ours = Message.agent_id.is_not(None) & (Message.person_id.is_(None))
    for each in session.execute(select(Message.id, Message.ticket_id).where(theirs, ~ours)):
        scope.own.add(each.id)
        scope.asked.add(each.ticket_id)
    scope.asked |= set(session.scalars(select(Ticket.id).where(Ticket.requester_id == scope.person_id)))


def _add_merged(session: Session, scope: Scope) -> None:
    """A ticket that theirs was merged into, and those merged into theirs, however often."""
    new = set(scope.asked)
    while new:
        found: set[UUID] = set()
        for some in some_of(new):
            found |= set(session.scalars(select(Ticket.id).where(Ticket.merged_into_id.in_(some))))
            into: Select[UUID | None] = select(Ticket.merged_into_id).where(Ticket.id.in_(some))
            found |= {each for each in session.scalars(into) if each is not None}
        new = found - scope.asked
        scope.asked |= new


def _add_spoken(session: Session, scope: Scope) -> None:
    """By who takes part, and by the search index: what is in a text beyond what is searched is not found there."""
    addresses = scope.redaction.addresses
    found = set(session.scalars(select(Participant.ticket_id).where(Participant.address.in_(addresses))))
    for each in addresses:
        found |= set(session.scalars(tickets_with(f'"{each}"', session.get_bind().dialect.name)))
    scope.spoken = found - scope.asked
