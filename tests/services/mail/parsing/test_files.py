"""Attachments: their true names, made safe, and their bytes."""

import pytest

from app.services.mail.parsing.filenames import safe_name
from app.services.mail.parsing.limits import MAX_NAME_BYTES
from tests.services.mail.parsing.mails import file_names, mail, multipart


def named(headers: str) -> list[str]:
    return file_names(multipart("\nHello", f"{headers}\n\nxx"))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("Content-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf", "a.pdf"),
        ('Content-Type: application/pdf; name="b.pdf"\nContent-Disposition: attachment; filename="a.pdf"', "a.pdf"),
        ('Content-Type: application/pdf; name="b.pdf"\nContent-Disposition: attachment', "b.pdf"),
        ("Content-Type: application/pdf; name=my report (1).pdf", "my report (1).pdf"),
        ('Content-Type: application/pdf name="a.pdf"', "a.pdf"),
        ('Content-Disposition: attachment; filename="a;b.pdf"', "a;b.pdf"),
        ('Content-Disposition: attachment; filename="a.pdf', "a.pdf"),
        ("Content-Disposition: attachment; filename*=utf-8''%C3%9Cbersicht.pdf", "Übersicht.pdf"),
        ("Content-Disposition: attachment; filename=x.pdf; filename*=iso-8859-1'de'%DCbersicht.pdf", "Übersicht.pdf"),
        (
            "Content-Disposition: attachment;\n filename*0*=utf-8''%C3;\n filename*1*=%9Cber;\n filename*2=sicht.pdf",
            "Übersicht.pdf",
        ),
        ("Content-Disposition: attachment;\n filename*1=b.pdf;\n filename*0=a", "ab.pdf"),
        ('Content-Disposition: attachment; filename="=?utf-8?q?=C3=9Cbersicht?=.pdf"', "Übersicht.pdf"),
        (
            'Content-Disposition: attachment;\n filename="=?utf-8?b?w5xiZXI=?=\n =?utf-8?b?c2ljaHQucGRm?="',
            "Übersicht.pdf",
        ),
        ("Content-Disposition: attachment; filename=Übersicht.pdf", "Übersicht.pdf"),
        ("Content-Type: image/png\nContent-Location: http://x.example/pics/logo.png", "logo.png"),
        ("Content-Type: image/png", "image.png"),
        ("Content-Type: message/rfc822", "message.eml"),
        ("Content-Type: application/ms-tnef; name=winmail.dat", "winmail.dat"),
    ],
)
def test_name_is_the_one_the_sender_gave(headers: str, expected: str) -> None:
    assert named(headers) == [expected]


def test_name_in_raw_latin1_takes_the_charset_of_the_words() -> None:
    read = mail(
        b"Content-Type: multipart/mixed; boundary=b",
        b"--b\nContent-Type: text/plain; charset=koi8-r\n\nx\n"
        b"--b\nContent-Type: image/png; name=\xc6\xc1\xca\xcc.png\n\nx\n--b--\n",
    )
    assert file_names(read) == ["файл.png"]


def test_made_names_say_so() -> None:
    read = multipart("\nHello", "Content-Type: image/png\n\nx", "Content-Type: image/png; name=a.png\n\nx")
    assert [(each.name, each.invented) for each in read.attachments] == [("image.png", True), ("a.png", False)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\report.pdf", "report.pdf"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("LPT1 .log", "_LPT1 .log"),
        ("console.txt", "console.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u200bb\0c\r\n.txt", "abc.txt"),
        ('a<b>c:d"e|f?g*.txt', "a_b_c_d_e_f_g_.txt"),
        ("report.pdf. . .", "report.pdf"),
        (".bashrc", ".bashrc"),
        ("..", ""),
        ("", ""),
        ("日本語 – 書類.pdf", "日本語 – 書類.pdf"),
    ],
)
def test_name_is_safe_on_every_file_system(name: str, expected: str) -> None:
    assert safe_name(name) == expected


@pytest.mark.parametrize("letter", ["a", "ü", "🙂"])
def test_name_of_five_thousand_letters_keeps_its_extension(letter: str) -> None:
    name = safe_name(letter * 5_000 + ".pdf")
    assert name.endswith(f"{letter}.pdf")
    assert len(name.encode()) <= MAX_NAME_BYTES


def test_double_extension_stays_in_sight() -> None:
    assert safe_name("invoice.pdf" + " " * 300 + ".exe") == "invoice.pdf .exe"


def test_image_that_the_html_refers_to_is_inline() -> None:
    read = multipart(
        'Content-Type: text/html\n\n<img src="cid:logo%40x">',
        "Content-Type: image/png; name=logo.png\nContent-ID: <logo@x>\n\nx",
        "Content-Type: image/png; name=other.png\nContent-ID: <other@x>\n\nx",
        subtype="related",
    )
    assert [(each.content_id, each.inline) for each in read.attachments] == [("logo@x", True), ("other@x", False)]


def test_uuencoded_file_in_the_text_is_a_file() -> None:
    read = mail("Subject: x", "Before\nbegin 644 cat.txt\n#0V%T\n`\nend\nAfter\n")
    assert read.text == "Before\nAfter\n"
    assert [(each.name, each.content) for each in read.attachments] == [("cat.txt", b"Cat")]


def test_text_that_only_begins_like_a_uuencoded_file_stays_text() -> None:
    assert mail("Subject: x", "x\nbegin 644 of these\nPlease help\n").text == "x\nbegin 644 of these\nPlease help\n"


def test_calendar_forwarded_mail_and_signature_are_files() -> None:
    read = multipart(
        "Content-Type: text/plain\n\nSee you",
        "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR",
        "Content-Type: message/rfc822\n\nSubject: Old/mail\n\nOld",
        "Content-Type: application/pkcs7-signature; name=smime.p7s\n\nx",
    )
    assert read.text == "See you"
    assert file_names(read) == ["invitation.ics", "Old_mail.eml", "smime.p7s"]


def test_encrypted_mail_is_kept_as_files() -> None:
    read = multipart(
        "Content-Type: application/pgp-encrypted\n\nVersion: 1",
        "Content-Type: application/octet-stream; name=encrypted.asc\n\nxx",
        subtype="encrypted",
    )
    assert (read.text, file_names(read)) == ("", ["encrypted.asc", "encrypted.asc"])


def test_file_keeps_its_bytes() -> None:
    read = multipart("\nHello", "Content-Type: application/x; name=a\nContent-Transfer-Encoding: base64\n\nAAECA/8=")
    assert read.attachments[0].content == b"\0\1\2\3\xff"
    assert read.attachments[0].size == 5
