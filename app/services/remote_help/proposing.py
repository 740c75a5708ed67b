"""Which scripts may help with a ticket, and why."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.models.records.scripts import Manifest
from app.models.rules.folding import fold

_WORD = re.compile(r"\w+(?:-\w+)*")
_IN_SUBJECT, _IN_TEXT, _BY_CATEGORY = 3, 1, 4


@dataclass(frozen=True, slots=True)
class Proposal:
    """`category` and `words` are the reason: the ticket's category, the words of it as the ticket has them."""

    script: str
    category: str
    words: tuple[str, ...]
    score: int


def propose(
    manifests: Iterable[Manifest], *, subject: str, text: str, category: str, most: int = 5
) -> tuple[Proposal, ...]:
    """The best first: the category counts most, words of the subject more than those of the text, each once."""
    in_subject, in_text = _words(subject), _words(text)
    found = []
    for manifest in manifests:
        wanted = [tuple(map(fold, _WORD.findall(each))) for words in manifest.proposed.words.values() for each in words]
        begun = [each.endswith("*") for words in manifest.proposed.words.values() for each in words]
        phrases = [(phrase, open_) for phrase, open_ in zip(wanted, begun, strict=True) if phrase]
        named = category if category and category in manifest.proposed.categories else ""
        hit = _hits(in_subject, phrases)
        also = {key: words for key, words in _hits(in_text, phrases).items() if key not in hit}
        score = _IN_SUBJECT * len(hit) + _IN_TEXT * len(also) + (_BY_CATEGORY if named else 0)
        if score:
            found.append(Proposal(manifest.id, named, (*hit.values(), *also.values()), score))
    return tuple(sorted(found, key=lambda each: (-each.score, each.script))[:most])


def _words(text: str) -> list[tuple[str, str]]:
    """In their order, folded and as they are written."""
    return [(fold(word), word) for word in _WORD.findall(text)]


def _hits(words: Sequence[tuple[str, str]], phrases: Iterable[tuple[tuple[str, ...], bool]]) -> dict[str, str]:
    """What of the phrases stands there: as it is written, by its folded form, in order. The last word of a phrase that
    is open may go on."""
    found: dict[str, str] = {}
    known = list(phrases)
    for place, (first, _) in enumerate(words):
        for phrase, is_open in known:
            if not (first == phrase[0] or (is_open and len(phrase) == 1 and first.startswith(phrase[0]))):
                continue
            here = words[place : place + len(phrase)]
            folded = tuple(each for each, _ in here)
            last = folded[-1].startswith(phrase[-1]) if is_open else folded[-1] == phrase[-1]
            if len(here) == len(phrase) and folded[:-1] == phrase[:-1] and last:
                found.setdefault(" ".join(folded), " ".join(written for _, written in here))
    return found
