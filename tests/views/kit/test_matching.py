"""Finding by a few letters, without a widget."""

import pytest
from hypothesis import given, strategies as st

from app.models.rules.folding import fold
from app.views.kit.matching import best, match, spans

NAMES = ["Reply to all", "Reply", "Change priority", "Assign", "Read on", "Anwendung ändern", "Zurücklesen"]


def found(typed: str) -> list[str]:
    return [name for name, _ in best(typed, ((each, each) for each in NAMES), 10)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("reply", "Reply"),
        ("rta", "Reply to all"),
        ("all", "Reply to all"),
        ("pri", "Change priority"),
        ("cp", "Change priority"),
        ("ANDERN", "Anwendung ändern"),
        ("zuruck", "Zurücklesen"),
        ("on re", "Read on"),
    ],
)
def test_the_name_that_was_meant_comes_first(typed: str, first: str) -> None:
    assert found(typed)[0] == first


def test_nothing_typed_leaves_the_order_and_nonsense_finds_nothing() -> None:
    assert found("") == NAMES
    assert found("   ") == NAMES
    assert found("xq") == []
    assert found("reply xq") == []


def test_the_typed_letters_are_told_with_their_places() -> None:
    told = match("prio", "Change priority")
    assert told is not None
    assert spans(told.places) == [(7, 11)]
    assert match("prio", "Pier") is None


@given(st.text(max_size=12), st.text(max_size=30))
def test_places_are_letters_of_the_name_that_were_typed(typed: str, name: str) -> None:
    told = match(typed, name)
    if told is not None:
        letters = set("".join(fold(typed).split()))
        assert all(fold(name)[place] in letters for place in told.places)


@given(st.text(max_size=40))
def test_a_folded_name_has_as_many_letters_as_the_name(name: str) -> None:
    assert len(fold(name)) == len(name)
