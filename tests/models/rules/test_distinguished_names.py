"""Names of a directory are compared by their parts: no writing of one gets it into a unit that it is not in."""

import pytest
from hypothesis import given, strategies as st

from app.models.errors import KnownError
from app.models.rules.distinguished_names import is_within, is_within_any, parts_of, unit_of

STAFF = "OU=Staff,DC=corp,DC=example"


@pytest.mark.parametrize(
    "name",
    [
        "CN=Ann,OU=Staff,DC=corp,DC=example",
        "cn=ann,ou=STAFF,dc=Corp,dc=EXAMPLE",
        "CN=Ann, OU = Staff , DC=corp,DC=example",
        "CN=Lee\\, Ann,OU=Sub,OU=Staff,DC=corp,DC=example",
        "CN=Ann,OU=St\\61ff,DC=corp,DC=example",
        "CN=a+UID=b,OU=Staff,DC=corp,DC=example",
        "CN=back\\\\,OU=Staff,DC=corp,DC=example",
        STAFF,
    ],
)
def test_what_is_in_a_unit_is_so_however_it_is_written(name: str) -> None:
    assert is_within(name, STAFF)


@pytest.mark.parametrize(
    "name",
    [
        "CN=Ann,OU=Elsewhere,DC=corp,DC=example",
        "CN=x\\,OU=Staff\\,DC=corp\\,DC=example,OU=Elsewhere,DC=corp,DC=example",
        "CN=x\\,OU=Staff,DC=corp,DC=example",
        "CN=Ann,OU=NotStaff,DC=corp,DC=example",
        "CN=Ann,OU=Staff,DC=corp,DC=example,DC=evil",
        "CN=Ann,OU=Staff,DC=corp",
        "CN=Ann,CN=Staff,DC=corp,DC=example",
        "DC=corp,DC=example",
        "CN=x+OU=Staff,DC=corp,DC=example",
    ],
)
def test_what_only_looks_so_is_not(name: str) -> None:
    assert not is_within(name, STAFF)


@pytest.mark.parametrize(
    "name",
    ["", "Staff", "OU", "=x", "OU=a,,DC=b", "OU=a,", "CN=x\\", 'CN="a,b"', "CN=#04024869", "CN=\\ff,DC=x", "OU=a,b"],
)
def test_what_is_no_name_is_told(name: str) -> None:
    with pytest.raises(KnownError, match=r"directory\.no_name"):
        parts_of(name)


def test_an_empty_list_holds_nothing() -> None:
    assert not is_within_any(STAFF, ())


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(lambda each: each.strip())


def _written(value: str) -> str:
    return "".join(f"\\{byte:02x}" for byte in value.encode())


@given(common=_TEXT, unit=_TEXT, other=_TEXT)
def test_no_common_name_gets_an_object_into_another_unit(common: str, unit: str, other: str) -> None:
    name = f"CN={_written(common)},OU={_written(unit)},DC=x"
    assert is_within(name, f"OU={_written(unit)},DC=x")
    if " ".join(unit.casefold().split()) != " ".join(other.casefold().split()):
        assert not is_within(name, f"OU={_written(other)},DC=x")
    assert unit_of(name) == f"OU={_written(unit)},DC=x"


def test_what_an_object_lies_in_is_told_as_it_is_written() -> None:
    assert unit_of("CN=Lee\\, Ann,OU=Staff,DC=corp") == "OU=Staff,DC=corp"
    assert unit_of("DC=corp") == ""
