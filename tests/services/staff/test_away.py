"""Who is away hands their tickets on, and nobody is overloaded by it."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.models.errors import NotAllowed
from app.models.identifiers import new_id
from app.models.records.desk import Actor, ActorKind, Role
from app.models.records.handing import Handing
from app.models.rules.handing import spread
from app.services import staff
from app.services.staff import away
from app.services.staff.load import load
from app.services.tickets import bulk, editing
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml


@pytest.fixture
def desk(mail_desk: MailDesk) -> MailDesk:
    """Lena has four tickets of her team."""
    for number in range(1, 5):
        mail_desk.receive(eml(f"Mail {number}", mail_id=f"m{number}@x.example"))
        editing.assign(mail_desk.database, SYSTEM, Stale(mail_desk.ticket(number).row.id), mail_desk.agent.id)
    return mail_desk


def colleague(desk: MailDesk, name: str, role: Role = Role.AGENT) -> Actor:
    agent = staff.add_agent(desk.database, SYSTEM, name, f"{name.lower()}@x.example", role, list(desk.agent.teams))
    return Actor(ActorKind.AGENT, name, agent.id, role, teams=desk.agent.teams)


def me(desk: MailDesk) -> UUID:
    assert desk.agent.id is not None
    return desk.agent.id


def assignees(desk: MailDesk) -> list[str | None]:
    return [desk.ticket(number).row.assignee for number in range(1, 5)]


def test_tickets_are_spread_over_who_is_there_and_come_back_by_one_undo(desk: MailDesk) -> None:
    anna, ben = colleague(desk, "Anna"), colleague(desk, "Ben")
    away.set_away(desk.database, SYSTEM, colleague(desk, "Cleo").id or new_id(), None)
    moves = away.plan(desk.database, me(desk), Handing.SPREAD)
    assert sorted(each.to_name for each in moves) == ["Anna", "Anna", "Ben", "Ben"]
    assert assignees(desk) == ["Lena Vogt"] * 4
    result = away.hand_out(desk.database, desk.agent, moves)
    assert set(assignees(desk)) == {anna.name, ben.name}
    bulk.undo(desk.database, desk.agent, result.undos)
    assert assignees(desk) == ["Lena Vogt"] * 4


def test_all_go_to_one_or_to_the_queue_or_stay(desk: MailDesk) -> None:
    ben = colleague(desk, "Ben")
    assert {each.to_name for each in away.plan(desk.database, me(desk), Handing.PERSON, ben.id)} == {"Ben"}
    assert away.plan(desk.database, me(desk), Handing.KEEP) == []
    away.hand_out(desk.database, desk.agent, away.plan(desk.database, me(desk), Handing.QUEUE))
    assert assignees(desk) == [None] * 4


def test_somebody_is_away_until_then_or_until_they_say_so(desk: MailDesk) -> None:
    away.set_away(desk.database, desk.agent, me(desk), desk.clock.now() + timedelta(hours=1))
    assert away.away_now(desk.database) == {me(desk)}
    told = load(desk.database).of_agent(me(desk))
    assert (told.away, told.open) == (True, 4)
    desk.clock.forward(hours=1)
    assert away.away_now(desk.database) == set()
    away.set_away(desk.database, desk.agent, me(desk), None)
    desk.clock.forward(hours=1000)
    assert away.away_now(desk.database) == {me(desk)}
    away.set_back(desk.database, desk.agent, me(desk))
    assert away.away_now(desk.database) == set()


def test_only_a_supervisor_says_it_for_somebody_else(desk: MailDesk) -> None:
    with pytest.raises(NotAllowed):
        away.set_away(desk.database, colleague(desk, "Ben"), me(desk), None)
    away.set_away(desk.database, colleague(desk, "Sam", Role.SUPERVISOR), me(desk), None)
    assert away.away_now(desk.database) == {me(desk)}


def test_who_has_least_gets_most() -> None:
    team, busy, free = new_id(), new_id(), new_id()
    tickets = [(new_id(), team) for _ in range(5)]
    given = list(spread(tickets, {team: [busy, free]}, {busy: 3}).values())
    assert (given.count(free), given.count(busy)) == (4, 1)
    assert set(spread([(new_id(), None), (new_id(), new_id())], {team: [free]}, {}).values()) == {None}
