"""What a ticket says in each column, without a widget."""

from datetime import timedelta

import pytest

from app.models.records.channels import MAIL_KINDS
from app.models.records.queue import QueueColumn
from app.models.records.tickets import Priority
from app.services.channels.registry import kinds
from app.services.wording import catalogue, languages
from app.views.queue.cells import USUAL, WIDTHS, cell
from tests.views.messages import AT, a_row

NOW = AT + timedelta(hours=3)


def test_every_column_has_words_and_a_width() -> None:
    row = a_row(application="Portal", assignee="Lena Vogt", due_at=NOW)
    assert all(cell(row, each, NOW).words for each in QueueColumn)
    assert set(WIDTHS) == set(QueueColumn)
    assert set(USUAL) <= set(QueueColumn)


@pytest.mark.parametrize("language", languages())
def test_every_way_in_has_words(language: str) -> None:
    assert set(kinds()) == MAIL_KINDS
    for kind in kinds():
        assert catalogue(language).get(f"channel_kind.{kind}")


def test_what_is_unread_stands_out_with_its_count() -> None:
    told = cell(a_row(unread=3), QueueColumn.SUBJECT, NOW)
    assert (told.words, told.strong, told.badge) == ("Printer", True, "3")
    assert not cell(a_row(), QueueColumn.SUBJECT, NOW).badge


def test_what_is_urgent_stands_out() -> None:
    told = [cell(a_row(priority=each), QueueColumn.PRIORITY, NOW) for each in Priority]
    assert [(each.tint, each.strong) for each in told] == [
        ("danger", True), ("warning", True), ("muted", False), ("muted", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("left", "words", "tint"),
    [
        (timedelta(hours=3), "in 3 h", "muted"),
        (timedelta(minutes=60), "in 1 h", "warning"),
        (timedelta(minutes=42, seconds=30), "in 42 min", "warning"),
        (timedelta(seconds=30), "now", "warning"),
        (timedelta(seconds=-30), "now", "danger"),
        (timedelta(minutes=-90), "1 h late", "danger"),
        (timedelta(days=-3), "3 d late", "danger"),
    ],
)
def test_a_deadline_counts_down_and_then_tells_how_late_it_is(left: timedelta, words: str, tint: str) -> None:
    told = cell(a_row(due_at=NOW + left), QueueColumn.DUE, NOW)
    assert (told.words, told.tint) == (words, tint)


def test_no_deadline_says_nothing() -> None:
    assert cell(a_row(), QueueColumn.DUE, NOW).words == ""
