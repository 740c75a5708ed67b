"""Content-Transfer-Encoding undone, with what was lost or garbled on the way left out rather than refused."""

import binascii
import re
from itertools import islice

from app.services.mail.parsing.headers import base64_bytes

_IDENTITY = frozenset(("", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "plain", "identity"))
_BASE64_LINES = re.compile(rb"\s*(?:[A-Za-z0-9+/]{4}){3,}[A-Za-z0-9+/]{0,3}={0,2}\s*$")
_NOT_QP = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*$)")
_PADDING = re.compile(rb"=[\s=]*")
_PIECES = 10_000
_UU_BEGIN = re.compile(rb"(?:^|\n)begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,500})\r?\n")


def undo(body: bytes, encoding: str) -> tuple[bytes, str | None]:
    """The bytes before they were encoded, and the defect that was mended, if any."""
    name = encoding.partition(";")[0].strip().strip("\"'").lower() if encoding else ""
    if name in _IDENTITY:
        return body, None
    if name in ("base64", "b64", "base-64"):
        return _base64(body)
    if name in ("quoted-printable", "quotedprintable", "qp"):
        return _quoted_printable(body)
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        found = uu_blocks(body)
        return (found[0][3], None) if found else (body, "bad_uuencode")
    return body, "unknown_transfer_encoding"


def _base64(body: bytes) -> tuple[bytes, str | None]:
    padding = _PADDING.search(body)
    if padding is None or padding.end() == len(body):
        try:
            return binascii.a2b_base64(body), None
        except binascii.Error:
            return base64_bytes(body), "truncated_base64"
    if not _BASE64_LINES.match(body[:60].partition(b"\n")[0]) and b" " in body[:60].strip():
        return body, "not_base64"
    # Text behind the padding: pieces encoded one by one, or a footer that a relay added.
    told, at = bytearray(), 0
    for match in islice(_PADDING.finditer(body), _PIECES):
        piece = body[at : match.end()]
        if at and not _BASE64_LINES.match(piece.strip()[-64:]) and len(piece.strip()) > 4:
            break
        told += base64_bytes(piece)
        at = match.end()
    rest = body[at:].strip()
    if rest and _BASE64_LINES.match(rest[:60].partition(b"\n")[0].strip()):
        told += base64_bytes(rest)
    return bytes(told), "text_behind_base64"


def _quoted_printable(body: bytes) -> tuple[bytes, str | None]:
    if b"=" not in body:
        return body, None
    if b"==" in body:
        # A lone `=` that its writer forgot to encode: kept as it stands, and what follows still decoded.
        mended = _NOT_QP.sub(b"=3D", body)
        return binascii.a2b_qp(mended), None if mended == body else "bad_quoted_printable"
    return binascii.a2b_qp(body), None


def uu_blocks(body: bytes) -> list[tuple[int, int, bytes, bytes]]:
    """Files that were uuencoded into a text: (start, end, name, content) each. One that does not end is none."""
    found: list[tuple[int, int, bytes, bytes]] = []
    at = 0
    while (match := _UU_BEGIN.search(body, at)) is not None:
        content, end = _uu_content(body, match.end())
        if end is None:
            at = match.end()
            continue
        start = match.start() + (1 if body[match.start() : match.start() + 1] == b"\n" else 0)
        found.append((start, end, match[1].strip(), content))
        at = end - 1
    return found


def _uu_content(body: bytes, at: int) -> tuple[bytes, int | None]:
    """The lines from `at` to `end`; the second is None where they are not uuencoded at all."""
    told = bytearray()
    while at < len(body):
        stop = body.find(b"\n", at)
        stop = len(body) if stop < 0 else stop
        line = body[at:stop].rstrip(b"\r")
        if line.strip() == b"end":
            return bytes(told), min(stop + 1, len(body))
        if line.strip(b"` \t"):
            decoded = _uu_line(line)
            if decoded is None:
                return b"", None
            told += decoded
        at = stop + 1
    return b"", None


def _uu_line(line: bytes) -> bytes | None:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        pass
    length = (line[0] - 32) & 63
    needed = (length * 4 + 5) // 3 + 1
    if len(line) > 90 or not all(32 <= byte <= 96 for byte in line):
        return None
    try:
        # A trailing character too many, or blanks stripped at the end of the line.
        return binascii.a2b_uu(line[:needed].ljust(needed))
    except binascii.Error:
        return None
