"""How mail programs of many languages mark a quote, from `resources/quoting/*.toml`.

A mail may be written in one language, quoted by a program in a second and answered in a third: all count at once.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from app.services.resources import resources

_LABELS = ("from", "sent", "to", "cc", "subject")


@dataclass(frozen=True)
class Phrases:
    """All languages together; every phrase is case-folded, but for `starts`.

    `labels` maps the words before a colon to what they label (`von` -> `from`). `last_words` are the last words of the
    verbs. `mobile` is keyed by the first three characters, for speed.
    """

    starts: re.Pattern[str]
    wrote: re.Pattern[str]
    wrote_last: re.Pattern[str]
    last_words: frozenset[str]
    labels: Mapping[str, str]
    original: frozenset[str]
    forwarded: frozenset[str]
    forwarded_by: tuple[str, ...]
    mobile: Mapping[str, tuple[str, ...]]
    closings: frozenset[str]
    above: tuple[str, ...]


@cache
def phrases() -> Phrases:
    """The phrases of all languages, read once."""
    entries = sorted(resources().joinpath("quoting").iterdir(), key=lambda entry: entry.name)
    tables = [tomllib.loads(entry.read_text(encoding="utf-8")) for entry in entries if entry.name.endswith(".toml")]
    all_of = {key: [each for table in tables for each in table[key]] for key in tables[0]}
    verbs = "|".join(map(_word, sorted(set(all_of["wrote"]), key=len, reverse=True)))
    starts = "|".join(map(_word, sorted(set(all_of["starts"]), key=len, reverse=True)))
    return Phrases(
        starts=re.compile(f"(?:{starts})"),
        wrote=re.compile(f"(?:{verbs})", re.IGNORECASE),
        wrote_last=re.compile(rf"(?:{verbs})\s*[:\uff1a]?[\s*_—-]*\Z", re.IGNORECASE),
        last_words=frozenset(each.casefold().split()[-1] for each in all_of["wrote"]),
        labels={name.casefold(): label for label in reversed(_LABELS) for name in all_of[label]},
        original=_folded(all_of["original"]),
        forwarded=_folded(all_of["forwarded"]),
        forwarded_by=tuple(sorted(_folded(all_of["forwarded"]))),
        mobile=_by_beginning(all_of["mobile"]),
        closings=_folded(all_of["closings"]),
        above=tuple(sorted(_folded(all_of["above"]))),
    )


def _word(phrase: str) -> str:
    """A pattern that finds a phrase as a whole word; Chinese, Japanese and Korean put no space around it."""
    pattern = re.escape(phrase)
    if not phrase[0].isalpha() or phrase[0] >= "\u3000":
        return pattern
    return rf"(?<!\w){pattern}(?!\w)" if phrase[-1].isalnum() else rf"(?<!\w){pattern}"


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(each.casefold() for each in words)


def _by_beginning(words: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for each in sorted(_folded(words)):
        found.setdefault(each[:3], []).append(each)
    return {beginning: tuple(each) for beginning, each in found.items()}
