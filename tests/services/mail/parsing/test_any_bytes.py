"""Whatever arrives gives a mail or a known error."""

from hypothesis import given, settings, strategies as st

from app.models.errors import KnownError
from app.models.records.mail import Mail
from app.services.mail.parsing import read_mail

PIECES = st.sampled_from(
    [
        b"\n", b"\r\n", b"\r", b"\0", b"--b\n", b"--b--\n", b'"', b"<", b">", b"(", b"\\", b";", b":", b"@",
        b"=", b"?=", b"=?utf-8?q?", b"=?utf-16?b?AAA?=", b"From: a@b\n", b"To: =?utf-7?q?+?=\n",
        b"Date: 31 Feb 99 25:61 +9999\n", b"Content-Type: multipart/mixed; boundary=b\n",
        b"Content-Type: multipart/alternative; boundary=b\n", b"Content-Type: text/html\n",
        b"Content-Type: text/plain; format=flowed\n", b"Content-Type: message/rfc822\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n", b"charset=quopri",
        b"charset=idna", b"charset=utf-7", b"+2AA-", b"=?utf-7?q?+2AA-?=",
        b"charset=hz", b"charset=iso-2022-kr", b"charset=utf-16",
        b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: x-uuencode\n",
        b"Content-Transfer-Encoding: quoted-printable\n", b"begin 644 x\n",
        b"Content-Disposition: attachment; filename*0*=utf-8''%C3;\n filename*1=x\n", b"\xff\xfe", b"\xc3\xa4",
        b"\x1b$B",
    ]
)  # fmt: skip


def read(raw: bytes) -> None:
    try:
        mail = read_mail(raw)
    except KnownError:
        return
    assert isinstance(mail, Mail)
    people = " ".join(map(str, (mail.sender, *mail.to, *mail.cc, *mail.reply_to)))
    told = (value for values in mail.headers.values() for value in values)
    storable = "\n".join((mail.text, mail.html or "", mail.subject, people, *told, *mail.references))
    assert "\0" not in storable.encode().decode()
    for each in mail.attachments:
        assert each.name.encode()
        assert "/" not in each.name


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(raw: bytes) -> None:
    read(raw)


@settings(max_examples=600, deadline=None)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=40))
def test_any_pieces_of_mail(pieces: list[bytes]) -> None:
    read(b"".join(pieces))
