"""Lists of tickets are in the order that was asked for, and hold what was asked for."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, update

from app.models.identifiers import new_id
from app.models.records.desk import Level
from app.models.records.queue import QueueColumn, QueueFilter, QueueSort
from app.models.records.tickets import Priority, Status
from app.models.rules.targets import SOON
from app.models.tables import Tag, Ticket, TicketTag
from app.services.channels.registry import kinds
from app.services.tickets import editing, mending, queue
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk, eml


@pytest.fixture
def desk(mail_desk: MailDesk) -> MailDesk:
    """Five tickets, an hour apart: the second urgent and Lena's, the third solved, the fifth put into the first."""
    for place, who in enumerate(("Cleo", "anna", "Bob", "Dan", "Eve"), start=1):
        mail_desk.receive(eml(f"Mail {place}", sender=f"{who} <{who}@acme.example>", mail_id=f"m{place}@acme.example"))
        mail_desk.clock.forward(hours=1)
    database, agent = mail_desk.database, mail_desk.agent
    ids = [mail_desk.ticket(number).row.id for number in range(1, 6)]
    editing.set_priority(database, agent, Stale(ids[1]), Priority.P1)
    editing.assign(database, agent, Stale(ids[1]), agent.id)
    editing.set_status(database, agent, Stale(ids[2]), Status.SOLVED)
    mending.merge(database, agent, ids[4], ids[0])
    return mail_desk


def numbers(desk: MailDesk, wanted: QueueFilter, sort: QueueSort = QueueSort()) -> list[int]:  # noqa: B008
    found = queue.ids(desk.database, wanted, sort)
    assert list(found) == list(queue.ids(desk.database, wanted, sort, limit=1_000))
    return [each.number for each in queue.rows(desk.database, found)]


ANY = QueueFilter(open=None)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("number", [1, 2, 3, 4]),
        ("-number", [4, 3, 2, 1]),
        ("subject", [1, 2, 3, 4]),
        ("requester", [2, 3, 1, 4]),
        ("-requester", [4, 1, 3, 2]),
        ("priority", [2, 1, 3, 4]),
        ("status", [1, 2, 4, 3]),
        ("-opened", [4, 3, 2, 1]),
        ("due", [2, 1, 4, 3]),
        ("-due", [4, 1, 2, 3]),
        ("assignee", [2, 1, 3, 4]),
        ("application", [1, 2, 3, 4]),
        ("team", [1, 2, 3, 4]),
    ],
)
def test_a_list_is_in_the_order_of_any_column(desk: MailDesk, words: str, expected: list[int]) -> None:
    sort = QueueSort.of(words)
    assert sort.words == words
    assert numbers(desk, ANY, sort) == expected


def test_every_column_can_be_sorted_by_both_ways(desk: MailDesk) -> None:
    for column in QueueColumn:
        for descending in (False, True):
            assert sorted(numbers(desk, ANY, QueueSort(column, descending))) == [1, 2, 3, 4]


def test_words_that_name_no_column_give_the_usual_order() -> None:
    assert QueueSort.of("-colour") == QueueSort()


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (QueueFilter(), {1, 2, 4}),
        (QueueFilter(open=False), {3}),
        (QueueFilter(priorities=frozenset({Priority.P1})), {2}),
        (QueueFilter(levels=frozenset({Level.L2})), set()),
        (QueueFilter(unassigned=True), {1, 4}),
        (QueueFilter(channels=frozenset({"memory"})), {1, 2, 4}),
        (QueueFilter(channels=frozenset({"phone"})), set()),
        (QueueFilter(unread=True), {1, 2, 4}),
        (QueueFilter(with_files=True), set()),
        (QueueFilter(opened_within=timedelta(hours=2)), {4}),
        (QueueFilter(updated_within=timedelta(minutes=1)), {1, 2}),
        (QueueFilter(words="2"), {2}),
        (QueueFilter(words="Mail", without=(QueueFilter(open=None, priorities=frozenset({Priority.P1})),)), {1, 4}),
        (QueueFilter(without=(QueueFilter(open=None, due_within=timedelta()),)), {1, 4}),
        (QueueFilter(open=None, without=(QueueFilter(words="Mail", open=None),)), set()),
    ],
)
def test_each_field_narrows(desk: MailDesk, wanted: QueueFilter, expected: set[int]) -> None:
    assert set(numbers(desk, wanted)) == expected


