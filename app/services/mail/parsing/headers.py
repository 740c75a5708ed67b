"""Header values to text: unfolding, encoded words (RFC 2047), raw 8-bit, stray control characters."""

import base64
import binascii
import re
from collections.abc import Iterable

from app.services.mail.parsing.charsets import codec_of, decode

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BREAKS = re.compile("[\r\n\t\u2028\u2029\x85]+")
WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*){0,20})\?=")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def unfold(raw: bytes, hint: str = "") -> str:
    """The value as text, on one line, encoded words still encoded. `hint` is the charset of the body."""
    raw = raw.rstrip(b"\r\n")
    if b"\n" in raw or b"\r" in raw:
        # White space around a fold is one blank: writers leave the one they had and add their own.
        raw = b" ".join(told for line in raw.split(b"\n") if (told := line.strip(b" \t\r")))
    text = raw.decode("ascii") if raw.isascii() else decode(raw, hint=hint).text
    return _CONTROL.sub("", text.lstrip())


def decode_words(text: str) -> str:
    """Encoded words decoded. White space between two of them is dropped; a letter cut in two between them is joined."""
    if "=?" not in text:
        return text
    told: list[str] = []
    pending: list[tuple[str, bytes]] = []
    end = 0
    for match in WORD.finditer(text):
        between = text[end : match.start()]
        if pending and between.strip():
            told.append(_joined(pending))
            pending = []
        if not pending:
            told.append(between)
        pending.append((match[1].split("*", 1)[0].lower(), _word_bytes(match[2], match[3])))
        end = match.end()
    told.extend((_joined(pending), text[end:]))
    return _CONTROL.sub("", _BREAKS.sub(" ", "".join(told)))


def _joined(words: Iterable[tuple[str, bytes]]) -> str:
    """Neighbours of one charset are decoded as one: long subjects are cut between bytes, not letters."""
    runs: list[tuple[str, bytes]] = []
    for charset, raw in words:
        if runs and runs[-1][0] == charset and not _self_contained(charset):
            runs[-1] = (charset, runs[-1][1] + raw)
        else:
            runs.append((charset, raw))
    return "".join(decode(raw, charset).text for charset, raw in runs)


def _self_contained(charset: str) -> bool:
    """ISO-2022 words each start in ASCII, so that joined bytes of a word that forgot to return would be misread."""
    return (codec_of(charset) or "").startswith(("iso2022", "utf-7"))


def _word_bytes(encoding: str, payload: str) -> bytes:
    raw = payload.encode("ascii", "ignore") if payload.isascii() else payload.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return _HEX.sub(lambda match: bytes((int(match[1], 16),)), raw.replace(b"_", b" "))
    return base64_bytes(raw)


def base64_bytes(raw: bytes) -> bytes:
    """Base64 with whatever was lost or added on the way: what can be decoded is."""
    clean = _NOT_BASE64.sub(b"", raw)
    clean = clean[:-1] if len(clean) % 4 == 1 else clean
    try:
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))
    except binascii.Error:
        return b""


def text_of(raw: bytes, hint: str = "") -> str:
    """A header without structure (Subject) as a person reads it."""
    return decode_words(unfold(raw, hint))
