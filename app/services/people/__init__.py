"""Who asks for help: finding them by a few letters of their name, an address or a number."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.records.people import Identity as IdentityRecord, IdentityKind, PersonFound
from app.models.tables import Identity, Organisation, Person, Ticket
from app.services.database import Database
from app.services.database.search import people_named
from app.services.tickets.filtering import is_open


def find(database: Database, typed: str, limit: int = 20) -> list[PersonFound]:
    """People whose name or identity begins with what was typed, word by word; those with open tickets first."""
    with database.read() as session:
        named = people_named(typed, database.engine.dialect.name)
        return _found(session, list(session.scalars(select(Person.id).where(named).limit(10 * limit))))[:limit]


def of_ids(database: Database, people: list[UUID]) -> list[PersonFound]:
    """These people; those that are gone are left out."""
    with database.read() as session:
        return _found(session, people)


def organisations(database: Database) -> list[tuple[UUID, str]]:
    """All organisations by name, each with its id."""
    with database.read() as session:
        query = select(Organisation.id, Organisation.name).order_by(Organisation.name)
        return [(each.id, each.name) for each in session.execute(query)]


def _found(session: Session, people: list[UUID]) -> list[PersonFound]:
    if not people:
        return []
    known = _identities(session, people)
    open_tickets = dict(
        session.execute(
            select(Ticket.requester_id, func.count())
            .where(Ticket.requester_id.in_(people), is_open())
            .group_by(Ticket.requester_id)
        ).all()
    )
    query = (
        select(Person.id, Person.name, Organisation.name.label("organisation"))
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id.in_(people))
        .order_by(Person.name, Person.id)
    )
    found = [
        PersonFound(each.id, each.name, each.organisation, tuple(known[each.id]), open_tickets.get(each.id, 0))
        for each in session.execute(query)
    ]
    return sorted(found, key=lambda each: -min(each.open_tickets, 1))


def _identities(session: Session, people: list[UUID]) -> dict[UUID, list[IdentityRecord]]:
    known: dict[UUID, list[IdentityRecord]] = defaultdict(list)
    query = select(Identity.person_id, Identity.kind, Identity.value).where(Identity.person_id.in_(people))
    for each in session.execute(query.order_by(Identity.kind, Identity.value)):
        known[each.person_id].append(IdentityRecord(IdentityKind(each.kind), each.value))
    return known
