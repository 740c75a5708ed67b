"""What is stored under an id is stored once, however often and from however many connections it is tried."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.models.records.mail import Address
from app.models.records.tickets import Answer, NewNote
from app.models.tables import Audit, Message, Outbox, Ticket
from app.services.tickets import answering
from tests.fixtures.rounds import MailDesk, eml

TO = (Address("customer@acme.example", "Customer"),)


@pytest.fixture
def ticket_id(mail_desk: MailDesk) -> UUID:
    mail_desk.receive(eml(mail_id="a@acme.example", subject="VPN"))
    with mail_desk.database.read() as session:
        found: UUID = session.scalars(select(Ticket.id)).one()
    return found


def tries(desk: MailDesk, ticket_id: UUID) -> dict[str, Callable[[], UUID]]:
    """The same answer, forward and note each time."""
    answer = Answer(TO, (), "Re: VPN", "Try again.")
    forward = Answer(TO, (), "Fwd: VPN", "Please look.")
    note = NewNote("Called.")
    return {
        "answer": lambda: answering.answer(desk.database, desk.agent, ticket_id, answer),
        "forward": lambda: answering.forward(desk.database, desk.agent, ticket_id, forward),
        "note": lambda: answering.note(desk.database, desk.agent, ticket_id, note),
    }


@pytest.mark.parametrize("kind", ["answer", "forward", "note"])
def test_what_is_tried_again_and_again_is_there_once(mail_desk: MailDesk, ticket_id: UUID, kind: str) -> None:
    store = tries(mail_desk, ticket_id)[kind]
    with ThreadPoolExecutor(4) as desks:
        stored = {each.result() for each in [desks.submit(store) for _ in range(8)]}
    (message_id,) = stored
    with mail_desk.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Message).where(Message.id == message_id)) == 1
        told = select(func.count()).select_from(Audit).where(Audit.subject_id == message_id)
        assert session.scalar(told) == 1
        mails = select(func.count()).select_from(Outbox).where(Outbox.message_id == message_id)
        assert session.scalar(mails) == (0 if kind == "note" else 1)
