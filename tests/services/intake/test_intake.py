"""A mail becomes a ticket or joins the right one; nothing is lost and nothing is taken in twice."""

import pytest
from sqlalchemy import func, select

from app.models.records.intake import Outcome
from app.models.records.mail import Address
from app.models.records.queue import QueueFilter
from app.models.records.tickets import Answer, MessageKind, Priority, Status
from app.models.tables import Channel, Message, Quarantine, Receipt
from app.services.catalogue import apply_catalogue
from app.services.channels.interface import Incoming
from app.services.intake import taking
from app.services.tickets import answering, editing, mending, queue, reading
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml


def test_a_mail_opens_a_ticket_with_its_author_as_requester(mail_desk: MailDesk) -> None:
    assert mail_desk.receive(eml("AW: VPN ist langsam", mail_id="a@acme.example")) is Outcome.NEW
    ticket = mail_desk.ticket(1)
    assert ticket.row.subject == "VPN ist langsam"
    assert (ticket.row.status, ticket.row.priority, ticket.row.team) == (Status.NEW, Priority.P3, "Service Desk")
    assert ticket.requester is not None
    assert ticket.requester.name == "Anna Björn"
    assert ticket.reply_to == (Address("anna@acme.example", "Anna Björn"),)
    assert ticket.row.unread == 1


def test_a_reply_joins_within_the_same_batch_too(mail_desk: MailDesk) -> None:
    mail_desk.channel.deliver(eml(mail_id="a@acme.example"))
    mail_desk.channel.deliver(eml("Re: VPN is slow", mail_id="b@acme.example", answers="a@acme.example"))
    report = mail_desk.round()
    assert (report.outcomes[Outcome.NEW], report.outcomes[Outcome.REPLY]) == (1, 1)
    assert [each.subject for each in mail_desk.ticket(1).messages] == ["VPN is slow", "Re: VPN is slow"]
    assert mail_desk.ticket(1).row.unread == 2


def test_the_same_mail_in_two_mailboxes_is_one_message(mail_desk: MailDesk) -> None:
    assert mail_desk.receive(eml(mail_id="a@acme.example")) is Outcome.NEW
    assert mail_desk.receive(eml(mail_id="a@acme.example")) is Outcome.DUPLICATE
    assert mail_desk.receive(eml("Another", mail_id="a@acme.example")) is Outcome.NEW


def test_a_mail_without_a_message_id_is_known_by_its_bytes(mail_desk: MailDesk) -> None:
    assert mail_desk.receive(eml()) is Outcome.NEW
    assert mail_desk.receive(eml()) is Outcome.DUPLICATE
    assert mail_desk.receive(eml(text="Something else")) is Outcome.NEW


