"""The line above a quote: `On Monday, 3 March 2025 at 10:00, Anna Björn <anna@acme.example> wrote:`.

It is told by what it holds (a verb of writing, a date, a time, an address, the colon at its end), not by its order,
because every program and every language has another.
"""

import re
from collections.abc import Sequence

from app.services.mail.quoting.phrases import phrases

_LONGEST = 400
_MOST_LINES = 4
_DATE = re.compile(
    r"\d{4}|\d{1,2}[./-]\s?\d{1,2}[./-]|\d{1,2}\.?\s(?:de\s)?[^\W\d]{3,12}|[^\W\d]{3,12}\.?\s\d{1,2}\b|\d{1,2}[月월]"
)
_TIME = re.compile(r"\b\d{1,2}\s?[:.hH時时시]\s?\d{2}\b")
_DATE_FIRST = re.compile(r"\W{0,3}(?:[^\W\d]{2,12}\W{1,3}){0,3}\d{1,4}[\W\d]")
_ENDS_IN_PERSON = re.compile(r"[>)\]\"'»]\s*[:\uff1a]\s*\Z")
_EVIDENCE = re.compile(r"[@\d]")
_COLONS = (":", "\uff1a")


def introduction_start(lines: Sequence[str], end: int, first: int, quote_follows: bool) -> int | None:
    """Where the introduction begins that ends with line `end`, None where that line ends none.

    It may be wrapped over some lines; none before `first` belongs to it. `quote_follows` says that lines marked with
    `>` come next, which makes weak signs enough.
    """
    if not quote_follows and not any(map(_EVIDENCE.search, lines[max(end - _MOST_LINES + 1, first) : end + 1])):
        return None
    joined, found = "", None
    for start in range(end, max(end - _MOST_LINES, first - 1), -1):
        line = lines[start].strip()
        if not line or len(line) > _LONGEST:
            break
        joined = f"{line} {joined}".replace("\xa0", " ").replace("\u202f", " ").strip()
        if len(joined) > _LONGEST:
            break
        if _is_introduction(joined, quote_follows):
            if _begins(joined):
                return start
            found = start if found is None else found
    return found


def may_end(line: str) -> bool:
    """A cheap first look: whether an introduction may end with this line."""
    if line.endswith(_COLONS):
        return True
    words = line.rstrip("-—*_ :").rsplit(None, 1)
    return bool(words) and words[-1].casefold() in phrases().last_words


def _begins(joined: str) -> bool:
    bare = joined.lstrip("-—*_ >\"'")
    return phrases().starts.match(bare) is not None or _DATE_FIRST.match(bare) is not None


def _is_introduction(joined: str, quote_follows: bool) -> bool:
    known = phrases()
    colon = joined.endswith(_COLONS)
    person = "@" in joined
    date = _DATE.search(joined) is not None
    if known.wrote_last.search(joined):
        return person or (date and _begins(joined)) or (colon and quote_follows)
    if not colon:
        return False
    time = _TIME.search(joined) is not None
    if known.wrote.search(joined):
        return person or (date and (time or quote_follows) and quote_follows)
    if person and date and time:
        return quote_follows or _ENDS_IN_PERSON.search(joined) is not None
    return person and _begins(joined) and (quote_follows or _ENDS_IN_PERSON.search(joined) is not None)
