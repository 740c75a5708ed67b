"""Who is at a ticket, on both engines."""

from datetime import timedelta

from app.models.identifiers import new_id
from app.models.records.desk import Actor, ActorKind, Role
from app.services import presence, staff
from app.services.database.changes import ChangeFeed
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml


def colleague(desk: MailDesk, name: str) -> Actor:
    agent = staff.add_agent(desk.database, SYSTEM, name, f"{name.lower()}@desk.example", Role.AGENT)
    return Actor(ActorKind.AGENT, name, agent.id)


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
    mail_desk.clock.forward(seconds=presence.GONE_AFTER.total_seconds())
    assert len(presence.others(mail_desk.database, ticket, new_id())) == 1
    mail_desk.clock.at += timedelta(seconds=1)
    assert presence.others(mail_desk.database, ticket, new_id()) == []


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
