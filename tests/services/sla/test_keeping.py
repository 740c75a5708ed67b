"""The clocks of a ticket follow what happens to it, and lose nothing."""

from datetime import timedelta

import pytest

from app.models.records.clocks import ClockKind, ClockReason, ClockState
from app.models.records.tickets import Priority, Status
from app.services.tickets import editing, mending
from app.services.tickets.editing import Stale
from tests.fixtures.databases import SYSTEM
from tests.fixtures.rounds import MailDesk
from tests.services.sla.desk import arrange, ask, at, become, calendar, clock, clocks, edited, promise, reply

FIRST, NEXT, WHOLE = ClockKind.FIRST_RESPONSE, ClockKind.NEXT_UPDATE, ClockKind.RESOLUTION
HOUR = timedelta(hours=1)


def test_a_lunch_break_counts_for_nothing(mail_desk: MailDesk) -> None:
    at(mail_desk, "2026-03-02T10:30:00")  # 11:30 in Berlin
    promise(mail_desk, 2, FIRST, arrange(mail_desk, calendar()))
    ask(mail_desk)
    assert clock(mail_desk, FIRST).due_at == at(mail_desk, "2026-03-02T13:30:00")


def test_what_was_spent_by_old_hours_stays_spent(mail_desk: MailDesk) -> None:
    office = arrange(mail_desk, calendar())
    at(mail_desk, "2026-03-02T09:00:00")
    promise(mail_desk, 4, WHOLE, office)
    ask(mail_desk)
    at(mail_desk, "2026-03-02T10:00:00")  # one hour is spent
    become(mail_desk, Status.WAITING_CUSTOMER)
    become(mail_desk, Status.OPEN)
    arrange(mail_desk, edited(office, "09:00-18:00"))
    found = clock(mail_desk, WHOLE)
    assert found.spent == HOUR
    assert found.due_at == at(mail_desk, "2026-03-02T13:00:00")  # by 18:00 without a lunch break


def test_running_clocks_follow_edited_hours(mail_desk: MailDesk) -> None:
    office = arrange(mail_desk, calendar(hours="09:00-17:00"))
    at(mail_desk, "2026-03-02T15:00:00")
    promise(mail_desk, 2, WHOLE, office)
    ask(mail_desk)
    assert clock(mail_desk, WHOLE).due_at == at(mail_desk, "2026-03-03T09:00:00")
    at(mail_desk, "2026-03-02T15:30:00")
    arrange(mail_desk, edited(office, "09:00-20:00"))
    assert clock(mail_desk, WHOLE).due_at == at(mail_desk, "2026-03-02T17:00:00")


def test_a_pause_is_kept_when_the_priority_changes(mail_desk: MailDesk) -> None:
    start = at(mail_desk, "2026-03-02T09:00:00")
    promise(mail_desk, 8, WHOLE)
    ticket = ask(mail_desk)
    mail_desk.clock.forward(hours=1)
    become(mail_desk, Status.WAITING_CUSTOMER)
    mail_desk.clock.forward(hours=5)
    become(mail_desk, Status.OPEN)
    editing.set_priority(mail_desk.database, SYSTEM, Stale(ticket), Priority.P1)
    mail_desk.clock.forward(hours=1)
    found = clock(mail_desk, WHOLE)
    assert found.spent == 2 * HOUR
    assert found.due_at == start + 13 * HOUR
    assert [each.reason for each in found.segments] == [
        ClockReason.WORK,
        ClockReason.WAITING_CUSTOMER,
        ClockReason.WORK,
    ]


def test_a_shorter_promise_was_broken_when_its_budget_was_used_up(mail_desk: MailDesk) -> None:
    start = at(mail_desk, "2026-03-02T09:00:00")
    ticket = ask(mail_desk)  # P3: eight hours
    mail_desk.clock.forward(hours=3)
    editing.set_priority(mail_desk.database, SYSTEM, Stale(ticket), Priority.P1)  # one hour
    found = clock(mail_desk, FIRST)
    assert found.due_at == found.broken_at == start + HOUR


def test_an_update_does_not_take_the_place_of_the_first_response(mail_desk: MailDesk) -> None:
    start = at(mail_desk, "2026-03-02T09:00:00")
    ask(mail_desk)
    mail_desk.clock.forward(hours=1)
    reply(mail_desk)
    mail_desk.clock.forward(hours=1)
    ask(mail_desk, "b@acme.example", answers="a@acme.example")
    first, then = clock(mail_desk, FIRST), clock(mail_desk, NEXT)
    assert (first.state, first.reason, first.stopped_at) == (
        ClockState.STOPPED,
        ClockReason.ANSWERED,
        start + HOUR,
    )
    assert (then.started_at, then.state) == (start + 2 * HOUR, ClockState.RUNNING)


