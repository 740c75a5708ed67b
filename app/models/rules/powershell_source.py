"""A PowerShell script as text: what of it is code, and which parameters its param block asks for.

No parser of the language: enough of one to tell code from strings and comments, so that a rule looks at code alone.
https://learn.microsoft.com/powershell/scripting/lang-spec/chapter-02
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<block><\#.*?\#>)
  | (?P<here>@'[ \t]*\r?\n.*?\n'@ | @"[ \t]*\r?\n.*?\n"@)
  | (?P<plain>'(?:[^']|'')*')
  | (?P<expanded>"(?:`.|""|[^"`])*")
  | (?P<comment>(?<![\w-])\#[^\n]*)
  | (?P<escape>`.)
  | (?P<open><\#|['"])
    """,
    re.VERBOSE | re.DOTALL,
)
_BEGINS = re.compile(r"\s*(?:\[CmdletBinding\((?P<binding>[^()]*)\)\]\s*)?param\s*\(", re.IGNORECASE)
_NAME = re.compile(r"\$(\w+)\s*(?:=|$)")
_TYPE = re.compile(r"\[([\w.\[\]]+)\]\s*$")
_PAIRS = {")": "(", "]": "[", "}": "{"}


class Text(NamedTuple):
    """A string of the script: where it stands, with its quotes; whether what is in it is expanded."""

    start: int
    text: str
    expands: bool


@dataclass(frozen=True)
class Asked:
    """A parameter of the param block: its name without `$`, its type in lower case, and all that stands before it."""

    name: str
    kind: str
    attributes: str
    start: int


@dataclass(frozen=True)
class Source:
    """`code` is as long as `text`, with blanks for comments and for what is in strings.

    `binding` is what stands in CmdletBinding; `asked` is None where the script does not begin with a param block,
    `rest` where its code goes on behind that. `unclosed` is where a string or comment begins that does not end.
    """

    text: str
    code: str
    strings: tuple[Text, ...]
    unclosed: int | None
    binding: str
    asked: tuple[Asked, ...] | None
    rest: int

    def line(self, position: int) -> int:
        return self.text.count("\n", 0, position) + 1


def read(text: str) -> Source:
    code, strings, unclosed = _code(text)
    begins = _BEGINS.match(code)
    end = _closing(code, begins.end() - 1) if begins else None
    if begins is None or end is None:
        return Source(text, code, strings, unclosed, "", None, 0)
    asked = tuple(_asked(text, code, start, stop) for start, stop in _pieces(code, begins.end(), end))
    return Source(text, code, strings, unclosed, begins["binding"] or "", asked, end + 1)


def _code(text: str) -> tuple[str, tuple[Text, ...], int | None]:
    strings: list[Text] = []
    unclosed: list[int] = []

    def blank(found: re.Match[str]) -> str:
        told = found[0]
        if found["open"]:
            unclosed.append(found.start())
        if found["escape"] or found["open"]:
            return told
        if found["comment"] or found["block"]:
            return re.sub(r"[^\n]", " ", told)
        expands = told.startswith(('"', '@"'))
        strings.append(Text(found.start(), told, expands))
        return told[0] + re.sub(r"[^\n]", " ", told[1:-1]) + told[-1]

    code = _TOKEN.sub(blank, text)
    return code, tuple(strings), unclosed[0] if unclosed else None


def _closing(code: str, opening: int) -> int | None:
    """Where the bracket closes that opens there."""
    depth: list[str] = []
    for position in range(opening, len(code)):
        letter = code[position]
        if letter in _PAIRS.values():
            depth.append(letter)
        elif letter in _PAIRS:
            if not depth or depth.pop() != _PAIRS[letter]:
                return None
            if not depth:
                return position
    return None


def _pieces(code: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts between commas that lie in no bracket."""
    depth, begin = 0, start
    for position in range(start, end):
        letter = code[position]
        depth += (letter in _PAIRS.values()) - (letter in _PAIRS)
        if letter == "," and depth == 0:
            yield begin, position
            begin = position + 1
    if code[begin:end].strip():
        yield begin, end


def _asked(text: str, code: str, start: int, end: int) -> Asked:
    piece = code[start:end].rstrip()
    found = _NAME.search(piece)
    before = piece[: found.start()] if found else piece
    kind = _TYPE.search(before.rstrip())
    name_at = start + (found.start() if found else len(piece) - len(piece.lstrip()))
    told = text[start : start + len(before)]
    return Asked(found[1] if found else "", kind[1].lower() if kind else "", told, name_at)
