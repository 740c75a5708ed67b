"""Ticket numbers, short and growing, for people."""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.models.tables import Ticket


class TicketNumbers:
    """Gives numbers nobody else gets, inside one write.

    PostgreSQL's sequence may leave a gap where a write fails; SQLite's one writer leaves none.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._last: int | None = None

    def next(self) -> int:
        if self._session.get_bind().dialect.name == "postgresql":
            number: int = self._session.execute(text("SELECT nextval('ticket_number')")).scalar_one()
            return number
        if self._last is None:
            self._last = self._session.scalar(select(func.max(Ticket.__table__.c.number))) or 0
        self._last += 1
        return self._last