def test_a_promised_update_begins_with_each_answer(mail_desk: MailDesk) -> None:
    promise(mail_desk, 4, NEXT)
    start = at(mail_desk, "2026-03-02T09:00:00")
    ask(mail_desk)
    reply(mail_desk)
    mail_desk.clock.forward(hours=3)
    reply(mail_desk)
    assert [each.due_at for each in clocks(mail_desk, NEXT)] == [start + 4 * HOUR, start + 7 * HOUR]
    assert [each.state for each in clocks(mail_desk, NEXT)] == [ClockState.STOPPED, ClockState.RUNNING]


def test_what_is_owed_in_words_runs_on_while_a_vendor_is_waited_for(mail_desk: MailDesk) -> None:
    promise(mail_desk, 8, WHOLE)
    at(mail_desk, "2026-03-02T09:00:00")
    ask(mail_desk)
    become(mail_desk, Status.WAITING_VENDOR)
    assert clock(mail_desk, FIRST).state is ClockState.RUNNING
    assert (clock(mail_desk, WHOLE).state, clock(mail_desk, WHOLE).due_at) == (ClockState.PAUSED, None)


def test_a_ticket_that_was_reopened_goes_on_where_it_stopped(mail_desk: MailDesk) -> None:
    promise(mail_desk, 8, WHOLE)
    start = at(mail_desk, "2026-03-02T09:00:00")
    ask(mail_desk)
    mail_desk.clock.forward(hours=2)
    become(mail_desk, Status.SOLVED)
    mail_desk.clock.forward(hours=24)
    become(mail_desk, Status.OPEN)
    mail_desk.clock.forward(hours=1)
    found = clock(mail_desk, WHOLE)
    assert (found.spent, found.due_at) == (3 * HOUR, start + 32 * HOUR)


def test_an_undone_change_leaves_the_clocks_as_they_were(mail_desk: MailDesk) -> None:
    promise(mail_desk, 8, WHOLE)
    at(mail_desk, "2026-03-02T09:00:00")
    ticket = ask(mail_desk)
    before = clock(mail_desk, WHOLE).due_at, clock(mail_desk, FIRST).due_at
    undo = editing.set_status(mail_desk.database, SYSTEM, Stale(ticket), Status.SOLVED)
    mending.undo(mail_desk.database, SYSTEM, undo)
    assert (clock(mail_desk, WHOLE).due_at, clock(mail_desk, FIRST).due_at) == before
    assert clocks(mail_desk, NEXT) == []


def test_a_clock_goes_on_on_a_reopened_ticket_though_the_customer_wrote_once_more_before(mail_desk: MailDesk) -> None:
    start = at(mail_desk, "2026-03-02T09:00:00")
    ask(mail_desk)
    mail_desk.clock.forward(hours=1)
    become(mail_desk, Status.WAITING_CUSTOMER)
    mail_desk.clock.forward(hours=1)
    ask(mail_desk, "b@acme.example", answers="a@acme.example")
    mail_desk.clock.forward(hours=1)
    become(mail_desk, Status.SOLVED)
    mail_desk.clock.forward(hours=24)
    become(mail_desk, Status.OPEN)
    assert clocks(mail_desk, NEXT) == []
    found = clock(mail_desk, FIRST)
    assert (found.spent, found.due_at) == (2 * HOUR, start + 33 * HOUR)


def test_who_had_it_spent_the_time(mail_desk: MailDesk) -> None:
    promise(mail_desk, 8, WHOLE)
    at(mail_desk, "2026-03-02T09:00:00")
    ticket = ask(mail_desk)
    mail_desk.clock.forward(hours=1)
    editing.assign(mail_desk.database, SYSTEM, Stale(ticket), mail_desk.agent.id)
    mail_desk.clock.forward(hours=2)
    found = clock(mail_desk, WHOLE)
    assert found.people == (("Lena Vogt", 2 * HOUR), ("", HOUR))
    assert found.teams == (("Service Desk", 3 * HOUR),)


def test_a_merged_ticket_counts_from_the_older_question(mail_desk: MailDesk) -> None:
    start = at(mail_desk, "2026-03-02T09:00:00")
    ask(mail_desk)
    mail_desk.clock.forward(hours=1)
    ask(mail_desk, "other@acme.example")
    mending.merge(mail_desk.database, SYSTEM, mail_desk.ticket(1).row.id, mail_desk.ticket(2).row.id)
    assert mail_desk.ticket(2).row.due_at == start + 8 * HOUR


@pytest.mark.parametrize("status", [Status.SOLVED, Status.CLOSED])
def test_nothing_is_due_on_what_is_done(mail_desk: MailDesk, status: Status) -> None:
    promise(mail_desk, 8, WHOLE)
    ask(mail_desk)
    become(mail_desk, status)
    assert mail_desk.ticket(1).row.due_at is None
