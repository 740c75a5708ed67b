"""Who calls: found by number or by name, with what they called about before."""

from uuid import UUID

from sqlalchemy import select

from app.models.records.people import IdentityKind, PersonFound
from app.models.records.queue import QueueFilter, QueueSort
from app.models.records.tickets import TicketRow
from app.models.tables import Identity
from app.services import people
from app.services.database import Database
from app.services.phone.numbers import looks_like_number, normalised
from app.services.tickets import queue

OPEN, RECENT = 20, 5


def callers(database: Database, typed: str, region: str) -> list[PersonFound]:
    """People that a number belongs to, or whose names begin so; the number is looked for as a whole."""
    if not looks_like_number(typed):
        return people.find(database, typed)
    number = normalised(typed, region)
    if number is None:
        return []
    with database.read() as session:
        query = select(Identity.person_id).where(Identity.kind == IdentityKind.PHONE.value, Identity.value == number)
        found = list(session.scalars(query))
    return people.of_ids(database, found)


def tickets_of(database: Database, person_id: UUID) -> list[TicketRow]:
    """A person's open tickets, and behind them those that were done last."""
    theirs = frozenset({person_id})
    found = []
    for is_open, limit in ((True, OPEN), (False, RECENT)):
        ids = queue.ids(database, QueueFilter(open=is_open, requesters=theirs), QueueSort(), limit)
        found += queue.rows(database, ids)
    return found
