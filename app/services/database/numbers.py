"""Ticket numbers, short and growing, for people."""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.models.tables import Ticket


def next_numbers(session: Session, count: int) -> list[int]:
    """`count` numbers nobody else gets. PostgreSQL's sequence may leave gaps; SQLite's one writer leaves none."""
    if count == 0:
        return []
    if session.get_bind().dialect.name == "postgresql":
        query = text("SELECT nextval('ticket_number') FROM generate_series(1, :count)")
        return list(session.scalars(query, {"count": count}))
    last = session.scalar(select(func.max(Ticket.number))) or 0
    return list(range(last + 1, last + 1 + count))
