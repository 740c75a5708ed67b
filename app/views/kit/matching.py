"""Finding things by a few typed letters. Pure: it needs no widget.

Every word that was typed must be in the name: its letters in their order, at best at the starts of words and beside
each other. Case and accents do not matter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.models.rules.folding import fold

Thing = TypeVar("Thing")
_START, _BESIDE, _ANYWHERE, _GAP = 8.0, 5.0, 1.0, 0.15
_WHOLE = 12.0


@dataclass(frozen=True, slots=True)
class Match:
    """How well a name fits, more being better, and the places of its letters that were typed."""

    score: float
    places: tuple[int, ...] = ()


def match(typed: str, name: str) -> Match | None:
    """How `name` fits what was typed; None where it does not. Nothing typed fits everything."""
    folded = fold(name)
    score = 0.0
    places: list[int] = []
    for word in fold(typed).split():
        found = _word(word, folded)
        if found is None:
            return None
        score += found.score
        places += found.places
    return Match(score - 0.01 * len(name), tuple(sorted(set(places))))


def best(typed: str, things: Iterable[tuple[str, Thing]], limit: int) -> list[tuple[Thing, Match]]:
    """The things whose names fit best, the best first; those that fit alike stay in their order."""
    fitting = [(thing, found) for name, thing in things if (found := match(typed, name)) is not None]
    if typed.strip():
        fitting.sort(key=lambda each: -each[1].score)
    return fitting[:limit]


def _word(word: str, name: str) -> Match | None:
    """As a piece of the name where it is one, else letter by letter."""
    at = _best_piece(word, name)
    if at is not None:
        whole = _WHOLE if _ends(name, at + len(word)) and _starts(name, at) else 0.0
        start = _START if _starts(name, at) else 0.0
        return Match(start + whole + _BESIDE * len(word), tuple(range(at, at + len(word))))
    return _scattered(word, name)


def _best_piece(word: str, name: str) -> int | None:
    """Where the name has the word, at a word's start if there is one."""
    places = []
    at = name.find(word)
    while at >= 0:
        places.append(at)
        at = name.find(word, at + 1)
    return next((each for each in places if _starts(name, each)), places[0] if places else None)


def _scattered(word: str, name: str) -> Match | None:
    """Initials and other letters in their order: `rta` is `Reply To All`."""
    score, at = 0.0, 0
    places: list[int] = []
    for letter in word:
        here = _next_start(letter, name, at)
        if here is None:
            here = name.find(letter, at)
        if here < 0:
            return None
        beside = bool(places) and here == places[-1] + 1
        score += _START / 2 if _starts(name, here) else _BESIDE / 2 if beside else _ANYWHERE
        score -= _GAP * (here - at)
        places.append(here)
        at = here + 1
    spread = places[-1] - places[0] + 1
    return Match(score, tuple(places)) if spread <= 6 * len(word) + 12 else None


def _next_start(letter: str, name: str, at: int) -> int | None:
    return next((place for place in range(at, len(name)) if name[place] == letter and _starts(name, place)), None)


def _starts(name: str, place: int) -> bool:
    return place == 0 or not name[place - 1].isalnum()


def _ends(name: str, place: int) -> bool:
    return place >= len(name) or not name[place].isalnum()


def spans(places: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring places put together as (start, stop), to be marked."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
    return found


def highlights(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where `text` has words that begin as one of `words` does, as (start, stop) in their order."""
    folded, found = fold(text), []
    for word in filter(None, map(fold, words)):
        at = folded.find(word)
        while at >= 0:
            if _starts(folded, at):
                found.append((at, at + len(word)))
            at = folded.find(word, at + 1)
    return sorted(set(found))
