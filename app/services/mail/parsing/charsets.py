"""Bytes to text, whatever the label says.

A label is a hint: mail calls windows-1252 "iso-8859-1", gb18030 "gb2312", and UTF-8 nothing at all. The order is
the label as browsers understand it (WHATWG Encoding Standard), then UTF-8, then a guess, then windows-1252.
"""

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

from charset_normalizer import from_bytes

from app.services.mail.parsing.limits import GUESS_BYTES

_ALIASES = {
    # The label a mail uses -> the superset that its writer's program really used.
    **dict.fromkeys(("us-ascii", "ascii", "iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1"), "cp1252"),
    **dict.fromkeys(("ansi_x3.4-1968", "iso_8859-1", "iso88591", "ansi", "cp-1252"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "gb-2312", "x-cp936", "euc-cn"), "gb18030"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ks_c_5601", "ksc5601", "korean", "x-windows-949"), "cp949"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "windows-31j"), "cp932"),
    **dict.fromkeys(("iso-2022-jp", "csiso2022jp", "iso-2022-jp-ms", "cp50220", "cp50221"), "iso2022_jp_ext"),
    **dict.fromkeys(("x-euc-jp", "cp51932"), "euc_jp"),
    **dict.fromkeys(("big5", "big5-eten", "x-x-big5", "cn-big5", "big-5"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "tis-620", "windows-874", "x-windows-874"), "cp874"),
    **dict.fromkeys(("iso-8859-8-i", "iso-8859-8-e", "logical", "visual"), "iso8859_8"),
    **dict.fromkeys(("iso-8859-6-i", "iso-8859-6-e"), "iso8859_6"),
    **dict.fromkeys(("macintosh", "x-mac-roman", "mac", "x-macroman"), "mac_roman"),
    **dict.fromkeys(("x-mac-cyrillic", "x-mac-ukrainian"), "mac_cyrillic"),
    "x-mac-ce": "mac_latin2",
    "x-mac-centraleurroman": "mac_latin2",
    "x-mac-greek": "mac_greek",
    "x-mac-turkish": "mac_turkish",
    "x-mac-icelandic": "mac_iceland",
    **dict.fromkeys(("unicode-1-1-utf-7", "x-unicode-2-0-utf-7", "utf7", "csunicode11utf7"), "utf_7"),
    **dict.fromkeys(("unicode-1-1-utf-8", "unicode", "utf8", "utf-8-sig", "utf8mb4", "utf-8mb4", "x-utf-8"), "utf_8"),
    "koi8": "koi8_r",
    "koi": "koi8_r",
    "x-koi8-r": "koi8_r",
    "koi8-ru": "koi8_u",
    "dos-862": "cp862",
    "dos-874": "cp874",
    "dos-720": "cp720",
}
_UNSAFE = frozenset(("unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"))
"""Codecs that read escapes, host names or whatever this machine speaks; none is the charset of a mail."""
_UNSURE = frozenset(("cp1252", "utf-8"))
_STATEFUL = re.compile(r"iso2022|utf-7|^hz$|utf-16|utf-32|cp037|cp500|cp273|cp424|cp875|cp1026|cp1140")
_WINDOWS = re.compile(r"(?:x-)?(?:windows|win|cp|wcp|microsoft-cp|ibm|dos)[-_ ]?(\d{3,5})$")
_ISO = re.compile(r"(?:x-)?iso[-_ ]?8859[-_ ]?(\d{1,2})(?:-[a-z])?$")
_JUDGED = 200_000
_HALF = re.compile("[\ud800-\udfff]")
_LABEL = re.compile(r"[^a-z0-9_.:()+-]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """`charset` is the codec that was used. `mended` says that the label was missing for 8-bit text, or wrong."""

    text: str
    charset: str
    mended: bool = False


@lru_cache(maxsize=512)
def codec_of(label: str) -> str | None:
    """The codec of Python that reads what mail labels so; None for a label that means nothing."""
    name = _LABEL.sub("", label.strip().strip("\"'").lower())[:64].split("*", 1)[0]
    windows, iso = _WINDOWS.match(name), _ISO.match(name)
    tried = [_ALIASES.get(name), f"cp{windows[1]}" if windows else None, _iso(iso[1]) if iso else None, name]
    if name.startswith("x-"):
        tried.append(name[2:])
    for each in tried:
        if not each:
            continue
        try:
            found = codecs.lookup(each).name
            # Python also calls base64 and zip codecs; only those for text decode to text.
            b"0".decode(found, "ignore")
        except (LookupError, ValueError):
            continue
        if found.replace("-", "_") not in _UNSAFE:
            return found
    return None


def _iso(number: str) -> str:
    return _ALIASES.get(f"iso-8859-{number}", f"iso8859_{number}")


def decode(raw: bytes, label: str = "", hint: str = "") -> Decoded:
    """The text of `raw`. `hint` is the charset of the mail around it, tried where there is no label."""
    codec = codec_of(label) if label else None
    if raw.isascii() and (codec is None or not _STATEFUL.search(codec)):
        return Decoded(raw.decode("ascii"), codec or "ascii")
    if raw.startswith(codecs.BOM_UTF8):
        raw, codec = raw[3:], "utf-8"
    elif raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and codec not in ("utf-16-le", "utf-16-be"):
        codec = "utf-16"
    if codec is None or codec in _UNSURE:
        # Text that is valid UTF-8 beyond ASCII is UTF-8, whatever the label: other text is so by accident only.
        text = _strict(raw, "utf-8")
        if text is not None:
            return Decoded(text, "utf-8", mended=codec != "utf-8")
    if codec is not None and codec != "utf-8":
        text = _strict(raw, codec)
        if text is not None:
            return Decoded(text, codec)
    return _mended(raw, codec, hint)


def _mended(raw: bytes, codec: str | None, hint: str) -> Decoded:
    """For bytes that the label cannot read throughout."""
    if codec not in (None, "cp1252"):
        assert codec is not None
        text = _tolerant(raw, codec)
        if _mostly_right(text, codec):
            return Decoded(text, codec, mended=True)
        text8 = _strict(raw, "utf-8")
        if text8 is not None:
            return Decoded(text8, "utf-8", mended=True)
    around = codec_of(hint) if hint else None
    if codec is None and around not in (None, "utf-8", "cp1252"):
        assert around is not None
        text_around = _strict(raw, around)
        if text_around is not None:
            return Decoded(text_around, around, mended=True)
    if codec != "cp1252":
        guessed = _guess(raw)
        text_guessed = _strict(raw, guessed) if guessed else None
        if text_guessed is not None and guessed:
            return Decoded(text_guessed, guessed, mended=True)
    text1252 = _strict(raw, "cp1252")
    return Decoded(text1252 if text1252 is not None else raw.decode("latin-1"), "cp1252", mended=True)


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        text = raw.decode(codec)
        # UTF-7 lets half a character through, which no database and no file can hold.
        return text if codec != "utf-7" or not _HALF.search(text) else None
    except (UnicodeError, ValueError, OverflowError):
        return None


def _tolerant(raw: bytes, codec: str) -> str:
    """A stray byte becomes U+FFFD; codecs with a state can still refuse (utf-7), and those count as all wrong."""
    try:
        return _HALF.sub("\ufffd", raw.decode(codec, "replace"))
    except (UnicodeError, ValueError, OverflowError):
        return "\ufffd"


def _mostly_right(text: str, codec: str) -> bool:
    """Whether stray bytes are rare among the letters beyond ASCII: a cut or an insertion, not a wrong label.

    In a charset of 7 bits nothing can be said of an 8-bit byte, so that few of them among all letters will do.
    """
    text = text[:_JUDGED]
    wrong = text.count("\ufffd")
    if codec.startswith("iso2022") and wrong * 20 <= len(text):
        return True
    beyond = sum(1 for each in text if each > "\x7f") - wrong
    return wrong <= beyond


def _guess(raw: bytes) -> str | None:
    """What charset-normalizer thinks; short texts tell too little, windows-1252 is the better bet for them."""
    sample = raw[:GUESS_BYTES]
    if sum(1 for byte in sample[:4096] if byte > 0x7F) < 8:
        return None
    best = from_bytes(sample, steps=5, threshold=0.3).best()
    return best.encoding if best is not None else None


def plain_lines(text: str) -> str:
    """Line ends as LF alone, without NUL."""
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "") if "\0" in text else text
