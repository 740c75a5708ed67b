"""Subjects, dates and Message-IDs."""

from datetime import UTC, datetime

import pytest

from app.models.errors import KnownError
from app.services.mail.parsing import read_mail
from app.services.mail.parsing.dates import read_date
from tests.services.mail.parsing.mails import mail


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"=?utf-8?q?St=C3=B6rung?=", "Störung"),
        (b"=?utf-8?b?U3TDtg==?= =?utf-8?b?cnVuZw==?=", "Störung"),
        (b"=?utf-8?b?5pel5g==?=\n =?utf-8?b?nKw=?=", "日本"),
        (b"Re: =?iso-8859-1?Q?Gr=F6=DFe?= of the box", "Re: Größe of the box"),
        (b"=?iso-2022-jp?B?GyRCM1g5OxsoQg==?=", "学校"),
        (b"=?gb2312?B?5d8=?=", b"\xe5\xdf".decode("gb18030")),
        (b"=?utf-8*de?q?=C3=BCber?=", "über"),
        (b"=?unknown-8bit?q?caf=C3=A9?=", "café"),
        ("Prüfung".encode(), "Prüfung"),
        (b"Pr\xfcfung der Gr\xf6\xdfe", "Prüfung der Größe"),
        (b"a\x00b", "ab"),
        (b"one\n two", "one two"),
        (b"100% =?= done", "100% =?= done"),
    ],
)
def test_subject_is_decoded(raw: bytes, expected: str) -> None:
    assert mail(b"Subject: " + raw).subject == expected


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 23 Nov 2026 11:30:00 +0000",
        "Mon, 23 Nov 2026 12:30:00 +0100 (CET)",
        "23 Nov 26 11:30 GMT",
        "Mon, 23 Nov 2026 06:30:00 EST",
        "2026-11-23T11:30:00Z",
        "2026-11-23 13:30:00 +02:00",
        "Mon Nov 23 11:30:00 2026",
        "Mon, 23 Nov 2026 11:30:00",
        "Mo, 23 Nov 2026 12:30:00 MEZ",
        "lun., 23 nov. 2026 12:30:00 +0100",
        "Mon, 23-Nov-2026 11:30:00 GMT",
        "Mon, 23 Nov 2026 11.30.00 +0000",
        "23.11.2026 11:30",
        "Mon, 23 Nov 2026 07:30:00 PM +0800",
        "Mon,23 Nov 2026 11:30:00 GMT+0000",
    ],
)
def test_date_is_aware_utc_however_it_is_written(text: str) -> None:
    assert read_date(text) == datetime(2026, 11, 23, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "31 Feb 2026 10:00 +0000", "1 Jan 99999 10:00", "Mon, 23 Nov 2026 25:00"]
)
def test_date_that_is_none_is_none(text: str) -> None:
    assert read_date(text) is None


def test_unreadable_date_is_told() -> None:
    assert "date" in mail("Date: soon").defects


def test_message_ids_lose_their_brackets_and_keep_their_order() -> None:
    read = mail("Message-ID: <a@x>\nIn-Reply-To: <b@x> (Anna's message)\nReferences: <c@x>\n <d@x><c@x>")
    assert (read.message_id, read.in_reply_to, read.references) == ("a@x", ("b@x",), ("c@x", "d@x"))


def test_message_ids_without_brackets_are_read() -> None:
    read = mail("Message-ID: a@x\nIn-Reply-To: Your message of Monday b@x")
    assert (read.message_id, read.in_reply_to) == ("a@x", ("b@x",))


def test_headers_are_kept_by_lower_case_name() -> None:
    read = mail("X-Prio: 1\nx-prio: =?utf-8?q?zw=C3=B6lf?=")
    assert read.headers["x-prio"] == ("1", "zwölf")


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\0\0\0"])
def test_nothing_is_not_a_mail(raw: bytes) -> None:
    with pytest.raises(KnownError, match=r"mail\.empty"):
        read_mail(raw)
