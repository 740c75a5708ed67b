"""What is odd about a recipient is told before the mail goes."""

from time import perf_counter

import pytest

from app.models.records.mail import Address
from app.models.rules.recipients import Known, Odd, Oddity, odd, one_slip_apart, split

KNOWN = Known(
    ours=frozenset({"support@desk.example"}),
    here=frozenset({"anna@acme.example"}),
    people=frozenset({"bob@acme.example", "carl@gmial.example"}),
    domains=frozenset({"acme.example", "gmail.example"}),
)


def told(line: str) -> list[Odd]:
    return odd(split(line), KNOWN)


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("a@b.de, c@d.de; e@f.de", [("a@b.de", ""), ("c@d.de", ""), ("e@f.de", "")]),
        ('"Nair, Priya" <p@n.de>', [("p@n.de", "Nair, Priya")]),
        ("Anna Björn <a@b.de>,", [("a@b.de", "Anna Björn")]),
        ("a@b.de\nc@d.de", [("a@b.de", ""), ("c@d.de", "")]),
        ("not an address", [("not an address", "")]),
        ('"open quote <a@b.de>', [("a@b.de", "open quote")]),
        (" ,; ", []),
    ],
)
def test_a_line_is_read_as_its_people(line: str, people: list[tuple[str, str]]) -> None:
    assert [(each.address, each.name) for each in split(line)] == people


@pytest.mark.parametrize(
    ("line", "what", "suggestion"),
    [
        ("anna@gmial.com", Oddity.MISSPELT, "anna@gmail.com"),
        ("anna@acmee.example", Oddity.MISSPELT, "anna@acme.example"),
        ("Support@Desk.example", Oddity.OURSELVES, ""),
        ("support+42.abc@desk.example", Oddity.OURSELVES, ""),
        ("anna@", Oddity.BROKEN, ""),
        ("anna@localhost", Oddity.BROKEN, ""),
        ("anna b@acme.example", Oddity.BROKEN, ""),
        ("bob@acme.example", Oddity.STRANGER, ""),
        ("zoe@elsewhere.example", Oddity.STRANGER, ""),
    ],
)
def test_what_is_odd_is_named(line: str, what: Oddity, suggestion: str) -> None:
    assert told(line) == [Odd(what, line, suggestion)]


def test_who_takes_part_is_not_odd_nor_is_a_known_person_misspelt() -> None:
    assert told("Anna <ANNA@acme.example>") == []
    assert [each.what for each in told("carl@gmial.example")] == [Oddity.STRANGER]


def test_the_worst_comes_first() -> None:
    assert [each.what for each in told("zoe@elsewhere.example, x, anna@gmial.com")] == [
        Oddity.BROKEN, Oddity.MISSPELT, Oddity.STRANGER,
    ]  # fmt: skip


@pytest.mark.parametrize(("other", "apart"), [
    ("gmail.com", False), ("gmial.com", True), ("gmaill.com", True), ("gmal.com", True), ("gmeil.com", True),
    ("gmail.co", True), ("gmx.com", False), ("", False),
])  # fmt: skip
def test_one_slip_is_one_letter_or_two_that_changed_places(other: str, apart: bool) -> None:
    assert one_slip_apart("gmail.com", other) is apart


def test_five_thousand_recipients_take_no_time() -> None:
    line = ", ".join(f'"Person, {each}" <p{each}@d{each % 900}.example>' for each in range(5_000))
    started = perf_counter()
    people = split(line)
    found = odd(people, KNOWN)
    assert perf_counter() - started < 1
    assert people[4_999] == Address("p4999@d499.example", "Person, 4999")
    assert len(found) == 5_000
