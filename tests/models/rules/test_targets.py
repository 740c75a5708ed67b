"""When a customer is to be answered."""

from datetime import UTC, datetime, timedelta

import pytest

from app.models.records.tickets import Priority, Status
from app.models.rules.targets import REPLY_WITHIN, reply_due

ASKED = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # the clocks of Europe go forward half an hour later


@pytest.mark.parametrize("priority", list(Priority))
def test_an_answer_is_due_in_real_time_by_priority(priority: Priority) -> None:
    assert reply_due(Status.NEW, priority, ASKED) == ASKED + REPLY_WITHIN[priority]


def test_the_more_urgent_the_sooner() -> None:
    within = [REPLY_WITHIN[each] for each in sorted(Priority)]
    assert within == sorted(within)
    assert within[0] == timedelta(hours=1)


@pytest.mark.parametrize("status", [Status.WAITING_CUSTOMER, Status.SOLVED, Status.CLOSED])
def test_nothing_is_due_while_the_next_word_is_the_customers(status: Status) -> None:
    assert reply_due(status, Priority.P1, ASKED) is None


def test_nothing_is_due_where_all_is_answered() -> None:
    assert reply_due(Status.OPEN, Priority.P1, None) is None