def test_states_that_are_chosen_narrow_within_open_and_done(desk: MailDesk) -> None:
    both = frozenset({Status.NEW, Status.OPEN, Status.SOLVED})
    assert set(numbers(desk, QueueFilter(statuses=both))) == {1, 2, 4}
    assert numbers(desk, QueueFilter(open=False, statuses=both)) == [3]
    assert set(numbers(desk, QueueFilter(open=None, statuses=both))) == {1, 2, 3, 4}
    for is_open, statuses in ((True, {Status.SOLVED}), (False, {Status.OPEN, Status.NEW})):
        assert numbers(desk, QueueFilter(open=is_open, statuses=frozenset(statuses))) == []


def test_tags_people_and_organisations_narrow(desk: MailDesk) -> None:
    tag = new_id()
    with desk.database.write(SYSTEM) as work:
        work.session.execute(insert(Tag).values(id=tag, name="vpn"))
        work.session.execute(insert(TicketTag).values(ticket_id=desk.ticket(4).row.id, tag_id=tag))
    requester = desk.ticket(2).requester
    assert requester is not None
    assert desk.agent.id is not None
    assert numbers(desk, QueueFilter(tags=frozenset({"vpn"}))) == [4]
    assert numbers(desk, QueueFilter(requesters=frozenset({requester.id}))) == [2]
    assert numbers(desk, QueueFilter(organisations=frozenset({new_id()}))) == []
    assert numbers(desk, QueueFilter(assignees=frozenset({desk.agent.id}))) == [2]
    both = QueueFilter(assignees=frozenset({desk.agent.id}), unassigned=True)
    assert set(numbers(desk, both)) == {1, 2, 4}


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_mail_is_one_channel_whichever_way_it_came(desk: MailDesk, kind: str) -> None:
    with desk.database.write(SYSTEM) as work:
        work.session.execute(update(Ticket).where(Ticket.id == desk.ticket(2).row.id).values(channel=kind))
    assert numbers(desk, QueueFilter(channels=frozenset({"imap"}))) == [2]


def test_breaching_soon_are_those_late_or_due_within_the_hour(desk: MailDesk) -> None:
    soon = next(each for each in queue.builtin_views(None, frozenset()) if each.key == "view.soon")
    assert soon.filter.due_within == SOON
    with desk.database.write(SYSTEM) as work:
        moments = {1: SOON, 2: -SOON, 4: SOON + timedelta(seconds=1)}
        for number, after in moments.items():
            work.session.execute(update(Ticket).where(Ticket.number == number).values(due_at=work.now + after))
    assert numbers(desk, soon.filter, soon.sort) == [2, 1]


@pytest.mark.parametrize(("is_open", "index"), [(True, "ix_ticket_open_updated"), (False, "ix_ticket_done_updated")])
def test_an_embedded_desk_reads_a_list_in_the_order_of_its_index(desk: MailDesk, is_open: bool, index: str) -> None:
    """Without statistics SQLite took the index of merged tickets for shorter, and sorted all there were."""
    if desk.database.is_shared:
        pytest.skip("PostgreSQL goes by its statistics")
    said: list[tuple[str, Any]] = []
    event.listen(desk.database.engine, "before_cursor_execute", lambda *told: said.append((told[2], told[3])))
    queue.page(desk.database, QueueFilter(open=is_open), 50)
    asked, values = next(each for each in said if "FROM ticket" in each[0])
    with desk.database.engine.connect() as connection:
        plan = [str(each) for each in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", values)]
    assert index in plan[0]
    assert not any("TEMP B-TREE" in each for each in plan)
