"""An answer that is held back can be taken back, and nothing of it is left."""

from datetime import timedelta

import pytest

from app.models.errors import KnownError
from app.models.records.mail import Address
from app.models.records.tickets import Answer, Delivery, Priority, Status, TicketView
from app.models.tables import Participant
from app.services.tickets import answering, editing, mending, recalling
from app.services.tickets.editing import Stale
from tests.fixtures.rounds import MailDesk, eml

HOLD = timedelta(seconds=8)
ANNA, EVE = Address("anna@acme.example", "Anna"), Address("eve@other.example")


@pytest.fixture
def asked(mail_desk: MailDesk) -> MailDesk:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    return mail_desk


def answer(desk: MailDesk, hold: timedelta = HOLD) -> object:
    written = Answer((ANNA,), (EVE,), "Re: VPN is slow", "Try again.", then_status=Status.WAITING_CUSTOMER)
    return answering.answer(desk.database, desk.agent, desk.ticket(1).row.id, written, hold=hold)


def take_back(desk: MailDesk, message_id: object) -> None:
    undo = recalling.undo_of(desk.database, message_id)  # type: ignore[arg-type]
    mending.undo(desk.database, desk.agent, undo)


def state(ticket: TicketView) -> tuple[object, ...]:
    row = ticket.row
    return row.status, row.due_at, row.unread, ticket.assignee_id, ticket.owner_id, len(ticket.messages)


def participants(desk: MailDesk) -> set[str]:
    with desk.database.read() as session:
        return {each.address for each in session.query(Participant)}


def test_it_stays_in_the_outbox_for_so_long_and_goes_then_by_itself(asked: MailDesk) -> None:
    answer(asked)
    asked.clock.forward(seconds=7)
    asked.round()
    assert asked.channel.sent == []
    asked.clock.forward(seconds=2)
    asked.round()
    assert len(asked.channel.sent) == 1
    assert asked.ticket(1).messages[1].delivery is Delivery.SENT


def test_what_was_taken_back_never_goes_and_the_ticket_is_as_it_was(asked: MailDesk) -> None:
    before, people = state(asked.ticket(1)), participants(asked)
    message_id = answer(asked)
    assert state(asked.ticket(1)) != before
    take_back(asked, message_id)
    assert state(asked.ticket(1)) == before
    assert participants(asked) == people
    asked.clock.forward(minutes=5)
    asked.round()
    assert asked.channel.sent == []


def test_what_has_gone_out_cannot_be_taken_back(asked: MailDesk) -> None:
    message_id = answer(asked)
    asked.clock.forward(seconds=9)
    asked.round()
    with pytest.raises(KnownError) as told:
        take_back(asked, message_id)
    assert told.value.code == "answer.sent_already"
    assert len(asked.ticket(1).messages) == 2


def test_it_is_taken_back_once(asked: MailDesk) -> None:
    message_id = answer(asked)
    undo = recalling.undo_of(asked.database, message_id)  # type: ignore[arg-type]
    mending.undo(asked.database, asked.agent, undo)
    with pytest.raises(KnownError) as told:
        mending.undo(asked.database, asked.agent, undo)
    assert told.value.code == "undo.gone"


def test_what_others_changed_since_stays(asked: MailDesk) -> None:
    message_id = answer(asked)
    ticket = asked.ticket(1).row.id
    editing.set_priority(asked.database, asked.agent, Stale(ticket), Priority.P1)
    editing.set_status(asked.database, asked.agent, Stale(ticket), Status.SOLVED)
    take_back(asked, message_id)
    row = asked.ticket(1).row
    assert (row.status, row.priority) == (Status.SOLVED, Priority.P1)


def test_a_forward_can_be_taken_back_too(asked: MailDesk) -> None:
    before = state(asked.ticket(1))
    written = Answer((EVE,), (), "Fwd: VPN is slow", "For you.")
    message_id = answering.forward(asked.database, asked.agent, asked.ticket(1).row.id, written, hold=HOLD)
    take_back(asked, message_id)
    assert state(asked.ticket(1)) == before


def test_who_takes_it_back_while_the_sender_has_read_it_wins(asked: MailDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sender reads what is due, and only then marks one after the other."""
    from app.services.outbox.sending import Sender

    message_id = answer(asked)
    asked.clock.forward(seconds=9)
    really = Sender._mark

    def late(sender: Sender, due: object) -> bool:
        take_back(asked, message_id)
        return really(sender, due)  # type: ignore[arg-type]

    monkeypatch.setattr(Sender, "_mark", late)
    assert asked.round().problem is None
    assert asked.channel.sent == []
