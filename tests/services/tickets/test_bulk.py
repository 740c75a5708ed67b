"""Many tickets at one go: each is changed or its reason is told, and one undo takes all of it back."""

from uuid import UUID

import pytest

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.desk import Actor, ActorKind, Role
from app.models.records.tickets import Priority, Status
from app.services import staff
from app.services.tickets import bulk, editing, tagging
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml

COUNT = 7


@pytest.fixture
def desk(mail_desk: MailDesk, monkeypatch: pytest.MonkeyPatch) -> MailDesk:
    monkeypatch.setattr(bulk, "SLICE", 3)
    for number in range(1, COUNT + 1):
        mail_desk.channel.deliver(eml(f"Mail {number}", mail_id=f"m{number}@acme.example"))
    mail_desk.round()
    return mail_desk


def all_of(desk: MailDesk) -> list[UUID]:
    return [desk.ticket(number).row.id for number in range(1, COUNT + 1)]


def statuses(desk: MailDesk) -> list[Status]:
    return [desk.ticket(number).row.status for number in range(1, COUNT + 1)]


def test_all_are_changed_and_one_undo_takes_all_back(desk: MailDesk) -> None:
    told: list[tuple[int, int]] = []

    def step(done: int, count: int) -> bool:
        told.append((done, count))
        return True

    result = bulk.apply(desk.database, desk.agent, all_of(desk), editing.to_status(Status.SOLVED), step)
    assert statuses(desk) == [Status.SOLVED] * COUNT
    assert told == [(0, 7), (3, 7), (6, 7), (7, 7)]
    assert (len(result.undos), result.refused, result.left) == (COUNT, [], 0)
    back = bulk.undo(desk.database, desk.agent, result.undos)
    assert (back.refused, back.left) == ([], 0)
    assert statuses(desk) == [Status.NEW] * COUNT


def test_what_is_not_allowed_or_gone_is_told_and_the_others_go_on(desk: MailDesk) -> None:
    olaf = staff.add_agent(desk.database, SYSTEM, "Olaf", "olaf@desk.example", Role.AGENT)
    editing.assign(desk.database, SYSTEM, Stale(all_of(desk)[1]), olaf.id)
    tickets = [*all_of(desk)[:3], new_id()]
    assert desk.agent.id is not None
    result = bulk.apply(desk.database, desk.agent, tickets, editing.to_assignee(desk.agent.id))
    assert sorted(each.code for each in result.refused) == ["not_allowed.assign", "ticket.gone"]
    assert [desk.ticket(number).row.assignee for number in (1, 2, 3)] == ["Lena Vogt", "Olaf", "Lena Vogt"]


def test_who_stops_it_keeps_what_was_done(desk: MailDesk) -> None:
    edit = editing.to_priority(Priority.P1)
    result = bulk.apply(desk.database, desk.agent, all_of(desk), edit, lambda done, _count: done < 3)
    assert (len(result.undos), result.left) == (3, 4)
    assert [desk.ticket(number).row.priority for number in (3, 4)] == [Priority.P1, Priority.P3]


def test_an_undo_leaves_what_others_built_on(desk: MailDesk) -> None:
    result = bulk.apply(desk.database, desk.agent, all_of(desk), editing.to_priority(Priority.P1))
    editing.set_priority(desk.database, desk.agent, Stale(all_of(desk)[2]), Priority.P2)
    back = bulk.undo(desk.database, desk.agent, result.undos)
    assert [each.code for each in back.refused] == ["ticket.changed_since"]
    assert [desk.ticket(number).row.priority for number in (2, 3)] == [Priority.P3, Priority.P2]


def test_all_go_into_one_and_come_back(desk: MailDesk) -> None:
    tickets = all_of(desk)
    result = bulk.merge(desk.database, desk.agent, tickets[:4], tickets[0])
    assert len(desk.ticket(1).messages) == 4
    assert statuses(desk)[1:5] == [Status.CLOSED] * 3 + [Status.NEW]
    bulk.undo(desk.database, desk.agent, result.undos)
    assert [len(desk.ticket(number).messages) for number in range(1, 5)] == [1, 1, 1, 1]


def test_tags_are_put_on_and_taken_off_and_undone(desk: MailDesk) -> None:
    ticket = Stale(all_of(desk)[0])
    editing.set_tags(desk.database, desk.agent, ticket, add=["VPN ", "month  end"])
    undo = editing.set_tags(desk.database, desk.agent, ticket, add=["printer"], drop=["vpn"])
    assert desk.ticket(1).tags == ("month end", "printer")
    assert tagging.known_tags(desk.database) == ["month end", "printer", "vpn"]
    bulk.undo(desk.database, desk.agent, [undo])
    assert desk.ticket(1).tags == ("month end", "vpn")


@pytest.mark.parametrize("name", ["", "  ", "!?", "x" * 61])
def test_a_tag_without_letters_or_without_end_is_refused(desk: MailDesk, name: str) -> None:
    with pytest.raises(KnownError, match=r"tag\.bad_name"):
        editing.with_tags([name])


def test_who_took_part_is_written_down_for_each_ticket(desk: MailDesk) -> None:
    sam = Actor(ActorKind.SYSTEM, "Sam", role=Role.SUPERVISOR)
    result = bulk.apply(desk.database, sam, all_of(desk), editing.to_status(Status.CLOSED))
    assert len({each.id for each in result.undos}) == COUNT
