"""Which scripts may help with a ticket, and why."""

import re
from collections.abc import Iterable
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
    """The best first: the category counts most, a word of the subject more than one of the text, each once."""
    in_subject, in_text = _words(subject), _words(text)
    found = []
    for manifest in manifests:
        wanted = {fold(word) for words in manifest.proposed.words.values() for word in words}
        named = category if category and category in manifest.proposed.categories else ""
        hit = [word for word in in_subject if _meant(word, wanted)]
        also = [word for word in in_text if word not in in_subject and _meant(word, wanted)]
        score = _IN_SUBJECT * len(hit) + _IN_TEXT * len(also) + (_BY_CATEGORY if named else 0)
        if score:
            shown = tuple([in_subject[each] for each in hit] + [in_text[each] for each in also])
            found.append(Proposal(manifest.id, named, shown, score))
    return tuple(sorted(found, key=lambda each: (-each.score, each.script))[:most])


def _words(text: str) -> dict[str, str]:
    """As they are written, by their folded form, in order."""
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        found.setdefault(fold(word), word)
    return found


def _meant(word: str, wanted: set[str]) -> bool:
    return word in wanted or any(each.endswith("*") and word.startswith(each[:-1]) for each in wanted)
