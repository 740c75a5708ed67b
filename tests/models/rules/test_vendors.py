"""Who writes for a vendor: the address that the desk has, and colleagues of that house."""

import pytest

from app.models.rules.vendors import writes_for


@pytest.mark.parametrize(
    ("address", "theirs"),
    [
        ("help@ledger.example", True),
        ("HELP@Ledger.example", True),
        ("jane@ledger.example", True),
        ("jane@ledger.example.com", False),
        ("jane@old-ledger.example", False),
        ("", False),
    ],
)
def test_colleagues_of_the_same_house_write_for_a_vendor(address: str, theirs: bool) -> None:
    assert writes_for(address, ["Help@ledger.example"]) is theirs


def test_whoever_has_mail_at_a_great_provider_is_no_colleague_of_everybody_there() -> None:
    assert writes_for("one.man@gmail.com", ["one.man@gmail.com"])
    assert not writes_for("anna@gmail.com", ["one.man@gmail.com"])


def test_without_a_vendor_nobody_writes_for_one() -> None:
    assert not writes_for("help@ledger.example", [])
