"""Text with the little formatting that an answer needs. Bigger things than these have no place in one."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a paragraph is: plain, a line of a list, or a line of code."""

    TEXT = "text"
    BULLET = "bullet"
    NUMBER = "number"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Style:
    """How letters look. `href` is where a link leads."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    code: bool = False
    href: str = ""


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one style; or a picture, by its content id, whose `text` is then what it shows in words."""

    text: str
    style: Style = PLAIN
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line as it was typed. `depth` is that of a list, 1 for the outermost; `quote` how deep it is quoted."""

    runs: tuple[Run, ...] = ()
    kind: Kind = Kind.TEXT
    depth: int = 0
    quote: int = 0

    @property
    def text(self) -> str:
        return "".join(each.text for each in self.runs)

    @property
    def is_empty(self) -> bool:
        """A blank line."""
        return self.kind is Kind.TEXT and not any(each.text.strip() or each.picture for each in self.runs)

    @property
    def is_plain(self) -> bool:
        """Whether nothing would be lost by writing it as plain text."""
        styled = any(each.style != PLAIN or each.picture for each in self.runs)
        return self.kind is Kind.TEXT and not self.quote and not styled
