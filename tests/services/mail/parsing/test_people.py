"""People in headers, however they are written."""

import pytest

from app.services.mail.parsing.addresses import read_addresses
from tests.services.mail.parsing.mails import mail


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("anna@acme.example", [("anna@acme.example", "")]),
        ("Anna Björn <Anna@ACME.example>", [("Anna@acme.example", "Anna Björn")]),
        ('"Björn, Anna" <a@b.example>, c@d.example', [("a@b.example", "Björn, Anna"), ("c@d.example", "")]),
        ("a@b.example (Anna)", [("a@b.example", "Anna")]),
        ("=?utf-8?q?Doe=2C_J=C3=B6rg?= <j@x.example>", [("j@x.example", "Doe, Jörg")]),
        ('"=?utf-8?b?SsO2cmc=?=" <j@x.example>', [("j@x.example", "Jörg")]),
        ("=?utf-8?Q?Doe,_John?= <j@x.example>", [("j@x.example", "Doe, John")]),
        (
            "Team: a@x.example, B <b@x.example>; c@x.example",
            [("a@x.example", ""), ("b@x.example", "B"), ("c@x.example", "")],
        ),
        ("undisclosed-recipients:;", []),
        ("a@x.example; b@x.example", [("a@x.example", ""), ("b@x.example", "")]),
        ("Anna <a@x.example, Ben <b@x.example>", [("a@x.example", "Anna"), ("b@x.example", "Ben")]),
        ("<mailto:a@x.example>", [("a@x.example", "")]),
        ("'a@x.example'", [("a@x.example", "")]),
        ("Big Bug bb@bug.example", [("bb@bug.example", "Big Bug")]),
        ("<@relay.example:mary@x.example>", [("mary@x.example", "")]),
        ("jdoe@test   . example", [("jdoe@test.example", "")]),
        ('"john doe"@x.example', [('"john doe"@x.example', "")]),
        ("jörg@müller.example", [("jörg@müller.example", "")]),
        ('"a@x.example" <b@y.example>', [("b@y.example", "a@x.example")]),
    ],
)
def test_people_are_read_as_written(header: str, expected: list[tuple[str, str]]) -> None:
    assert [(each.address, each.name) for each in read_addresses(header) if each.address] == expected


def test_address_is_never_taken_from_an_encoded_name() -> None:
    (person,) = read_addresses("=?utf-8?b?YXR0YWNrZXJAZXZpbC5leGFtcGxl?=")
    assert (person.address, person.name) == ("", "attacker@evil.example")


def test_encoded_word_that_smuggles_an_at_sign_gives_no_address() -> None:
    (person,) = read_addresses("=?utf-8?q?=40attacker.example?=@bank.example")
    assert person.address == ""


def test_direction_override_is_taken_out_of_a_name() -> None:
    (person,) = read_addresses("Anna\u202e gnp.exe <a@x.example>")
    assert person.name == "Anna gnp.exe"


def test_sender_is_the_first_author_and_reply_to_is_kept() -> None:
    read = mail(
        "From: Anna <a@x.example>, Ben <b@x.example>\nReply-To: team@x.example\nTo: d@x.example\nCc: e@x.example"
    )
    assert read.sender is not None
    assert str(read.sender) == "Anna <a@x.example>"
    assert [each.address for each in (*read.reply_to, *read.to, *read.cc)] == [
        "team@x.example",
        "d@x.example",
        "e@x.example",
    ]


def test_name_in_raw_latin1_is_read() -> None:
    read = mail(b"From: J\xf6rg M\xfcller <j@x.example>\nContent-Type: text/plain; charset=iso-8859-1")
    assert read.sender is not None
    assert read.sender.name == "Jörg Müller"


def test_folded_list_of_two_headers_is_one_list() -> None:
    read = mail("To: a@x.example,\n b@x.example\nTo: c@x.example")
    assert [each.address for each in read.to] == ["a@x.example", "b@x.example", "c@x.example"]
