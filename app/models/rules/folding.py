"""Letters without capitals and accents, so that what is typed in haste is found. Pure."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=20_000)
def fold(words: str) -> str:
    """Lower case without accents, letter by letter: places in it are places in `words`."""
    return "".join(_fold_letter(each) for each in words)


def _fold_letter(letter: str) -> str:
    base = unicodedata.normalize("NFKD", letter)[:1].lower()
    return base if len(base) == 1 else letter