def test_polling_again_takes_nothing_in_twice_even_with_a_lost_cursor(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    with mail_desk.database.write(SYSTEM) as work:
        from app.models.tables import ChannelState

        work.session.get_one(ChannelState, mail_desk.account.id).cursor = None
    report = mail_desk.round()
    assert report.outcomes[Outcome.DUPLICATE] == 1
    assert len(mail_desk.ticket(1).messages) == 1


def test_a_customers_reply_wakes_a_waiting_ticket_and_a_solved_one(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    ticket = mail_desk.ticket(1).row.id
    for number, status in enumerate((Status.WAITING_CUSTOMER, Status.SOLVED)):
        editing.set_status(mail_desk.database, mail_desk.agent, Stale(ticket), status)
        mail_desk.receive(eml(f"Re {number}", mail_id=f"r{number}@acme.example", answers="a@acme.example"))
        assert mail_desk.ticket(1).row.status is Status.OPEN


def test_a_late_reply_opens_a_linked_ticket(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    editing.set_status(mail_desk.database, mail_desk.agent, Stale(mail_desk.ticket(1).row.id), Status.CLOSED)
    mail_desk.clock.forward(days=15)
    assert mail_desk.receive(eml(mail_id="b@acme.example", answers="a@acme.example")) is Outcome.NEW
    assert [(each.kind.value, each.number) for each in mail_desk.ticket(2).links] == [("follow_up", 1)]
    assert mail_desk.ticket(1).row.status is Status.CLOSED


def test_an_answer_goes_out_and_the_customers_reply_joins(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    ticket = mail_desk.ticket(1)
    written = Answer(ticket.reply_to, (), "Re: VPN is slow", "Please try again.", then_status=Status.WAITING_CUSTOMER)
    answering.answer(mail_desk.database, mail_desk.agent, ticket.row.id, written)
    mail_desk.round()
    (sent,) = mail_desk.channel.sent
    assert sent.recipients == ("anna@acme.example",)
    assert b"In-Reply-To: <a@acme.example>" in sent.raw
    assert mail_desk.receive(eml(mail_id="b@acme.example", answers=sent.message_id)) is Outcome.REPLY
    after = mail_desk.ticket(1)
    assert [each.kind for each in after.messages] == [MessageKind.MAIL_IN, MessageKind.MAIL_OUT, MessageKind.MAIL_IN]
    assert (after.row.status, after.row.assignee) == (Status.OPEN, "Lena Vogt")


def test_an_auto_reply_is_noted_and_wakes_nothing(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    editing.set_status(mail_desk.database, mail_desk.agent, Stale(mail_desk.ticket(1).row.id), Status.SOLVED)
    away = eml("Away", answers="a@acme.example", headers={"Auto-Submitted": "auto-replied"})
    assert mail_desk.receive(away) is Outcome.NOTED
    assert mail_desk.ticket(1).row.status is Status.SOLVED
    assert mail_desk.receive(eml("Away", headers={"Auto-Submitted": "auto-replied"})) is Outcome.IGNORED


def test_what_cannot_be_read_goes_to_quarantine_and_the_rest_goes_on(
    mail_desk: MailDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = taking.read_mail

    def read(raw: bytes):
        if b"poison" in raw:
            raise ZeroDivisionError
        return really(raw)

    monkeypatch.setattr(taking, "read_mail", read)
    mail_desk.channel.deliver(eml(text="poison"))
    mail_desk.channel.delivered.append(Incoming("big", None, 60_000_000, "too_large"))
    mail_desk.channel.deliver(eml(mail_id="good@acme.example"))
    report = mail_desk.round()
    assert (report.outcomes[Outcome.QUARANTINED], report.outcomes[Outcome.NEW]) == (2, 1)
    with mail_desk.database.read() as session:
        told = dict(session.execute(select(Quarantine.problem, Quarantine.size)).all())
    assert set(told) == {"unreadable", "too_large"}
    assert "big" not in mail_desk.channel.settled


def test_what_its_channel_did_not_hand_over_is_taken_in_once_when_it_comes(mail_desk: MailDesk) -> None:
    raw = eml(mail_id="a@acme.example")
    came, withheld = Incoming("x", raw, len(raw)), Incoming("x", None, 99, "withheld")

    def bring(incoming: Incoming) -> list[Outcome]:
        mail_desk.channel.delivered.append(incoming)
        return [outcome for outcome, count in mail_desk.round().outcomes.items() if count]

    def in_quarantine() -> list[str]:
        with mail_desk.database.read() as session:
            return list(session.scalars(select(Quarantine.problem)))

    assert bring(withheld) == [Outcome.QUARANTINED]
    assert bring(withheld) == [Outcome.DUPLICATE]
    assert in_quarantine() == ["withheld"]
    assert bring(Incoming("x", None, 99, "too_large")) == [Outcome.QUARANTINED]
    assert in_quarantine() == ["too_large"]
    assert mail_desk.channel.settled == []
    assert bring(came) == [Outcome.NEW]
    assert (in_quarantine(), mail_desk.channel.settled) == ([], ["x"])
    assert [bring(came), bring(withheld)] == [[Outcome.DUPLICATE]] * 2
    assert len(mail_desk.ticket(1).messages) == 1


def test_a_message_the_database_refuses_is_set_aside_alone(
    mail_desk: MailDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import DataError

    from app.services.intake.filing import Filing

    really = Filing.write

    def write(self: Filing) -> None:
        if any("cannot be stored" in each["text"] for each in self._messages):
            raise DataError("insert", {}, ValueError("value"))
        really(self)

    monkeypatch.setattr(Filing, "write", write)
    for text in ("one", "cannot be stored", "three"):
        mail_desk.channel.deliver(eml(text, text))
    report = mail_desk.round()
    assert (report.outcomes[Outcome.NEW], report.outcomes[Outcome.QUARANTINED]) == (2, 1)
    assert report.fetched == 3


def test_a_receipt_goes_to_a_person_once_and_never_to_a_machine(mail_desk: MailDesk) -> None:
    with mail_desk.database.write(SYSTEM) as work:
        work.session.get_one(Channel, mail_desk.account.id).acknowledge = True
    from app.services import accounts

    mail_desk.account = accounts.named(mail_desk.database, "support")
    mail_desk.receive(eml(mail_id="a@acme.example"))
    mail_desk.receive(eml("Re", mail_id="b@acme.example", answers="a@acme.example"))
    mail_desk.receive(eml(sender="noreply@shop.example", mail_id="c@shop.example"))
    assert [each.recipients for each in mail_desk.channel.sent] == [("anna@acme.example",)]
    assert b"Auto-Submitted: auto-replied" in mail_desk.channel.sent[0].raw


def test_a_routing_rule_places_a_mail_and_says_so(mail_desk: MailDesk) -> None:
    rule = '[[rule]]\nname = "outage"\nconditions = { subject = ["down"] }\nteam = "Service Desk"\npriority = 1'
    apply_catalogue(mail_desk.database, SYSTEM, rule)
    mail_desk.receive(eml("Portal is DOWN"))
    ticket = mail_desk.ticket(1)
    assert ticket.row.priority is Priority.P1
    assert [each.rule for each in ticket.messages[0].reasons] == ["no_thread", "routing"]


def test_words_are_found_in_subject_author_and_text(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml("Printer", "The Drucker prints Größe wrong.", mail_id="a@x.example"))
    mail_desk.receive(eml("VPN", "It is slow.", sender="Olaf <olaf@b.example>", mail_id="b@x.example"))
    found = {
        words: len(queue.ids(mail_desk.database, QueueFilter(words=words)))
        for words in (
            "printer",
            "größe",
            "drucker wrong",
            "olaf",
            "dru",
            "printer -größe",
            "no",
            '"is slow"',
            "2",
            "''--",
        )
    }
    assert found == {
        "printer": 1, "größe": 1, "drucker wrong": 1, "olaf": 1, "dru": 1,
        "printer -größe": 0, "no": 0, '"is slow"': 1, "2": 1, "''--": 0,
    }  # fmt: skip


def test_split_move_and_merge_can_be_undone(mail_desk: MailDesk) -> None:
    database, agent = mail_desk.database, mail_desk.agent
    mail_desk.receive(eml(mail_id="a@acme.example"))
    mail_desk.receive(eml("Re", mail_id="b@acme.example", answers="a@acme.example"))
    one = mail_desk.ticket(1)
    split_off, undo = mending.split(database, agent, [one.messages[1].id])
    assert len(mail_desk.ticket(1).messages) == 1
    assert [each.id for each in reading.show(database, split_off).messages] == [one.messages[1].id]
    mending.undo(database, agent, undo)
    assert len(mail_desk.ticket(1).messages) == 2

    mail_desk.receive(eml("Other", mail_id="c@acme.example"))
    other = mail_desk.ticket(3)
    undo = mending.merge(database, agent, other.row.id, one.row.id)
    assert len(mail_desk.ticket(1).messages) == 3
    assert mail_desk.receive(eml("Re", mail_id="d@acme.example", answers="c@acme.example")) is Outcome.REPLY
    assert len(mail_desk.ticket(1).messages) == 4
    mending.undo(database, agent, undo)
    assert [each.subject for each in mail_desk.ticket(3).messages] == ["Other"]
    assert mail_desk.ticket(3).row.status is Status.NEW


def test_every_message_is_counted_once(mail_desk: MailDesk) -> None:
    for number in range(120):
        mail_desk.channel.deliver(eml(f"Mail {number}", mail_id=f"m{number}@x.example"))
    report = mail_desk.round()
    with mail_desk.database.read() as session:
        stored = session.scalar(select(func.count()).select_from(Message))
        receipts = session.scalar(select(func.count()).select_from(Receipt).where(Receipt.settled))
    assert (report.fetched, stored, receipts, len(mail_desk.channel.settled)) == (120, 120, 120, 120)
    assert mail_desk.numbers() == list(range(1, 121))


def test_a_mail_without_an_id_is_known_in_other_bytes_and_told_from_its_like(mail_desk: MailDesk) -> None:
    stamp = "from a by mail.desk.example with SMTP; Mon, 02 Mar 2026 08:00:0{} +0000"
    first, second = (eml("Disk", "Full", headers={"Received": stamp.format(number)}) for number in (1, 2))
    assert [mail_desk.receive(each) for each in (first, second)] == [Outcome.NEW, Outcome.NEW]
    again = first.replace(b" with SMTP", b"\r\n\twith SMTP").replace(b"MIME-Version:", b"X-Seen: yes\r\nMIME-Version:")
    assert again != first
    assert mail_desk.receive(again) is Outcome.DUPLICATE
    assert mail_desk.receive(first.replace(b"Full", b"Full again")) is Outcome.NEW
