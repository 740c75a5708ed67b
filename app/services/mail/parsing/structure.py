"""The MIME tree of a mail, cut out of its bytes without copying or decoding what nobody asks for.

The standard library's parser works line by line and holds a stack of boundaries: a second for a large mail, and no end
of time for a nested one. Here a part is a slice; a multipart is split where its boundary stands. Nothing recurses.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from app.models.errors import KnownError
from app.services.mail.parsing.headers import unfold
from app.services.mail.parsing.limits import (
    MAX_DEPTH,
    MAX_HEADER_BYTES,
    MAX_HEADERS,
    MAX_HEADERS_TOTAL,
    MAX_PARTS,
)
from app.services.mail.parsing.parameters import split_value

_HEADER = re.compile(rb"([!-9;-~\x80-\xff]{1,200})[ \t]{0,8}:([^\n]*(?:\n[ \t][^\n]*)*)\n?")
_BLANK = re.compile(rb"[ \t]*\r?(?:\n|\Z)")
_FOLDED = re.compile(rb"(?:[ \t][^\n]*\n)*")
_LINE = re.compile(rb"[^\n]*\n?")
_KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|sender|reply-to|message-id|received|return-path|mime-version|content-[a-z-]+"
    rb"|delivered-to|x-[a-z0-9-]+|in-reply-to|references|list-[a-z]+|dkim-signature|arc-[a-z-]+|authentication-results)"
    rb"[ \t]*:",
    re.IGNORECASE,
)
_MBOX = re.compile(rb">?From [^\n]*\n")
_ANY_BOUNDARY = re.compile(rb"(?:^|\n)--([^\s][^\r\n]{0,200})\r?\n")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")


@dataclass(slots=True)
class Part:
    """A part: its headers in order (lower-case name, raw value) and its body, still encoded for transfer."""

    headers: list[tuple[str, bytes]]
    body: bytes = field(repr=False)
    media_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    children: list["Part"] = field(default_factory=list)
    depth: int = 0

    def raw(self, name: str) -> bytes:
        """The first value of a header, raw; empty where there is none."""
        return next((value for each, value in self.headers if each == name), b"")

    def get(self, name: str) -> str:
        """The first value of a header, unfolded, encoded words not decoded."""
        return unfold(self.raw(name))

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in the order they stand in the mail."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))


def parse(raw: bytes, defects: list[str]) -> Part:
    """The tree of a mail. Adds to `defects` what was broken.

    Raises KnownError `mail.too_many_parts` for a mail that nobody wrote to be read.
    """
    root = part_of(_opened(raw, defects), defects)
    waiting, count = [root], 1
    while waiting:
        part = waiting.pop()
        if not part.media_type.startswith("multipart/"):
            continue
        if part.depth >= MAX_DEPTH:
            _note(defects, "nested_too_deep")
            part.media_type = "application/octet-stream"
            continue
        kind = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
        for start, end in _slices(part, defects):
            count += 1
            if count > MAX_PARTS:
                raise KnownError("mail.too_many_parts", limit=MAX_PARTS)
            part.children.append(part_of(part.body[start:end], defects, kind, part.depth + 1))
        if not part.children:
            _note(defects, "multipart_without_parts")
            part.media_type = "text/plain"
        waiting.extend(part.children)
    return root


def part_of(raw: bytes, defects: list[str], default: str = "text/plain", depth: int = 0) -> Part:
    """The headers of a mail or part apart from its body."""
    headers, start = _headers(raw, defects)
    part = Part(headers, raw[start:], default, depth=depth)
    told = part.raw("content-type")
    if told:
        value, part.parameters = split_value(unfold(told))
        match = _TYPE.search(value[:300])
        if match:
            part.media_type = match[0]
        elif value and value != "text":
            # A word that is no media type (`pdf`, `unknown`): with a name a file, else most likely a text.
            named = "name" in part.parameters or b"name" in part.raw("content-disposition")
            part.media_type = "application/octet-stream" if named else default
            _note(defects, "bad_content_type")
    return part


def _opened(raw: bytes, defects: list[str]) -> bytes:
    """Without byte order mark and mbox line, with LF among its line ends."""
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
        _note(defects, "byte_order_mark")
    if b"\r" in raw[:4096] and b"\n" not in raw[:4096]:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        _note(defects, "line_ends")
    elif b"\r\r\n" in raw[:4096]:
        raw = raw.replace(b"\r\r\n", b"\n")
        _note(defects, "line_ends")
    stripped = raw.lstrip(b" \t\r\n") if raw[:1] in b" \t\r\n" else raw
    if len(stripped) != len(raw) and (_KNOWN.match(stripped) or _MBOX.match(stripped)):
        raw = stripped
        _note(defects, "blank_lines_above")
    mbox = _MBOX.match(raw[:1000])
    return raw[mbox.end() :] if mbox else raw


def _headers(raw: bytes, defects: list[str]) -> tuple[list[tuple[str, bytes]], int]:
    """The headers and where the body starts: behind the blank line, or at the first line that cannot be a header."""
    found: list[tuple[str, bytes]] = []
    at, total = 0, 0
    while at < len(raw):
        blank = _BLANK.match(raw, at)
        if blank:
            return found, blank.end()
        match = _HEADER.match(raw, at)
        if match is None:
            line = _LINE.match(raw, at)
            assert line is not None
            if not found or not _headers_go_on(raw, line.end()):
                _note(defects, "no_blank_line_above_the_body")
                return found, at
            _note(defects, "bad_header_line")
            at = line.end()
            continue
        at = match.end()
        value = match[2]
        if len(value) > MAX_HEADER_BYTES:
            _note(defects, "header_cut")
            value = value[:MAX_HEADER_BYTES]
        total += len(value)
        if len(found) < MAX_HEADERS and total <= MAX_HEADERS_TOTAL:
            found.append((match[1].decode("latin-1").lower(), value))
        else:
            _note(defects, "headers_cut")
    return found, len(raw)


def _headers_go_on(raw: bytes, at: int) -> bool:
    """Whether a line that is no header stands among headers: the next but folded ones is a header mail really has."""
    folded = _FOLDED.match(raw, at)
    return folded is not None and _KNOWN.match(raw, folded.end()) is not None


def _slices(part: Part, defects: list[str]) -> list[tuple[int, int]]:
    """Where the parts of a multipart lie in its body."""
    body = part.body
    told = part.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
    lines = list(islice(_delimiters(body, told), 2 * MAX_PARTS)) if told else []
    if not lines:
        guessed = _ANY_BOUNDARY.search(body)
        if guessed is None:
            return []
        _note(defects, "boundary_missing")
        lines = list(islice(_delimiters(body, guessed[1].rstrip()), 2 * MAX_PARTS))
    closed = False
    found: list[tuple[int, int]] = []
    for number, (_, start, closing) in enumerate(lines):
        closed = closing
        if closing:
            continue
        end = lines[number + 1][0] if number + 1 < len(lines) else len(body)
        found.append((start, end))
    if not closed:
        _note(defects, "boundary_end_missing")
    return found


def _delimiters(body: bytes, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Each boundary line: where the part above it ends, where the part below starts, whether it closes."""
    mark = b"\n--" + boundary
    at = -1 if body.startswith(mark[1:]) else body.find(mark)
    while at >= -1:
        behind = at + len(mark)
        stop = body.find(b"\n", behind, behind + 1000)
        stop = len(body) if stop < 0 and len(body) - behind < 1000 else stop
        rest = body[behind:stop].strip() if stop >= 0 else b"?"
        if rest in (b"", b"--"):
            above = at - 1 if at > 0 and body[at - 1 : at] == b"\r" else max(at, 0)
            yield above, min(stop + 1, len(body)), rest == b"--"
            behind = stop
        at = body.find(mark, behind)
        if at < 0:
            return


def _note(defects: list[str], defect: str) -> None:
    if defect not in defects:
        defects.append(defect)
