"""A call is filed once, with its caller, its ticket and what follows from it, on both engines."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.call_form import CallForm
from app.models.records.calls import CallOutcome, Direction
from app.models.records.desk import Level
from app.models.records.people import IdentityKind
from app.models.records.tickets import MessageKind, Priority, Status
from app.models.tables import Call, Message, Person
from app.services import people
from app.services.catalogue import apply_catalogue
from app.services.phone.callers import callers, tickets_of
from app.services.phone.filing import file_call
from app.services.staff import applications, teams
from app.services.tickets import editing
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml

CATALOGUE = """
[[team]]
name = "Infrastructure"
level = 2
[[application]]
name = "Portal"
audience = "customer"
model = "tiered"
team = "Infrastructure"
"""


@pytest.fixture
def desk(mail_desk: MailDesk) -> MailDesk:
    apply_catalogue(mail_desk.database, SYSTEM, CATALOGUE)
    mail_desk.receive(eml(mail_id="a@acme.example"))
    mail_desk.clock.forward(hours=1)
    return mail_desk


def a_call(desk: MailDesk, **told: Any) -> CallForm:
    usual: dict[str, Any] = {"who": "040 5550 1234", "subject": "Login", "text": "Cannot log in.", "seconds": 95}
    return CallForm(desk.clock.now() - timedelta(seconds=95), **(usual | told))


def file(desk: MailDesk, form: CallForm) -> Any:
    return file_call(desk.database, desk.agent, form, "DE")


def count(desk: MailDesk, table: type[Any]) -> int:
    with desk.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_call_opens_a_ticket_of_whoever_answered_it(desk: MailDesk) -> None:
    portal = applications(desk.database)[0]
    filed = file(desk, a_call(desk, person_name="Dora Klein", application_id=portal.id, category="Login"))
    ticket = desk.ticket(filed.number)
    assert (filed.new, ticket.row.channel, ticket.row.status, ticket.row.level) == (
        True,
        "phone",
        Status.OPEN,
        Level.L1,
    )
    assert (ticket.row.assignee, ticket.row.application, ticket.tags) == ("Lena Vogt", "Portal", ("login",))
    assert ticket.row.due_at is None
    message = ticket.messages[0]
    assert (message.kind, message.author, message.text) == (MessageKind.CALL, "Dora Klein", "Cannot log in.")
    assert message.call is not None
    assert (message.call.number, message.call.seconds, message.call.direction) == ("+494055501234", 95, Direction.IN)
    assert ticket.requester is not None
    assert [(each.kind, each.value) for each in ticket.requester.identities] == [(IdentityKind.PHONE, "+494055501234")]


def test_it_is_filed_once_however_often_it_is_tried(desk: MailDesk) -> None:
    form = a_call(desk)
    first, again = file(desk, form), file(desk, form)
    assert (first.ticket_id, first.number) == (again.ticket_id, again.number)
    assert not again.new
    assert count(desk, Call) == 1
    assert count(desk, Person) == 2


def test_it_joins_an_open_ticket_of_the_caller(desk: MailDesk) -> None:
    anna = people.find(desk.database, "anna")[0]
    ticket = tickets_of(desk.database, anna.id)[0]
    filed = file(desk, a_call(desk, who="anna", person_id=anna.id, ticket_id=ticket.id, outcome=CallOutcome.SOLVED))
    assert (filed.number, filed.new) == (1, False)
    assert desk.ticket(1).row.status is Status.SOLVED
    assert [each.kind for each in desk.ticket(1).messages] == [MessageKind.MAIL_IN, MessageKind.CALL]


def test_it_is_handed_over_to_a_team_with_its_level(desk: MailDesk) -> None:
    infrastructure = next(each for each in teams(desk.database) if each.name == "Infrastructure")
    filed = file(desk, a_call(desk, outcome=CallOutcome.HANDED_OVER, team_id=infrastructure.id))
    row = desk.ticket(filed.number).row
    assert (row.team, row.level, row.assignee, row.status) == ("Infrastructure", Level.L2, None, Status.OPEN)
    with pytest.raises(KnownError, match=r"call\.no_team"):
        file(desk, a_call(desk, outcome=CallOutcome.HANDED_OVER))


def test_an_unknown_number_is_tied_to_a_known_person(desk: MailDesk) -> None:
    anna = people.find(desk.database, "anna")[0]
    file(desk, a_call(desk, person_id=anna.id))
    assert callers(desk.database, "040 55501234", "DE") == []
    file(desk, a_call(desk, person_id=anna.id, tie=True))
    assert [each.name for each in callers(desk.database, "+49 40 5550 1234", "DE")] == ["Anna Björn"]


def test_a_known_number_is_the_known_person(desk: MailDesk) -> None:
    anna = people.find(desk.database, "anna")[0]
    file(desk, a_call(desk, person_id=anna.id, tie=True))
    filed = file(desk, a_call(desk, text="Once more"))
    requester = desk.ticket(filed.number).requester
    assert requester is not None
    assert requester.id == anna.id


def test_a_follow_up_goes_by_mail_with_the_call(desk: MailDesk) -> None:
    anna = people.find(desk.database, "anna")[0]
    filed = file(desk, a_call(desk, person_id=anna.id, follow_up="As told on the phone: restart it."))
    desk.round()
    assert desk.ticket(filed.number).messages[-1].text == "As told on the phone: restart it."
    assert desk.channel.sent[-1].recipients == ("anna@acme.example",)


def test_a_follow_up_to_nobody_is_refused_and_nothing_is_filed(desk: MailDesk) -> None:
    with pytest.raises(KnownError, match=r"call\.no_mail"):
        file(desk, a_call(desk, follow_up="Bye"))
    assert count(desk, Call) == 0
    assert count(desk, Message) == 1


def test_a_call_without_a_word_is_refused(desk: MailDesk) -> None:
    with pytest.raises(KnownError, match=r"call\.nothing_said"):
        file(desk, a_call(desk, subject=" ", text="\n"))


def test_who_stands_at_the_desk_needs_no_number(desk: MailDesk) -> None:
    filed = file(desk, a_call(desk, who="Eva Roth", direction=Direction.WALK_IN, priority=Priority.P2))
    ticket = desk.ticket(filed.number)
    assert (ticket.row.channel, ticket.row.priority, ticket.row.requester) == ("desk", Priority.P2, "Eva Roth")


def test_a_person_or_ticket_that_is_gone_is_told(desk: MailDesk) -> None:
    for form, code in (
        (a_call(desk, person_id=new_id()), "person.gone"),
        (a_call(desk, ticket_id=new_id()), "ticket.gone"),
    ):
        with pytest.raises(KnownError, match=code.replace(".", r"\.")):
            file(desk, form)


def test_open_tickets_of_a_caller_come_before_done_ones(desk: MailDesk) -> None:
    anna = people.find(desk.database, "anna")[0]
    for number in range(2, 5):
        desk.receive(eml(f"Mail {number}", mail_id=f"m{number}@acme.example"))
    editing.set_status(desk.database, desk.agent, Stale(desk.ticket(4).row.id), Status.CLOSED)
    found = [each.number for each in tickets_of(desk.database, anna.id)]
    assert set(found[:3]) == {1, 2, 3}
    assert found[3:] == [4]


def test_the_same_words_twice_are_two_calls(desk: MailDesk) -> None:
    form = a_call(desk)
    file(desk, form)
    file(desk, replace(form, id=new_id()))
    assert count(desk, Call) == 2
