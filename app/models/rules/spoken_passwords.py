"""Passwords that are told on the phone and typed once: long, easy to say, alike on an English and a German keyboard.

`Bakotu-Mefisa-Lupo-4827`: syllables of a consonant and a vowel without letters that move between keyboards (y, z) or
look like another (l before a digit does, so digits stand alone and are never 0 or 1).
"""

import math
from collections.abc import Callable, Sequence

_CONSONANTS, _VOWELS, _DIGITS = "bdfghjkmnprstvw", "aeiou", "23456789"
_WORD = 3
"""Syllables of a word."""

_SYLLABLES, _NUMBERS = 8, 4
"""At least: 59 bits of chance."""
Choice = Callable[[Sequence[str]], str]


def spoken_password(choice: Choice, least: int, without: Sequence[str] = ()) -> str:
    """At least `least` letters, of all four kinds that a directory may ask for, and nothing of `without`.

    `choice` picks one of a sequence at random: `secrets.choice`. `without` are names that must not stand in it
    (Microsoft, "Password must meet complexity requirements"); shorter ones than three letters do not count.
    """
    names = [each.casefold() for each in without if len(each) >= 3]
    while True:
        made = _made(choice, least)
        if not any(each in made.casefold() for each in names):
            return made


def _syllables(least: int) -> int:
    return max(_SYLLABLES, math.ceil((least - _NUMBERS) / 2))


def _made(choice: Choice, least: int) -> str:
    syllables = [choice(_CONSONANTS) + choice(_VOWELS) for _ in range(_syllables(least))]
    words = ["".join(syllables[start : start + _WORD]).capitalize() for start in range(0, len(syllables), _WORD)]
    return "-".join([*words, "".join(choice(_DIGITS) for _ in range(_NUMBERS))])
