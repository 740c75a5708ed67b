"""What came to a person, on both engines: theirs, and nothing that they did themself."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app.models.records.desk import Actor, ActorKind, Role
from app.models.records.notices import NoticeKind
from app.models.records.tickets import NewNote, Priority
from app.services import notifying, staff
from app.services.tickets import answering, editing
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml


@pytest.fixture
def desk(mail_desk: MailDesk) -> MailDesk:
    mail_desk.clock.forward(hours=1)
    return mail_desk


def ticket(desk: MailDesk, number: int = 1) -> UUID:
    return desk.ticket(number).row.id


def told(desk: MailDesk, since: datetime, actor: Actor | None = None) -> list[tuple[NoticeKind, int, str]]:
    tickets = [ticket(desk, each) for each in desk.numbers()]
    found = notifying.news(desk.database, actor or desk.agent, tickets, since)
    return [(each.kind, each.number, each.who) for each in found]


def someone(desk: MailDesk, name: str) -> Actor:
    agent = staff.add_agent(desk.database, SYSTEM, name, f"{name.lower()}@desk.example", Role.SUPERVISOR)
    return Actor(ActorKind.AGENT, name, agent.id, Role.SUPERVISOR)


def test_a_new_ticket_of_ones_team_is_news_until_somebody_has_it(desk: MailDesk) -> None:
    since = desk.clock.now() - timedelta(seconds=1)
    desk.receive(eml(mail_id="a@acme.example"))
    assert told(desk, since) == [(NoticeKind.NEW, 1, "")]
    assert told(desk, since, replace(desk.agent, teams=frozenset())) == []
    assert told(desk, desk.clock.now()) == []
    editing.assign(desk.database, SYSTEM, Stale(ticket(desk)), someone(desk, "Olaf").id)
    assert told(desk, since) == []


def test_a_ticket_that_somebody_gave_is_news_and_one_that_was_taken_is_not(desk: MailDesk) -> None:
    desk.receive(eml(mail_id="a@acme.example"))
    desk.receive(eml(mail_id="b@acme.example"))
    desk.clock.forward(seconds=5)
    since = desk.clock.now() - timedelta(seconds=1)
    editing.assign(desk.database, someone(desk, "Sam"), Stale(ticket(desk, 1)), desk.agent.id)
    editing.assign(desk.database, desk.agent, Stale(ticket(desk, 2)), desk.agent.id)
    assert told(desk, since) == [(NoticeKind.ASSIGNED, 1, "Sam")]


def test_a_mail_on_ones_own_ticket_is_news_and_urgent_ones_are_marked(desk: MailDesk) -> None:
    desk.receive(eml(mail_id="a@acme.example"))
    editing.assign(desk.database, desk.agent, Stale(ticket(desk)), desk.agent.id)
    editing.set_priority(desk.database, desk.agent, Stale(ticket(desk)), Priority.P1)
    desk.clock.forward(seconds=5)
    since = desk.clock.now() - timedelta(seconds=1)
    desk.receive(eml("Re: VPN is slow", mail_id="b@acme.example", answers="a@acme.example"))
    assert told(desk, since) == [(NoticeKind.ANSWERED, 1, "Anna Björn")]
    assert notifying.news(desk.database, desk.agent, [ticket(desk)], since)[0].urgent


def test_a_mention_is_news_for_whom_it_calls(desk: MailDesk) -> None:
    desk.receive(eml(mail_id="a@acme.example"))
    sam = someone(desk, "Sam")
    desk.clock.forward(seconds=5)
    since = desk.clock.now() - timedelta(seconds=1)
    assert desk.agent.id is not None
    answering.note(desk.database, sam, ticket(desk), NewNote("@Lena Vogt look", mentions=(desk.agent.id,)))
    assert told(desk, since) == [(NoticeKind.MENTIONED, 1, "Sam")]
    assert told(desk, since, sam) == []


def test_a_deadline_of_ones_own_is_news_once(desk: MailDesk) -> None:
    desk.receive(eml(mail_id="a@acme.example"))
    editing.assign(desk.database, desk.agent, Stale(ticket(desk)), desk.agent.id)
    due_at = desk.ticket(1).row.due_at
    assert due_at is not None
    before, minute = due_at - timedelta(minutes=1), timedelta(minutes=1)
    assert [each.number for each in notifying.due(desk.database, desk.agent, before, due_at)] == [1]
    assert notifying.due(desk.database, desk.agent, due_at, due_at + minute) == []
    assert notifying.due(desk.database, SYSTEM, before, due_at) == []
