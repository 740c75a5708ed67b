"""What was typed into the search line, taken apart."""

from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from app.models.errors import KnownError
from app.models.rules.search_query import SYNONYMS, Operator, SearchQuery, Term, read_query, unfinished


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("", SearchQuery()),
        ("blank pages", SearchQuery((), "blank pages")),
        ('"blank pages" -toner', SearchQuery((), '"blank pages" -toner')),
        ("from:anna", SearchQuery((Term(Operator.FROM, "anna"),))),
        ('app:"sales report" x', SearchQuery((Term(Operator.APPLICATION, "sales report"),), "x")),
        ("-tag:vpn", SearchQuery((Term(Operator.TAG, "vpn", negated=True),))),
        ("LEVEL:2", SearchQuery((Term(Operator.LEVEL, "2"),))),
        ("von:anna ist:offen", SearchQuery((Term(Operator.FROM, "anna"), Term(Operator.IS, "offen")))),
        ("P1 #12", SearchQuery((Term(Operator.PRIORITY, "P1"),), "#12")),
        ("-p2 x", SearchQuery((Term(Operator.PRIORITY, "p2", negated=True),), "x")),
        ("priorita\u0308t:1", SearchQuery((Term(Operator.PRIORITY, "1"),))),
        ('app:""', SearchQuery((), 'app:""')),
        ("at 12:30", SearchQuery((), "at 12:30")),
        ("https://x.example/a", SearchQuery((), "https://x.example/a")),
        ("error: 05", SearchQuery((), "error: 05")),
        ('from:"anna b', SearchQuery((Term(Operator.FROM, "anna b"),))),
    ],
)
def test_operators_are_told_from_words(typed: str, query: SearchQuery) -> None:
    assert read_query(typed) == query


def test_an_unknown_operator_is_named_with_those_that_are_known() -> None:
    with pytest.raises(KnownError) as refused:
        read_query("colour:red")
    assert refused.value.facts["operator"] == "colour:"
    assert "from:" in str(refused.value.facts["known"])


def test_words_to_be_marked_leave_out_what_must_not_be_there() -> None:
    assert read_query('is:open "blank pages" -toner vpn').plain_words == ("blank pages", "vpn")


def test_the_word_being_typed_is_told_from_those_before_it() -> None:
    assert unfinished("is:open fr") == ("is:open ", "fr")
    assert unfinished("fr") == ("", "fr")
    assert unfinished("is:open ") == ("is:open ", "")
    assert unfinished('is:open app:"sales re') == ("is:open ", 'app:"sales re')
    assert unfinished('app:"sales report" fr') == ('app:"sales report" ', "fr")


@given(st.text(max_size=60))
def test_anything_can_be_typed(typed: str) -> None:
    with suppress(KnownError):
        assert len(read_query(typed).words) <= len(typed)


def test_every_operator_has_its_own_name() -> None:
    assert {each.value for each in Operator} <= set(SYNONYMS)
