"""A ticket's deadline follows what its customer writes, what is answered, and what an agent sets."""

from datetime import datetime

from app.models.records.mail import Address
from app.models.records.tickets import Answer, Priority, Status
from app.models.rules.targets import REPLY_WITHIN
from app.services.tickets import answering, editing, mending
from app.services.tickets.editing import Stale
from tests.fixtures.rounds import MailDesk, eml


def due(desk: MailDesk, number: int = 1) -> datetime | None:
    return desk.ticket(number).row.due_at


def answer(desk: MailDesk, then: Status | None = None) -> None:
    written = Answer((Address("anna@acme.example"),), (), "Re: VPN is slow", "Try again.", then_status=then)
    answering.answer(desk.database, desk.agent, desk.ticket(1).row.id, written)


def test_a_new_mail_is_to_be_answered_within_its_priority(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    assert due(mail_desk) == mail_desk.clock.now() + REPLY_WITHIN[Priority.P3]


def test_a_second_mail_does_not_move_the_deadline(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    first = due(mail_desk)
    mail_desk.clock.forward(hours=2)
    mail_desk.receive(eml("Re: VPN is slow", mail_id="b@acme.example", answers="a@acme.example"))
    assert due(mail_desk) == first


def test_an_answer_ends_it_and_the_next_mail_begins_it_anew(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    answer(mail_desk)
    assert due(mail_desk) is None
    mail_desk.clock.forward(hours=30)
    mail_desk.receive(eml("Re: VPN is slow", mail_id="b@acme.example", answers="a@acme.example"))
    assert due(mail_desk) == mail_desk.clock.now() + REPLY_WITHIN[Priority.P3]


def test_an_automatic_reply_sets_no_deadline(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    answer(mail_desk)
    away = {"Auto-Submitted": "auto-replied"}
    mail_desk.receive(eml("Re: VPN is slow", mail_id="b@acme.example", answers="a@acme.example", headers=away))
    assert due(mail_desk) is None


def test_another_priority_counts_from_the_same_mail(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    asked = mail_desk.clock.now()
    mail_desk.clock.forward(minutes=50)
    undo = editing.set_priority(mail_desk.database, mail_desk.agent, Stale(mail_desk.ticket(1).row.id), Priority.P1)
    assert due(mail_desk) == asked + REPLY_WITHIN[Priority.P1]
    mending.undo(mail_desk.database, mail_desk.agent, undo)
    assert due(mail_desk) == asked + REPLY_WITHIN[Priority.P3]


def test_who_waits_for_the_customer_has_no_deadline_until_they_write(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    ticket = mail_desk.ticket(1).row.id
    undo = editing.set_status(mail_desk.database, mail_desk.agent, Stale(ticket), Status.WAITING_CUSTOMER)
    asked = due(mail_desk)
    mending.undo(mail_desk.database, mail_desk.agent, undo)
    assert (asked, due(mail_desk)) == (None, mail_desk.clock.now() + REPLY_WITHIN[Priority.P3])
    editing.set_status(mail_desk.database, mail_desk.agent, Stale(ticket), Status.WAITING_CUSTOMER)
    mail_desk.clock.forward(hours=72)
    mail_desk.receive(eml("Re: VPN is slow", mail_id="b@acme.example", answers="a@acme.example"))
    assert due(mail_desk) == mail_desk.clock.now() + REPLY_WITHIN[Priority.P3]


def test_a_merged_ticket_keeps_the_earlier_deadline(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    first = due(mail_desk)
    mail_desk.clock.forward(hours=1)
    mail_desk.receive(eml("Wi-Fi too", mail_id="c@acme.example"))
    one, other = (mail_desk.ticket(number).row.id for number in (1, 2))
    mending.merge(mail_desk.database, mail_desk.agent, one, other)
    assert (due(mail_desk, 1), due(mail_desk, 2)) == (None, first)
