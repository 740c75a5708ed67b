"""Numbers as people type them."""

import pytest

from app.services.phone.numbers import in_words, looks_like_number, normalised


@pytest.mark.parametrize(
    ("typed", "region", "number"),
    [
        ("040 5550-1234", "DE", "+494055501234"),
        ("+49 (0)40 55501234", "GB", "+494055501234"),
        ("0049 40 55501234", "DE", "+494055501234"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("+351 21 555 0147", "", "+351215550147"),
        ("12", "DE", None),
        ("", "DE", None),
        ("040 5550-1234", "", None),
        ("+999 123", "DE", None),
        ("9" * 40, "DE", None),
    ],
)
def test_a_number_has_one_form_however_it_is_typed(typed: str, region: str, number: str | None) -> None:
    assert normalised(typed, region) == number


@pytest.mark.parametrize(
    ("typed", "is_number"),
    [("040 55", True), ("+49", False), ("+49 4", True), ("Anna", False), ("Anna 2", False), ("12", False), ("", False)],
)
def test_a_number_is_told_from_a_name(typed: str, is_number: bool) -> None:
    assert looks_like_number(typed) is is_number


def test_a_number_is_read_in_groups() -> None:
    assert in_words("+494055501234") == "+49 40 55501234"
    assert in_words("withheld") == "withheld"
