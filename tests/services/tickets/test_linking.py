"""Tickets are tied to each other, both see it, and a tie can be taken back."""

from uuid import UUID

import pytest

from app.models.errors import Conflict, KnownError
from app.models.records.tickets import LinkKind, Status
from app.services.tickets import bulk, editing, linking, mending
from app.services.tickets.editing import Stale
from tests.fixtures.rounds import MailDesk, eml


@pytest.fixture
def desk(mail_desk: MailDesk) -> MailDesk:
    for number in range(1, 4):
        mail_desk.receive(eml(f"Mail {number}", mail_id=f"m{number}@x.example"))
    return mail_desk


def ids(desk: MailDesk) -> list[UUID]:
    return [desk.ticket(number).row.id for number in (1, 2, 3)]


def links(desk: MailDesk, number: int) -> list[tuple[LinkKind, int, bool]]:
    return [(each.kind, each.number, each.from_other) for each in desk.ticket(number).links]


def test_a_part_and_what_it_is_a_part_of_see_each_other_from_their_sides(desk: MailDesk) -> None:
    one, two, _ = ids(desk)
    undo = linking.link(desk.database, desk.agent, one, two, LinkKind.CHILD)
    assert links(desk, 1) == [(LinkKind.CHILD, 2, False)]
    assert links(desk, 2) == [(LinkKind.CHILD, 1, True)]
    mending.undo(desk.database, desk.agent, undo)
    assert links(desk, 1) == links(desk, 2) == []


def test_an_untied_one_comes_back_by_an_undo(desk: MailDesk) -> None:
    one, two, _ = ids(desk)
    tied = linking.link(desk.database, desk.agent, one, two, LinkKind.RELATED)
    undo = linking.unlink(desk.database, desk.agent, one, two, LinkKind.RELATED)
    with pytest.raises(Conflict):
        mending.undo(desk.database, desk.agent, tied)
    mending.undo(desk.database, desk.agent, undo)
    assert links(desk, 1) == [(LinkKind.RELATED, 2, False)]


def test_what_cannot_be_tied_is_told(desk: MailDesk) -> None:
    one, two, three = ids(desk)
    linking.link(desk.database, desk.agent, one, two, LinkKind.CHILD)
    linking.link(desk.database, desk.agent, two, three, LinkKind.CHILD)
    for first, second, code in (
        (one, one, "ticket.same"),
        (one, two, "ticket.linked_already"),
        (three, one, "ticket.would_be_its_own_part"),
    ):
        with pytest.raises(KnownError) as refused:
            linking.link(desk.database, desk.agent, first, second, LinkKind.CHILD)
        assert refused.value.code == code
    with pytest.raises(KnownError, match=r"ticket\.not_linked"):
        linking.unlink(desk.database, desk.agent, one, three, LinkKind.RELATED)


def test_a_ticket_is_not_done_before_its_parts_unless_that_is_meant(desk: MailDesk) -> None:
    one, two, _ = ids(desk)
    linking.link(desk.database, desk.agent, one, two, LinkKind.CHILD)
    with pytest.raises(KnownError, match=r"ticket\.open_parts"):
        editing.set_status(desk.database, desk.agent, Stale(two), Status.SOLVED)
    result = bulk.apply(desk.database, desk.agent, [one, two], editing.to_status(Status.SOLVED))
    assert (len(result.undos), result.refused) == (2, [])
    mending.undo(desk.database, desk.agent, result.undos[0])
    mending.undo(desk.database, desk.agent, result.undos[1])
    editing.set_status(desk.database, desk.agent, Stale(two), Status.SOLVED, anyway=True)
    assert desk.ticket(2).row.status is Status.SOLVED
