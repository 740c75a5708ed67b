"""People are found by a few letters of what is known of them, on both engines."""

import pytest

from app.models.records.people import IdentityKind
from app.models.records.tickets import Status
from app.services import people
from app.services.tickets import editing
from app.services.tickets.editing import Stale
from tests.fixtures.rounds import MailDesk, eml


@pytest.fixture
def desk(mail_desk: MailDesk) -> MailDesk:
    for name, mail in (
        ("Anna Björn", "anna@acme.example"),
        ("Bob Annand", "bob@shop.example"),
        ("Cleo", "c@x.example"),
    ):
        mail_desk.receive(eml(sender=f"{name} <{mail}>", mail_id=f"{mail}.1"))
    return mail_desk


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("ann", ["Anna Björn", "Bob Annand"]),
        ("ANN bj", ["Anna Björn"]),
        ("björn", ["Anna Björn"]),
        ("bob@sh", ["Bob Annand"]),
        ("nobody", []),
        ("", []),
        ("'); -- %", []),
    ],
)
def test_a_person_is_found_by_the_beginnings_of_words(desk: MailDesk, typed: str, names: list[str]) -> None:
    assert [each.name for each in people.find(desk.database, typed)] == names


def test_what_is_known_of_them_comes_with_them(desk: MailDesk) -> None:
    anna = people.find(desk.database, "anna")[0]
    assert [(each.kind, each.value) for each in anna.identities] == [(IdentityKind.MAIL, "anna@acme.example")]
    assert anna.open_tickets == 1


def test_those_with_open_tickets_come_first(desk: MailDesk) -> None:
    editing.set_status(desk.database, desk.agent, Stale(desk.ticket(1).row.id), Status.CLOSED)
    assert [(each.name, each.open_tickets) for each in people.find(desk.database, "ann")] == [
        ("Bob Annand", 1),
        ("Anna Björn", 0),
    ]
