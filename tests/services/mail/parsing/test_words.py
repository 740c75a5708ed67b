"""The words of a mail: which parts they are, and in which charset."""

import pytest

from tests.services.mail.parsing.mails import file_names, mail, multipart


def test_alternatives_are_one_thing() -> None:
    read = multipart("\nplain", "Content-Type: text/html\n\n<p>rich</p>", subtype="alternative")
    assert (read.text, read.html, read.attachments) == ("plain", "<p>rich</p>", ())


def test_html_alone_gives_text() -> None:
    read = mail("Content-Type: text/html", "<p>Hello</p><p>you</p>")
    assert read.text.split() == ["Hello", "you"]
    assert read.html == "<p>Hello</p><p>you</p>"


def test_blank_text_beside_html_counts_as_none() -> None:
    read = multipart("\n \n", "Content-Type: text/html\n\n<p>rich</p>", subtype="alternative")
    assert read.text.strip() == "rich"


def test_texts_are_joined_in_their_order() -> None:
    read = multipart("\none", "Content-Type: image/png; name=a.png\n\nx", "Content-Type: text/plain\n\ntwo")
    assert read.text == "one\ntwo"


def test_text_below_html_is_in_both() -> None:
    read = multipart("Content-Type: text/html\n\n<p>rich</p>", "\na <footer>")
    assert read.text.split() == ["rich", "a", "<footer>"]
    assert read.html is not None
    assert "a &lt;footer&gt;" in read.html


def test_start_names_the_root_of_related_parts() -> None:
    read = multipart(
        "Content-Type: image/png\nContent-ID: <i>\n\nx",
        "Content-Type: text/html\nContent-ID: <root>\n\n<p>rich</p>",
        headers="",
        subtype='related; start="<root>"',
    )
    assert (read.html, len(read.attachments)) == ("<p>rich</p>", 1)


def test_text_with_a_name_is_a_file_and_shown_where_nothing_else_is() -> None:
    assert multipart("\nHello", "Content-Type: text/plain; name=log.txt\n\nlog").text == "Hello"
    alone = multipart("Content-Type: text/plain; name=log.txt\n\nlog")
    assert (alone.text, file_names(alone)) == ("log", ["log.txt"])


def test_text_sent_as_attachment_is_not_shown() -> None:
    read = multipart("\nHello", "Content-Type: text/plain\nContent-Disposition: attachment\n\nlog")
    assert (read.text, file_names(read)) == ("Hello", ["text.txt"])


def test_mail_that_only_forwards_shows_what_it_forwards() -> None:
    read = multipart("Content-Type: message/rfc822\n\nFrom: a@x.example\nSubject: Old\n\nHello")
    assert read.text == "From: a@x.example\nSubject: Old\n\nHello"
    assert file_names(read) == ["Old.eml"]


def test_readable_part_of_a_signed_mail_is_shown() -> None:
    read = multipart("\nHello", "Content-Type: application/pgp-signature\n\nx", subtype="signed")
    assert (read.text, file_names(read)) == ("Hello", ["signature.asc"])


@pytest.mark.parametrize(
    ("parameters", "body", "expected"),
    [
        ("format=flowed", "one \ntwo\n\n> a \n> b\nc\n-- \nAnna\n", "one two\n\n> a b\nc\n-- \nAnna\n"),
        ("format=flowed; delsp=yes", "one \ntwo\n", "onetwo\n"),
        ("format=fixed", "one \ntwo\n", "one \ntwo\n"),
    ],
)
def test_flowed_lines_are_joined(parameters: str, body: str, expected: str) -> None:
    assert mail(f"Content-Type: text/plain; {parameters}", body).text == expected


def test_enriched_text_loses_its_tags() -> None:
    assert mail("Content-Type: text/enriched", "<bold>Hi</bold> a<<b\n\nyou\n").text == "Hi a<b\nyou "


@pytest.mark.parametrize(
    ("label", "raw", "expected"),
    [
        ("utf-8", "Größe €".encode(), "Größe €"),
        ("iso-8859-1", b"Gr\xf6\xdfe \x80", "Größe €"),
        ("us-ascii", "Größe".encode(), "Größe"),
        ("us-ascii", b"Gr\xf6\xdfe", "Größe"),
        ("iso-8859-1", "Größe".encode(), "Größe"),
        ("utf-8", b"Gr\xf6\xdfe ist falsch", "Größe ist falsch"),
        ("utf-8", "größe schön".encode() + b" \xe2\x82", "größe schön \ufffd"),
        ("", "Größe".encode(), "Größe"),
        ("x-unknown", b"Gr\xf6\xdfe", "Größe"),
        ("base64", b"Gr\xf6\xdfe", "Größe"),
        ("idna", b"Gr\xf6\xdfe", "Größe"),
        ("gb2312", "暹罗".encode("gb18030"), "暹罗"),
        ("iso-2022-jp", "学校".encode("iso2022_jp"), "学校"),
        ("utf-7", b"Gr+APYA3w-e", "Größe"),
        ("utf-7", b"+2AA-x", "+2AA-x"),
        ("win-1257", b"\xd5\xc4\xd6\xdc", "ÕÄÖÜ"),
        ("windows-1251", "Привет".encode("cp1251"), "Привет"),
        ("koi8-r", "Привет".encode("koi8_r"), "Привет"),
        ("x-mac-cyrillic", "Привет".encode("mac_cyrillic"), "Привет"),
        ("macintosh", b"Gr\x9a\xa7e", "Größe"),
        ("iso-8859-8-i", b"\xf9\xec\xe5\xed", "שלום"),
        ("ks_c_5601-1987", "안녕".encode("cp949"), "안녕"),
        ("shift_jis", "①学校".encode("cp932"), "①学校"),
        ("big5", "學校".encode("big5"), "學校"),
        ("tis-620", "ไทย".encode("cp874"), "ไทย"),
        ("utf-16", "Größe".encode("utf-16"), "Größe"),
        ("utf-8", b"\xef\xbb\xbfHi", "Hi"),
    ],
)
def test_text_is_read_in_the_charset_it_has(label: str, raw: bytes, expected: str) -> None:
    named = f"; charset={label}" if label else ""
    assert mail(f"Content-Type: text/plain{named}".encode(), raw).text == expected


def test_long_text_without_a_charset_is_guessed() -> None:
    words = "Здравствуйте, у меня не работает принтер на третьем этаже, помогите пожалуйста. " * 5
    read = mail(b"Subject: x", words.encode("cp1251"))
    assert read.text == words
    assert read.defects == ("charset",)


def test_html_names_its_charset_itself() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>Привет</p>'
    assert "Привет" in (mail(b"Content-Type: text/html", page.encode("cp1251")).html or "")


def test_html_that_claims_to_be_plain_is_html() -> None:
    read = mail("Content-Type: text/plain", "<!DOCTYPE html><html><body>Disk full</body></html>")
    assert read.text.strip() == "Disk full"
    assert read.html is not None


def test_reply_is_split_from_what_it_quotes() -> None:
    read = mail("Subject: x", "Done.\n\nOn Mon, 23 Nov 2026 at 11:30, Anna <a@x.example> wrote:\n> Is it done?\n")
    assert read.reply.visible.strip() == "Done."
    assert "Is it done?" in read.reply.folded
