"""What others did since one looked is told, and nothing of what one did oneself."""

import pytest

from app.models.records.desk import Actor, ActorKind, Role
from app.models.records.tickets import MessageKind, NewNote, Status
from app.services import staff
from app.services.tickets import answering, editing
from app.services.tickets.editing import Stale
from app.services.tickets.news import news_since, seen_of
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml


@pytest.fixture
def asked(mail_desk: MailDesk) -> MailDesk:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    return mail_desk


@pytest.fixture
def tom(mail_desk: MailDesk) -> Actor:
    added = staff.add_agent(mail_desk.database, SYSTEM, "Tom Abel", "tom@desk.example", Role.SUPERVISOR)
    return Actor(ActorKind.AGENT, added.name, added.id, Role.SUPERVISOR, "desk-2")


def test_a_mail_and_a_note_of_another_are_news(asked: MailDesk, tom: Actor) -> None:
    seen, ticket = seen_of(asked.ticket(1)), asked.ticket(1).row.id
    assert news_since(asked.database, ticket, asked.agent, seen) == []
    asked.receive(eml("Re: VPN is slow", "It works\n again.", mail_id="b@acme.example", answers="a@acme.example"))
    answering.note(asked.database, tom, ticket, NewNote("Called her."))
    found = news_since(asked.database, ticket, asked.agent, seen)
    assert [(each.kind, each.author, each.text) for each in found if each.kind] == [
        (MessageKind.MAIL_IN, "Anna Björn", "It works again."),
        (MessageKind.NOTE, "Tom Abel", "Called her."),
    ]


def test_ones_own_note_and_change_are_not(asked: MailDesk) -> None:
    seen, ticket = seen_of(asked.ticket(1)), asked.ticket(1).row.id
    answering.note(asked.database, asked.agent, ticket, NewNote("Mine."))
    editing.set_status(asked.database, asked.agent, Stale(ticket), Status.WAITING_VENDOR)
    assert news_since(asked.database, ticket, asked.agent, seen) == []


def test_another_persons_status_and_assignee_are(asked: MailDesk, tom: Actor) -> None:
    seen, ticket = seen_of(asked.ticket(1)), asked.ticket(1).row.id
    editing.set_status(asked.database, tom, Stale(ticket), Status.SOLVED)
    editing.assign(asked.database, tom, Stale(ticket), tom.id)
    found = news_since(asked.database, ticket, asked.agent, seen)
    assert [(each.author, each.status, each.assignee) for each in found] == [
        ("Tom Abel", Status.SOLVED, None),
        ("Tom Abel", None, "Tom Abel"),
    ]
    assert news_since(asked.database, ticket, asked.agent, seen_of(asked.ticket(1))) == []
