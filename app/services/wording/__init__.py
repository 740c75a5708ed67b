"""Words for people, in their language: `resources/text/<language>/*.toml`, one key an entry.

Every face (window, command line, mail templates) takes its words from here, so a language is added by adding
a folder. A key that a language lacks is told in English; one that English lacks shows as itself, and a test
sees to it that none does. The language is the one thing set once for a process, at its start.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from app.models.errors import KnownError
from app.services.resources import resources

FALLBACK = "en"
_language = FALLBACK


def languages() -> tuple[str, ...]:
    """The languages there are, by their ISO 639-1 code."""
    return tuple(sorted(entry.name for entry in resources().joinpath("text").iterdir() if entry.is_dir()))


def use_language(code: str) -> None:
    """Speak `code` from now on; an unknown one falls back to English."""
    global _language  # noqa: PLW0603 - the one setting of a whole process, as gettext has it
    _language = code if code in languages() else FALLBACK


def system_language(environment: Mapping[str, str]) -> str:
    """The language that the desktop speaks, by its ISO 639-1 code; empty where it does not say."""
    told = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return told[:2].lower()


def language() -> str:
    """The language spoken now, by its ISO 639-1 code."""
    return _language


def tr(key: str, /, **facts: object) -> str:
    """The words of `key` (`queue.title`), with `facts` in their places: `{count}`."""
    words = catalogue(_language).get(key) or catalogue(FALLBACK).get(key)
    return words.format_map(_Facts(facts)) if words is not None else key


def tr_or(key: str, otherwise: str) -> str:
    """The words of `key` where the language spoken has them, else `otherwise`.

    For words that stand in the code in English, as the titles of a connector's settings do.
    """
    return catalogue(_language).get(key) or otherwise


def tr_error(error: KnownError) -> str:
    """What happened and what to do, in one sentence or two."""
    return tr(f"error.{error.code}", **error.facts)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All entries of one language, by dotted key."""
    entries: dict[str, str] = {}
    for file in sorted(resources().joinpath("text", language).iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            entries.update(_flat(tomllib.loads(file.read_text(encoding="utf-8"))))
    return entries


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)


class _Facts(dict[str, object]):
    """Leaves a place as it stands where a fact is missing: a gap in a sentence beats no sentence."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"
