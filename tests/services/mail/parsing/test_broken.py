"""Mail that breaks the rules is read as far as a person could."""

import pytest

from app.models.errors import KnownError
from app.services.mail.parsing import read_mail
from app.services.mail.parsing.limits import MAX_PARTS
from app.services.wording import catalogue, tr_error
from tests.services.mail.parsing.mails import file_names, mail, multipart

PLAIN = b"From: a@x.example\nSubject: Printer\n\nHello\n"


@pytest.mark.parametrize(
    "raw",
    [
        PLAIN,
        PLAIN.replace(b"\n", b"\r\n"),
        PLAIN.replace(b"\n", b"\r"),
        PLAIN.replace(b"\n", b"\r\r\n"),
        b"\xef\xbb\xbf" + PLAIN,
        b"From anna@x.example Mon Nov 23 11:30:00 2026\n" + PLAIN,
        b"\n\n  \n" + PLAIN,
        PLAIN.replace(b"\n\n", b"\n"),
        PLAIN.replace(b"\n\n", b"\nnot a header\nTo: b@x.example\n\n"),
        PLAIN.replace(b"Subject:", b"Subject :"),
        PLAIN.replace(b"Printer", b"Pri\0nter"),
    ],
)
def test_envelope_and_text_survive(raw: bytes) -> None:
    read = read_mail(raw)
    assert read.sender is not None
    assert (read.sender.address, read.subject, read.text.strip()) == ("a@x.example", "Printer", "Hello")


def test_missing_end_of_the_parts_is_told() -> None:
    read = multipart("Content-Type: text/plain\n\nHello", "Content-Type: image/png; name=a.png\n\nxx", closed=False)
    assert (read.text, file_names(read)) == ("Hello", ["a.png"])
    assert "boundary_end_missing" in read.defects


def test_boundary_that_is_not_named_is_found() -> None:
    read = mail(
        "Content-Type: multipart/mixed", "--q1\n\nHello\n--q1\nContent-Type: image/png; name=a.png\n\nxx\n--q1--\n"
    )
    assert (read.text, file_names(read)) == ("Hello", ["a.png"])


def test_multipart_without_any_part_is_text() -> None:
    assert mail("Content-Type: multipart/mixed; boundary=zz", "Hello\n").text == "Hello\n"


def test_truncated_base64_gives_what_arrived() -> None:
    read = multipart(
        "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\nQUJDRA=", "\nHello"
    )
    assert read.attachments[0].content == b"ABCD"


def test_footer_behind_base64_is_left_out() -> None:
    read = mail(
        "Content-Transfer-Encoding: base64", "SGVsbG8gd29ybGQsIGhlbGxvIHdvcmxk\nIQ==\n-- a footer of the list server\n"
    )
    assert read.text == "Hello world, hello world!"


def test_text_that_claims_to_be_quoted_printable_is_kept() -> None:
    read = mail("Content-Transfer-Encoding: quoted-printable", "a=b and x == y\n")
    assert read.text.startswith("a=b and x =")


def test_unknown_transfer_encoding_is_told() -> None:
    read = mail("Content-Transfer-Encoding: rot13", "Uryyb\n")
    assert (read.text, read.defects) == ("Uryyb\n", ("unknown_transfer_encoding",))


def test_a_hundred_thousand_parts_are_refused_in_words() -> None:
    bomb = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000
    with pytest.raises(KnownError) as refused:
        read_mail(bomb)
    assert refused.value.code == "mail.too_many_parts"
    assert str(MAX_PARTS) in tr_error(refused.value)


def test_deep_nesting_stops_at_a_limit() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(5_000))
    read = read_mail(deep + b"\nHello")
    assert "nested_too_deep" in read.defects


def test_mail_inside_mail_inside_mail_ends() -> None:
    assert read_mail(b"Content-Type: message/rfc822\n\n" * 5_000).attachments


def test_header_of_a_megabyte_is_cut_and_the_rest_read() -> None:
    read = read_mail(b"X-Long: " + b"x" * 1_000_000 + b"\nSubject: Printer\n\nHello")
    assert (read.subject, read.text, read.defects) == ("Printer", "Hello", ("header_cut",))


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    [b" ", b'"', b'"\\', b"<", b"(", b"@", b"a", b";", b"=?a?q?", b"=?a?q?b?= ", b"= ", b"\xe9", b"cid:", b"\t\n "],
)
def test_reading_stays_linear(piece: bytes) -> None:
    long = piece * (300_000 // len(piece))
    for name in (b"From", b"Subject", b"Content-Type", b"Content-Disposition", b"Message-ID", b"Date"):
        read_mail(name + b": " + long + b")\n\nHello")
    read_mail(b'Content-Type: text/plain; name="' + long + b"\n\n" + long)


def test_every_defect_has_words_in_every_language() -> None:
    english, german = ({key for key in catalogue(code) if key.startswith("mail.defect.")} for code in ("en", "de"))
    assert english == german
    read = read_mail(b"\xef\xbb\xbfDate: soon\nContent-Type: pdf\nContent-Transfer-Encoding: rot13\nbody \xff")
    assert {f"mail.defect.{defect}" for defect in read.defects} <= english
