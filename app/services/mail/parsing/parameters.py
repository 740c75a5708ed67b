"""Parameters of Content-Type and Content-Disposition: RFC 2231, RFC 2047 where it does not belong, and worse."""

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from app.services.mail.parsing.charsets import decode
from app.services.mail.parsing.headers import decode_words
from app.services.mail.parsing.limits import MAX_PARAMETER_TEXT, MAX_PARAMETERS

_BETWEEN = re.compile(r"[;\s]*")
_NAME = re.compile(r"([^=;\s\"]+)\s*=\s*")
_QUOTE_END = re.compile(r'(?<!\\)"(?=\s{0,8}(?:;|$))')
_ESCAPED = re.compile(r'\\(["\\])')
_CONTINUED = re.compile(r"(.+?)\*(\d{1,4})(\*?)$")
_LOST_SEMICOLON = re.compile(r"\s+(?=[A-Za-z-]{2,20}\*?=)")
_SPACE = re.compile(r"\s+")


def split_value(text: str) -> tuple[str, dict[str, str]]:
    """`text/plain; charset=utf-8` as ("text/plain", {"charset": "utf-8"}); names lower case, the first of two wins."""
    head, _, rest = text[:MAX_PARAMETER_TEXT].partition(";")
    if "=" in head:
        # A semicolon forgotten: `application/pdf name="x.pdf"`.
        value, *lost = _LOST_SEMICOLON.split(_SPACE.sub(" ", head), maxsplit=1)
        rest = f"{lost[0]};{rest}" if lost else rest
        head = value
    raw = _pairs(rest)
    return head.strip().strip('"').lower(), _assembled(raw) if any("*" in name for name in raw) else raw


def _pairs(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(text) and len(found) < MAX_PARAMETERS:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        match = _NAME.match(text, at)
        if match is None:
            at = text.find(";", at) + 1
            if at == 0:
                break
            continue
        value, at = _value(text, match.end())
        found.setdefault(match[1].lower(), value)
    return found


def _value(text: str, at: int) -> tuple[str, int]:
    """The value that starts at `at`, and where it ends."""
    if text.startswith('"', at):
        closing = _QUOTE_END.search(text, at + 1)
        if closing is None:
            second = text.find('"', at + 1)
            end = second if second > 0 else len(text)
            return _ESCAPED.sub(r"\1", text[at + 1 : end]), end + 1
        return _ESCAPED.sub(r"\1", text[at + 1 : closing.start()]), closing.end()
    end = text.find(";", at)
    end = len(text) if end < 0 else end
    value = text[at:end].strip().strip('"')
    comment = value.rfind(" (") if value.endswith(")") else -1
    return (value[:comment].rstrip() if comment > 0 else value), end


def _assembled(raw: Mapping[str, str]) -> dict[str, str]:
    """Join continuations (`name*0`, `name*1*`) and decode extended values (`name*=utf-8''%C3%A4`), RFC 2231."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, value in raw.items():
        continued = _CONTINUED.match(name)
        if continued:
            pieces.setdefault(continued[1], {})[int(continued[2])] = (value, bool(continued[3]))
        elif name.endswith("*"):
            pieces.setdefault(name[:-1], {}).setdefault(0, (value, True))
        else:
            plain[name] = value
    for name, numbered in pieces.items():
        told = _extended([numbered[number] for number in sorted(numbered)])
        plain[name] = told or plain.get(name, "")
    return plain


def _extended(pieces: list[tuple[str, bool]]) -> str:
    if not any(encoded for _, encoded in pieces):
        return "".join(value for value, _ in pieces)
    charset, raw = "", b""
    for number, (value, encoded) in enumerate(pieces):
        text = value
        if number == 0 and encoded and value.count("'") >= 2:
            charset, _, text = value.split("'", 2)
        raw += unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
    return decode(raw, charset).text


def file_name(value: str) -> str:
    """A name from a parameter, with the encoded words decoded that RFC 2047 forbids there and mailers write."""
    if "=?" in value:
        value = decode_words(value.replace("?= =?", "?==?"))
    return _SPACE.sub(" ", value).strip()
