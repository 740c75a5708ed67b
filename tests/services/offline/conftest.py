"""A desk with a ticket that a mail opened, and what waits for it, on both engines."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from app.models.records.call_form import CallForm
from app.models.records.tickets import NewNote
from app.models.tables import Ticket
from app.services.journal import Journal
from app.services.offline import TicketNote, Waiting
from app.services.secrets import Secrets
from tests.fixtures.rounds import MailDesk, eml

KEY = {"FIRSTLINE_SECRET_JOURNAL": "a key"}


@pytest.fixture
def desk(mail_desk: MailDesk) -> MailDesk:
    mail_desk.receive(eml(mail_id="a@acme.example", subject="VPN"))
    mail_desk.receive(eml(mail_id="b@acme.example", subject="Printer"))
    mail_desk.clock.forward(hours=1)
    return mail_desk


@pytest.fixture
def restarted(tmp_path: Path) -> Callable[[], Waiting]:
    """What waits, as the next start of the desk finds it."""
    return lambda: Waiting(Journal(tmp_path / "profile", Secrets(KEY)))


def tickets(desk: MailDesk) -> list[Ticket]:
    with desk.database.read() as session:
        return list(session.scalars(select(Ticket).order_by(Ticket.number)))


def a_call(desk: MailDesk, text: str, ticket_id: UUID | None = None) -> CallForm:
    return CallForm(desk.clock.now(), who="Nora", subject=text, text=text, ticket_id=ticket_id)


def a_note(desk: MailDesk, text: str, ticket: Ticket) -> TicketNote:
    note = NewNote(text, None, written_at=desk.clock.now())
    return TicketNote(ticket.id, ticket.number, ticket.subject, was_done=False, note=note)
