"""Who is at a ticket, on both engines."""

from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
from sqlalchemy import func, insert, select

from app.models.identifiers import new_id
from app.models.records.desk import Actor, ActorKind, Role
from app.models.tables import Presence
from app.services import presence, staff
from app.services.database import Database
from app.services.database.changes import ChangeFeed
from app.services.tickets import editing
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml


def colleague(desk: MailDesk, name: str) -> Actor:
    agent = staff.add_agent(desk.database, SYSTEM, name, f"{name.lower()}@desk.example", Role.AGENT)
    return Actor(ActorKind.AGENT, name, agent.id)


@pytest.fixture
def shared(mail_desk: MailDesk) -> MailDesk:
    if not mail_desk.database.is_shared:
        pytest.skip("on one machine all desks have one clock")
    return mail_desk


def unheard_for(database: Database, time: timedelta) -> None:
    """All windows were last heard of so much earlier: a shared database goes by its own clock, which none can set."""
    with database.write(SYSTEM) as work:
        for each in work.session.scalars(select(Presence)):
            each.seen_at -= time


def test_others_are_seen_those_who_write_first_and_oneself_is_not(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    ticket, mine = mail_desk.ticket(1).row.id, new_id()
    anna, ben = colleague(mail_desk, "Anna"), colleague(mail_desk, "Ben")
    presence.report(mail_desk.database, mail_desk.agent, mine, ticket)
    for actor, typing in ((anna, False), (ben, True), (ben, False)):
        presence.report(mail_desk.database, actor, new_id(), ticket, typing=typing)
    assert [(each.name, each.typing) for each in presence.others(mail_desk.database, ticket, mine)] == [
        ("Ben", True),
        ("Anna", False),
    ]


def test_who_is_not_heard_of_any_more_is_gone(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    ticket = mail_desk.ticket(1).row.id
    presence.report(mail_desk.database, colleague(mail_desk, "Anna"), new_id(), ticket)
    unheard_for(mail_desk.database, presence.GONE_AFTER - timedelta(seconds=20))
    assert len(presence.others(mail_desk.database, ticket, new_id())) == 1
    unheard_for(mail_desk.database, timedelta(seconds=21))
    assert presence.others(mail_desk.database, ticket, new_id()) == []


def test_desks_whose_clocks_differ_by_hours_see_each_other(shared: MailDesk) -> None:
    shared.receive(eml(mail_id="a@acme.example"))
    ticket, there = shared.ticket(1).row.id, new_id()
    for hours in (5, -10):
        shared.clock.forward(hours=hours)
        presence.report(shared.database, colleague(shared, f"Anna{hours}"), new_id(), ticket)
    assert len(presence.others(shared.database, ticket, there)) == 2


def test_who_writes_for_a_ticket_that_nobody_has_is_about_to_take_it(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    database, ticket, window = mail_desk.database, mail_desk.ticket(1).row.id, new_id()
    anna, ben = colleague(mail_desk, "Anna"), colleague(mail_desk, "Ben")

    def claiming() -> list[str]:
        return [each.name for each in presence.others(database, ticket, new_id()) if each.claiming]

    presence.report(database, ben, new_id(), ticket)
    assert claiming() == []
    presence.report(database, anna, window, ticket, typing=True)
    assert claiming() == ["Anna"]
    presence.report(database, anna, window, ticket)
    assert claiming() == []
    presence.report(database, anna, window, ticket, typing=True)
    unheard_for(database, presence.GONE_AFTER + timedelta(seconds=1))
    assert claiming() == []
    presence.report(database, anna, window, ticket, typing=True)
    editing.assign(database, SYSTEM, Stale(ticket), ben.id)
    assert claiming() == []


def test_ten_thousand_windows_that_died_cost_nothing_noticeable(mail_desk: MailDesk) -> None:
    """None of them is at another ticket than its own: they are found by the ticket, and not by looking through all."""
    for number in (1, 2):
        mail_desk.receive(eml(mail_id=f"{number}@acme.example"))
    dead, ticket = (mail_desk.ticket(number).row.id for number in (1, 2))
    anna, there = colleague(mail_desk, "Anna"), new_id()
    row = {"agent_id": anna.id, "ticket_id": dead, "typing": False, "seen_at": datetime(2026, 1, 1, tzinfo=UTC)}
    with mail_desk.database.write(SYSTEM) as work:
        work.session.execute(insert(Presence), [row | {"session": new_id()} for _ in range(10_000)])
    began = perf_counter()
    for _ in range(20):
        presence.others(mail_desk.database, ticket, there)
    assert (perf_counter() - began) / 20 < 0.1
    assert presence.others(mail_desk.database, dead, there) == []
    presence.report(mail_desk.database, anna, there, ticket)
    with mail_desk.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Presence)) == 1


def test_other_desks_hear_of_coming_writing_and_going_and_of_nothing_else(mail_desk: MailDesk) -> None:
    for number in (1, 2):
        mail_desk.receive(eml(mail_id=f"{number}@acme.example"))
    one, two = (mail_desk.ticket(number).row.id for number in (1, 2))
    feed, window, database, agent = ChangeFeed(mail_desk.database), new_id(), mail_desk.database, mail_desk.agent
    feed.read()

    def heard() -> set[str]:
        return {each.id for each in feed.read() if each.topic == presence.TOPIC}

    presence.report(database, agent, window, one)
    assert heard() == {str(one)}
    presence.report(database, agent, window, one)
    assert heard() == set()
    presence.report(database, agent, window, one, typing=True)
    assert heard() == {str(one)}
    presence.report(database, agent, window, two)
    assert heard() == {str(one), str(two)}
    presence.leave(database, agent, window)
    presence.leave(database, agent, window)
    assert heard() == {str(two)}
    assert mail_desk.ticket(1).row.version == 1


def test_who_writes_to_a_free_ticket_claims_it_until_they_stop(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    database, window, anna = mail_desk.database, new_id(), colleague(mail_desk, "Anna")

    def claimed() -> list[str]:
        return [each.claimed_by for each in presence.claimed(database, [mail_desk.ticket(1).row])]

    ticket = mail_desk.ticket(1).row.id
    presence.report(database, anna, window, ticket)
    assert claimed() == [""]
    presence.report(database, anna, window, ticket, typing=True)
    assert claimed() == ["Anna"]
    presence.report(database, anna, window, ticket, typing=False)
    assert claimed() == [""]
    presence.report(database, anna, window, ticket, typing=True)
    editing.assign(database, mail_desk.agent, Stale(ticket), mail_desk.agent.id)
    assert claimed() == [""]


def test_a_claim_ends_with_a_desk_that_is_not_heard_of_any_more(mail_desk: MailDesk) -> None:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    presence.report(mail_desk.database, colleague(mail_desk, "Anna"), new_id(), mail_desk.ticket(1).row.id, typing=True)
    unheard_for(mail_desk.database, presence.GONE_AFTER + timedelta(seconds=1))
    assert presence.claimed(mail_desk.database, [mail_desk.ticket(1).row])[0].claimed_by == ""
