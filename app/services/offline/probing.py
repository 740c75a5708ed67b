"""Asking a database whether it is there."""

from sqlalchemy import select

from app.models.tables import Team
from app.services.database import Database


def probe(database: Database) -> bool:
    """Whether there is a team: the least that shows that our tables can be read; `DatabaseError` where they cannot."""
    with database.read() as session:
        return session.scalar(select(Team.id).limit(1)) is not None
