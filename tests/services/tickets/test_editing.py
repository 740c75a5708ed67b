"""Changing a ticket: who may, who was first, and taking it back."""

import pytest

from app.models.errors import Conflict, KnownError, NotAllowed
from app.models.records.desk import Actor, ActorKind, Level, Role
from app.models.records.queue import QueueFilter
from app.models.records.tickets import Priority, Status
from app.services import staff
from app.services.database.changes import ChangeFeed
from app.services.tickets import editing, mending, queue
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM, add_team
from tests.fixtures.rounds import MailDesk, eml


@pytest.fixture
def desk(mail_desk: MailDesk) -> MailDesk:
    mail_desk.receive(eml(mail_id="a@acme.example"))
    return mail_desk


def someone(desk: MailDesk, name: str, role: Role = Role.AGENT) -> Actor:
    agent = staff.add_agent(desk.database, SYSTEM, name, f"{name.lower()}@desk.example", role)
    return Actor(ActorKind.AGENT, name, agent.id, role)


def test_two_take_the_same_ticket_and_one_is_told_by_whom(desk: MailDesk) -> None:
    seen = Stale(desk.ticket(1).row.id, desk.ticket(1).row.version)
    olaf = someone(desk, "Olaf")
    editing.assign(desk.database, olaf, seen, olaf.id)
    with pytest.raises(Conflict) as refused:
        editing.assign(desk.database, desk.agent, seen, desk.agent.id)
    assert refused.value.facts["by"] == "Olaf"
    assert desk.ticket(1).row.assignee == "Olaf"


def test_an_agent_may_not_take_a_ticket_from_another_but_a_supervisor_may(desk: MailDesk) -> None:
    ticket = Stale(desk.ticket(1).row.id)
    olaf = someone(desk, "Olaf")
    editing.assign(desk.database, desk.agent, ticket, desk.agent.id)
    with pytest.raises(NotAllowed):
        editing.assign(desk.database, olaf, ticket, olaf.id)
    editing.assign(desk.database, someone(desk, "Sam", Role.SUPERVISOR), ticket, olaf.id)
    assert desk.ticket(1).row.assignee == "Olaf"
    assert desk.ticket(1).owner_id == desk.agent.id


def test_a_team_brings_its_level_and_frees_the_ticket(desk: MailDesk) -> None:
    infrastructure = add_team(desk.database, "Infrastructure", Level.L2)
    ticket = Stale(desk.ticket(1).row.id)
    editing.assign(desk.database, desk.agent, ticket, desk.agent.id)
    undo = editing.set_team(desk.database, desk.agent, ticket, infrastructure.id)
    row = desk.ticket(1).row
    assert (row.team, row.level, row.assignee) == ("Infrastructure", Level.L2, None)
    mending.undo(desk.database, desk.agent, undo)
    row = desk.ticket(1).row
    assert (row.team, row.level, row.assignee) == ("Service Desk", Level.L1, "Lena Vogt")


def test_an_undo_is_refused_once_others_built_on_the_change(desk: MailDesk) -> None:
    ticket = Stale(desk.ticket(1).row.id)
    undo = editing.set_priority(desk.database, desk.agent, ticket, Priority.P1)
    editing.set_priority(desk.database, desk.agent, ticket, Priority.P2)
    with pytest.raises(Conflict):
        mending.undo(desk.database, desk.agent, undo)
    assert desk.ticket(1).row.priority is Priority.P2


def test_an_undo_works_once(desk: MailDesk) -> None:
    undo = editing.set_status(desk.database, desk.agent, Stale(desk.ticket(1).row.id), Status.SOLVED)
    mending.undo(desk.database, desk.agent, undo)
    assert desk.ticket(1).row.status is Status.NEW
    with pytest.raises(KnownError, match=r"undo\.gone"):
        mending.undo(desk.database, desk.agent, undo)


def test_other_desks_hear_of_a_change(desk: MailDesk) -> None:
    feed = ChangeFeed(desk.database)
    feed.read()
    ticket = desk.ticket(1).row.id
    editing.set_priority(desk.database, desk.agent, Stale(ticket), Priority.P1)
    assert [(each.topic, each.ticket_id) for each in feed.read()] == [("ticket", ticket)]


def test_views_hold_what_they_say_and_pages_have_no_gaps(desk: MailDesk) -> None:
    for number in range(25):
        desk.clock.forward(seconds=number % 3)
        desk.receive(eml(f"Mail {number}", mail_id=f"m{number}@x.example"))
    database, mine = desk.database, QueueFilter(assignees=frozenset({desk.agent.id}))
    editing.assign(database, desk.agent, Stale(desk.ticket(3).row.id), desk.agent.id)
    editing.set_status(database, desk.agent, Stale(desk.ticket(4).row.id), Status.CLOSED)
    views = queue.builtin_views(desk.agent.id, desk.agent.teams)
    counts = queue.counts(database, views)
    for view in views:
        if view.filter.open:
            assert counts[view.key] == len(queue.ids(database, view.filter)), view.key
    assert [each.number for each in queue.rows(database, queue.ids(database, mine))] == [3]
    pages, after = [], None
    while page := queue.page(database, QueueFilter(), 7, after):
        pages += page
        after = page[-1]
    assert [each.id for each in pages] == list(queue.ids(database, QueueFilter()))
    assert len(pages) == 25


def test_who_changes_one_field_does_not_mind_what_others_did_to_another(desk: MailDesk) -> None:
    ticket = desk.ticket(1)
    seen = Stale(ticket.row.id, fields={"priority": 3, "status": Status.NEW})
    editing.set_status(desk.database, desk.agent, Stale(ticket.row.id), Status.OPEN)
    editing.set_priority(desk.database, desk.agent, seen, Priority.P1)
    assert (desk.ticket(1).row.status, desk.ticket(1).row.priority) == (Status.OPEN, Priority.P1)


def test_who_sets_what_another_set_first_is_told_who_and_what(desk: MailDesk) -> None:
    olaf = someone(desk, "Olaf", Role.SUPERVISOR)
    ticket = desk.ticket(1)
    seen = Stale(ticket.row.id, fields={"priority": 3, "assignee_id": None})
    editing.set_priority(desk.database, olaf, Stale(ticket.row.id), Priority.P2)
    with pytest.raises(Conflict) as refused:
        editing.set_priority(desk.database, desk.agent, seen, Priority.P1)
    assert refused.value.facts == {"number": 1, "by": "Olaf", "field": "priority", "theirs": 2}
    editing.set_priority(desk.database, desk.agent, seen, Priority.P2)
    editing.assign(desk.database, olaf, Stale(ticket.row.id), olaf.id)
    with pytest.raises(Conflict) as refused:
        editing.assign(desk.database, desk.agent, seen, desk.agent.id)
    assert refused.value.facts["theirs"] == "Olaf"
