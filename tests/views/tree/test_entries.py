"""Spans and promises as they are typed."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from app.models.records.tickets import Priority
from app.views.tree.entries import length_text, promises_text, read_length, read_lines, read_promises, read_words

minutes = st.integers(1, 500_000).map(lambda each: timedelta(minutes=each))


@pytest.mark.parametrize(
    ("typed", "length"),
    [("15", 15), ("15 min", 15), ("1h30", 90), ("1 H 30 M", 90), ("2d", 2880), ("2t 1h", 2940)],
)
def test_a_span_is_read_as_people_write_it(typed: str, length: int) -> None:
    assert read_length(typed) == timedelta(minutes=length)


@pytest.mark.parametrize("typed", ["", "soon", "0", "-5", "5x", "1.5h", "9999d"])
def test_what_is_no_span_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=typed.replace(".", r"\.") or "^$"):
        read_length(typed)


def test_promises_are_by_priority_with_one_for_the_others() -> None:
    assert read_promises("P1 15m, p2: 30m; 4h") == {
        Priority.P1: timedelta(minutes=15),
        Priority.P2: timedelta(minutes=30),
        None: timedelta(hours=4),
    }
    assert read_promises("  ") == {}


@pytest.mark.parametrize(
    ("typed", "wrong"), [("4h, P1", "P1"), ("P1 15m, P1 20m", "P1 20m"), ("10m, 20m", "20m"), ("P5 3h", "P5 3h")]
)
def test_a_promise_that_is_none_or_told_twice_is_refused(typed: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=f"^{wrong}$"):
        read_promises(typed)


@given(minutes)
def test_a_span_is_read_as_it_was_written(length: timedelta) -> None:
    assert read_length(length_text(length)) == length


@given(st.dictionaries(st.sampled_from([None, *Priority]), minutes))
def test_promises_are_read_as_they_were_written(promises: dict[Priority | None, timedelta]) -> None:
    assert read_promises(promises_text(promises)) == promises


def test_lists_lose_what_is_empty_or_there_twice() -> None:
    assert read_words(" payments, ,cards,payments") == ("payments", "cards")
    assert read_lines("one\n\n  two ") == ("one", "two")
