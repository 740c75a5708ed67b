"""A person is taken out of a text however they are written, and nobody else is."""

import pytest

from app.models.rules.redaction import Redaction

CARLA = Redaction("Carla Quist", frozenset({"c.quist@shop.example"}), frozenset({"+4940123456"}), "*")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Write to C.Quist@Shop.Example!", "Write to *!"),
        ("<c.quist@shop.example>", "<*>"),
        ("c.quist@shop.example.", "*."),
        ("xc.quist@shop.example", "xc.quist@shop.example"),
        ("c.quist@shop.example.org", "c.quist@shop.example.org"),
        ("+49 40 123456", "*"),
        ("0049 (40) 12-34-56", "*"),
        ("040/123456 or 040 12 34 56", "* or *"),
        ("40123456", "40123456"),
        ("+494012345678", "+494012345678"),
        ("Dear Carla Quist, dear Quist, Carla's", "Dear Carla Quist, dear Quist, Carla's"),
    ],
)
def test_addresses_and_numbers_go_wherever_they_stand(text: str, left: str) -> None:
    assert CARLA.text(text, about_them=False) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Dear Carla Quist,", "Dear *,"),
        ("Quist, Carla's", "*, *'s"),
        ("Quistgaard and Carlas", "Quistgaard and Carlas"),
        ("carla", "carla"),
    ],
)
def test_a_name_goes_where_it_is_about_them(text: str, left: str) -> None:
    assert CARLA.text(text, about_them=True) == left


def test_short_words_of_a_name_stay_by_themselves() -> None:
    assert Redaction("Ed von Li", frozenset(), frozenset(), "*").text("Ed von Li, Ed, von, Li", about_them=True) == (
        "*, Ed, von, Li"
    )


def test_nobody_is_nowhere() -> None:
    assert (
        Redaction("", frozenset(), frozenset({"12"}), "*").text("12 and nothing", about_them=True) == "12 and nothing"
    )


def test_stored_values_keep_their_form() -> None:
    told = {"Carla": ["c.quist@shop.example", 3, None, {"to": "Carla Quist"}], "is": True}
    assert CARLA.value(told, about_them=True) == {"Carla": ["*", 3, None, {"to": "*"}], "is": True}
