"""Taking a person out of a text, a page or a stored value, and leaving what is said of the matter.

Addresses and numbers are theirs alone and are replaced wherever they stand. A name may be somebody else's too: it, and
each part of it, is replaced only in what is known to be about them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_SHORTEST_PART = 3
_FEWEST_DIGITS = 6
_BETWEEN = r"[\s()/.\-\u00a0]*"


@dataclass(frozen=True)
class Redaction:
    """`numbers` as E.164 or as they were typed. `word` stands where they stood."""

    name: str
    addresses: frozenset[str]
    numbers: frozenset[str]
    word: str
    _known: "re.Pattern[str] | None" = field(init=False)
    _named: "re.Pattern[str] | None" = field(init=False)

    def __post_init__(self) -> None:
        known = [*(_address(each) for each in _longest_first(self.addresses)), *map(_number, self._dialled())]
        object.__setattr__(self, "_known", re.compile("|".join(known), re.IGNORECASE) if known else None)
        parts = [rf"(?<!\w){re.escape(each)}(?!\w)" for each in _longest_first(_parts(self.name))]
        object.__setattr__(self, "_named", re.compile("|".join(parts)) if parts else None)

    def text(self, text: str, *, about_them: bool) -> str:
        """`text` without them; with `about_them` without their name as well."""
        if self._known is not None:
            text = self._known.sub(self.word, text)
        if about_them and self._named is not None:
            text = self._named.sub(self.word, text)
        return text

    def value(self, value: object, *, about_them: bool) -> object:
        """The same for JSON: every text in it, however deep; the names of fields stay."""
        if isinstance(value, str):
            return self.text(value, about_them=about_them)
        if isinstance(value, dict):
            return {name: self.value(each, about_them=about_them) for name, each in value.items()}
        if isinstance(value, list):
            return [self.value(each, about_them=about_them) for each in value]
        return value

    def _dialled(self) -> list[str]:
        return [each for each in _longest_first(self.numbers) if sum(map(str.isdigit, each)) >= _FEWEST_DIGITS]


def _longest_first(found: Iterable[str]) -> list[str]:
    """So that `ann@x.example` does not take a bite out of `joann@x.example.org`'s own entry."""
    return sorted({each for each in found if each.strip()}, key=lambda each: (-len(each), each))


def _address(address: str) -> str:
    return rf"(?<![\w.+\-]){re.escape(address)}(?![\w\-]|\.\w)"


def _number(number: str) -> str:
    """However its digits are grouped; a number with its country also as it is dialled within it, with a 0 before."""
    digits = [each for each in number if each.isdigit()]
    whole = _BETWEEN.join(digits)
    if not number.startswith("+"):
        return rf"(?<!\d){whole}(?!\d)"
    inland = "|".join(f"0{_BETWEEN}{_BETWEEN.join(digits[length:])}" for length in (3, 2, 1))
    return rf"(?<!\d)(?:(?:\+|00){_BETWEEN}{whole}|{inland})(?!\d)"


def _parts(name: str) -> list[str]:
    """The name, and each of its words that is long enough to be one and is written as one."""
    words = re.findall(r"[\w'\u2019\-]+", name)
    single = [each for each in words if len(each) >= _SHORTEST_PART and each[0].isupper()]
    return [name.strip(), *single]
