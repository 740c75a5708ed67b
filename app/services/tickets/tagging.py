"""Tags: short words that people put on tickets."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.tables import Tag, TicketTag
from app.services.database import Database
from app.services.database.upsert import insert_new

_LONGEST = 60


def known_tags(database: Database) -> list[str]:
    """All tags that are on tickets or were, by name."""
    with database.read() as session:
        return list(session.scalars(select(Tag.name).order_by(Tag.name)))


def tag_name(typed: str) -> str:
    """A tag as it is kept: small letters, single spaces. `KnownError` `tag.bad_name`."""
    name = " ".join(typed.lower().split())
    if not any(each.isalnum() for each in name) or len(name) > _LONGEST:
        raise KnownError("tag.bad_name", name=name[:_LONGEST], longest=_LONGEST)
    return name


def tags_of(session: Session, ticket_id: UUID) -> set[str]:
    query = select(Tag.name).join(TicketTag, TicketTag.tag_id == Tag.id).where(TicketTag.ticket_id == ticket_id)
    return set(session.scalars(query))


def put_tags(session: Session, ticket_id: UUID, names: Iterable[str]) -> None:
    """Put these tags on a ticket, and no others."""
    wanted = sorted(set(names))
    insert_new(session, Tag, [{"id": new_id(), "name": each} for each in wanted])
    session.execute(delete(TicketTag).where(TicketTag.ticket_id == ticket_id))
    found = session.scalars(select(Tag.id).where(Tag.name.in_(wanted)))
    insert_new(session, TicketTag, [{"ticket_id": ticket_id, "tag_id": each} for each in found])
