"""The search language: `from:anna app:portal is:open -tag:vpn "blank pages"`. Pure.

Operators are known by English and German names. What is none is searched for as it stands, by full text.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.models.errors import KnownError


class Operator(StrEnum):
    """What can be asked for by name. The value is the English name."""

    FROM = "from"
    APPLICATION = "app"
    TEAM = "team"
    ASSIGNEE = "assignee"
    LEVEL = "level"
    PRIORITY = "priority"
    STATUS = "status"
    IS = "is"
    TAG = "tag"
    CHANNEL = "channel"
    HAS = "has"
    OPENED = "opened"
    UPDATED = "updated"
    DUE = "due"


SYNONYMS: Mapping[str, Operator] = {
    **{each.value: each for each in Operator},
    "requester": Operator.FROM,
    "application": Operator.APPLICATION,
    "prio": Operator.PRIORITY,
    "von": Operator.FROM,
    "anwendung": Operator.APPLICATION,
    "bearbeiter": Operator.ASSIGNEE,
    "ebene": Operator.LEVEL,
    "stufe": Operator.LEVEL,
    "priorität": Operator.PRIORITY,
    "prioritaet": Operator.PRIORITY,
    "ist": Operator.IS,
    "schlagwort": Operator.TAG,
    "kanal": Operator.CHANNEL,
    "hat": Operator.HAS,
    "eröffnet": Operator.OPENED,
    "eroeffnet": Operator.OPENED,
    "geändert": Operator.UPDATED,
    "geaendert": Operator.UPDATED,
    "frist": Operator.DUE,
}
"""Every name of every operator."""

_TOKEN = re.compile(r'(-?)([^\s:"]+):("[^"]*"?|\S*)|(-?"[^"]*"?|\S+)')
_URGENT = re.compile(r"^(-?)(p[1-4])$", re.IGNORECASE)
_WEB = ("http", "https", "mailto")


@dataclass(frozen=True, slots=True)
class Term:
    """One operator with its value; `negated` leaves out what it asks for."""

    operator: Operator
    value: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What was typed, taken apart. `words` are for the full-text search, as they were typed."""

    terms: tuple[Term, ...] = ()
    words: str = ""

    @property
    def plain_words(self) -> tuple[str, ...]:
        """The words that are looked for, to be marked where they are found."""
        found = re.findall(r'(-?)(?:"([^"]+)"|(\S+))', self.words)
        return tuple(phrase or word for minus, phrase, word in found if not minus)


def read_query(typed: str) -> SearchQuery:
    """Take apart what was typed. `KnownError` `search.unknown_operator` (which, and those that are known).

    A time (12:30), an address of the web, and a name before a colon that ends the word are no operators.
    """
    terms, words = [], []
    for minus, name, value, other in _TOKEN.findall(unicodedata.normalize("NFC", typed)):
        if not name:
            if urgent := _URGENT.match(other):
                terms.append(Term(Operator.PRIORITY, urgent[2], bool(urgent[1])))
            else:
                words.append(other)
        elif name.isdigit() or name.lower() in _WEB or not value.strip('"'):
            words.append(f"{minus}{name}:{value}")
        elif name.lower() in SYNONYMS:
            terms.append(Term(SYNONYMS[name.lower()], value.strip('"'), bool(minus)))
        else:
            known = ", ".join(f"{each.value}:" for each in Operator)
            raise KnownError("search.unknown_operator", operator=f"{name}:", known=known)
    return SearchQuery(tuple(terms), " ".join(words))


def unfinished(typed: str) -> tuple[str, str]:
    """What stands before the word that is being typed, and that word; quotes that are open are one word."""
    end = typed.rfind('"') if typed.count('"') % 2 else len(typed)
    at = typed.rfind(" ", 0, end) + 1
    return typed[:at], typed[at:]
