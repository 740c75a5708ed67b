"""A value within a filter is that value and nothing else, as a server that takes filters apart sees it."""

import pytest
from hypothesis import given, strategies as st
from ldap3 import DEREF_NEVER, SUBTREE
from ldap3.operation.search import search_operation

from app.models.errors import KnownError
from app.services.remote_help.transports.directory.accounts import escaped
from app.services.remote_help.transports.directory.servers import Place, places_of


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_any_text_is_one_value_of_one_comparison(value: str) -> None:
    auto_escape = auto_encode = True  # as a connection of ldap3 has it
    condition = f"(cn={escaped(value)})"
    asked = search_operation("", condition, SUBTREE, DEREF_NEVER, ["cn"], 0, 0, False, auto_escape, auto_encode)
    part = asked["filter"]
    assert part.getName() == "equalityMatch"
    assert str(part.getComponent()["attributeDesc"]) == "cn"
    assert bytes(part.getComponent()["assertionValue"]) == value.encode()


@pytest.mark.parametrize("value", ["*", "a*b", ")(cn=*", "\\2a", "\0", "é\u2019"])
def test_what_means_something_in_a_filter_is_told_by_its_number(value: str) -> None:
    assert not set(escaped(value)) & set("*()\0")
    assert escaped(value).isascii()


def test_half_of_a_letter_is_no_name() -> None:
    with pytest.raises(KnownError, match=r"directory\.no_account"):
        escaped("\ud800")


def test_servers_are_named_with_spaces_or_commas_between() -> None:
    assert places_of("dc1.corp.example, ldaps://dc2.corp.example:6360/ [::1]:636") == (
        Place("dc1.corp.example", 636),
        Place("dc2.corp.example", 6360),
        Place("::1", 636),
    )
