"""Where the author stops and the signature begins."""

import re
from collections.abc import Sequence

from app.services.mail.quoting.headers import is_rule
from app.services.mail.quoting.phrases import phrases

_DASHES = frozenset(("--", "-- ", "__", "—", "\u2013\u2013", "—-", "--\xa0"))
_CONTACT = re.compile(r"@|https?:|www\.|(?:\+?\d[\d\s()/.-]{6,})", re.IGNORECASE)
_LINK = re.compile(r"<?https?://[^\s>]*>?|\(https?:[^)]*\)|<[^>]*>|\[[^\]]*\]")
_DEVICE = re.compile(
    r"phone|ipad|android|outlook|samsung|galaxy|mobil|móvil|movil|mail|tablet|telef|smart|handy|\bapp\b|berry|windows|"
    r"device|gerät|ios\b|huawei|nokia|xiaomi|sony|pixel|courrier|correo|posta|yahoo|gmx|web\.de|proton|zoho|"
    r"手机|手機|スマ|携帯",
    re.IGNORECASE,
)
_AFTERTHOUGHT = re.compile(r"\W*p\.?\s?s\b", re.IGNORECASE)
_AROUND = " \t\xa0<>()[]*_-~.—!"
_LONGEST_MOBILE = 80
_LONGEST_NAME = 60
_MOST_LINES = 25
_MOST_FOOTER = 10
_REACH = 80


def signature_start(lines: Sequence[str], start: int, end: int, text_before: bool) -> int:
    """Where in the author's lines `start` to `end` the signature begins; `end` where there is none.

    A signature stands below a text: without one above it (`text_before`, or in these lines) there is none.
    """
    written = text_before
    for at in range(start, end):
        line = lines[at].strip()
        if not line:
            continue
        if written and _begins_signature(lines, at, end, line):
            return at
        written = True
    return end


def _begins_signature(lines: Sequence[str], at: int, end: int, line: str) -> bool:
    if line in _DASHES:
        return lines[at].rstrip("\r\n") == "-- " or _count(lines, at, end) <= _MOST_LINES
    if len(line) > _LONGEST_MOBILE * 3:
        return False
    if is_mobile(line):
        return True
    if is_rule(line) and line[0] in "-_":
        rest = lines[at + 1 : min(end, at + _REACH)]
        return 0 < _count(lines, at, end) <= _MOST_FOOTER and any(map(_CONTACT.search, rest))
    return _is_closing(lines, at, end, line)


def is_mobile(line: str) -> bool:
    """`Sent from my iPhone` and the other lines that programs add by themselves."""
    if line.lstrip(_AROUND)[:3].casefold() not in phrases().mobile:
        return False
    bare = _LINK.sub("", line).strip(_AROUND).casefold()
    if not 3 < len(bare) <= _LONGEST_MOBILE:
        return False
    if not bare.startswith(phrases().mobile.get(bare[:3], ("\0",))):
        return False
    if _DEVICE.search(bare.partition(",")[0]):
        return len(bare.split()) <= 14 and "?" not in bare
    return len(bare.split()) <= 7 and not any(each in bare for each in ",;?")


def _is_closing(lines: Sequence[str], at: int, end: int, line: str) -> bool:
    """`Best regards,` above a name, unless the author goes on below it."""
    if len(line) > _LONGEST_NAME or line.strip(" ,.!*_-\xa0").casefold() not in phrases().closings:
        return False
    rest = [each.strip() for each in lines[at + 1 : min(end, at + _REACH)] if each.strip()]
    if not rest:
        return True
    if _count(lines, at, end) > _MOST_LINES or len(rest[0]) > _LONGEST_NAME:
        return False
    return not any(each.endswith("?") or _AFTERTHOUGHT.match(each) for each in rest)


def _count(lines: Sequence[str], at: int, end: int) -> int:
    """Lines that say something after `at`, as far as it matters."""
    if end - at > _REACH and any(each.strip() for each in lines[at + _REACH : min(end, at + 2 * _REACH)]):
        return _REACH
    return sum(1 for each in lines[at + 1 : min(end, at + _REACH)] if each.strip())
