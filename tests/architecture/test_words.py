"""Every word that the code asks for is there, in every language, with the same facts in it."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest

from app.models.records.desk import Level
from app.models.records.mail import MailKind
from app.models.records.tickets import Delivery, LinkKind, Priority, Status
from app.services.channels.registry import kinds, manifest
from app.services.wording import FALLBACK, catalogue, languages
from tests.architecture.source import ROOT, Module, modules
from tests.architecture.words import Use, uses

OTHERS = [language for language in languages() if language != FALLBACK]
_PLACE = re.compile(r"\{(\w*)")

CHOSEN = {"de": {"passwort": "Kennwort", "passwört": "Kennwort"}}
"""Where a language has two words for one thing: the one that is not used, and the one that is."""


def facts_in(words: str) -> set[str]:
    return set(_PLACE.findall(words))


def in_english_in_the_code() -> set[str]:
    """The keys of the titles and descriptions of connectors' settings: their models have the English ones."""
    return {
        f"{group}.{kind}.{name}"
        for kind in kinds()
        for name, field in manifest(kind).config.model_fields.items()
        for group, words in (("setting", field.title), ("hint", field.description))
        if words
    }


def without_words(module: Module, english: Mapping[str, str]) -> Iterator[str]:
    for use in uses(module, english):
        if not _has(use, english):
            yield f"{use.where}{use.key}{'…' if use.is_prefix else ''}"


def _has(use: Use, english: Mapping[str, str]) -> bool:
    if use.is_prefix:
        return any(key.startswith(use.key) for key in english)
    return use.key in english or use.otherwise in english


def with_gaps(module: Module, english: Mapping[str, str]) -> Iterator[str]:
    """Sentences that name a fact which the code does not give."""
    for use in uses(module, english):
        if use.facts is not None and use.key in english and (missing := facts_in(english[use.key]) - use.facts):
            yield f"{use.where}{use.key} lacks {', '.join(sorted(missing))}"


def test_whatever_the_code_asks_for_exists_in_english() -> None:
    missing = [told for module in modules() for told in dict.fromkeys(without_words(module, catalogue(FALLBACK)))]
    if missing:
        pytest.fail("add these to resources/text/en and every other language:\n" + "\n".join(missing), pytrace=False)


def test_whatever_a_sentence_names_is_given_to_it() -> None:
    assert [told for module in modules() for told in with_gaps(module, catalogue(FALLBACK))] == []


@pytest.mark.parametrize("language", OTHERS)
def test_another_language_has_the_same_keys(language: str) -> None:
    english, other = catalogue(FALLBACK).keys() | in_english_in_the_code(), catalogue(language).keys()
    assert {"missing": sorted(english - other), "too many": sorted(other - english)} == {"missing": [], "too many": []}


@pytest.mark.parametrize("language", OTHERS)
def test_another_language_names_the_same_facts(language: str) -> None:
    english, other = catalogue(FALLBACK), catalogue(language)
    assert [key for key in english.keys() & other.keys() if facts_in(english[key]) != facts_in(other[key])] == []


@pytest.mark.parametrize("language", languages())
def test_no_sentence_is_empty(language: str) -> None:
    assert [key for key, words in catalogue(language).items() if not words.strip()] == []


@pytest.mark.parametrize("language", CHOSEN)
def test_one_thing_has_one_word(language: str) -> None:
    told = {**catalogue(language), **dict(_of_scripts(language))}
    other = [key for key, words in told.items() for word in CHOSEN[language] if word in words.casefold()]
    assert other == []


@pytest.mark.parametrize("language", languages())
def test_three_dots_stand_apart_from_the_word_before_them(language: str) -> None:
    assert [key for key, words in catalogue(language).items() if re.search(r"\w…", words)] == []


def _of_scripts(language: str) -> Iterator[tuple[str, str]]:
    """What the scripts that ship say of themselves."""
    for file in (ROOT / "resources" / "scripts").glob("*/script.toml"):
        text = tomllib.loads(file.read_text(encoding="utf-8"))["text"][language]
        yield from ((f"{file.parent.name}: {key}", str(words)) for key, words in text.items())


@pytest.mark.parametrize("language", languages())
def test_no_key_is_defined_in_two_files(language: str) -> None:
    files = sorted((ROOT / "resources" / "text" / language).glob("*.toml"))
    keys = Counter(key for file in files for key in _flat(tomllib.loads(file.read_text(encoding="utf-8"))))
    assert [key for key, times in keys.items() if times > 1] == []


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


@pytest.mark.parametrize(
    ("group", "members"),
    [
        ("status", [each.value for each in Status]),
        ("priority", [each.name for each in Priority]),
        ("level", [each.name for each in Level]),
        ("delivery", [each.value for each in Delivery]),
        ("link", [each.value for each in LinkKind]),
        ("reason", [f"kind_{each.value}" for each in MailKind if each is not MailKind.MAIL]),
    ],
)
def test_every_value_of_a_choice_has_words(group: str, members: list[str]) -> None:
    english = catalogue(FALLBACK)
    assert [f"{group}.{each}" for each in members if f"{group}.{each}" not in english] == []


BROKEN = Module(
    "app/views/broken.py",
    'tr("nowhere.here", count=1)\nConflict("late" if a else "later")\ntr(f"none.{x}")\nIncoming(a, None, 1, "odd")\n'
    'tr("known.one")\nword = "known.two"',
)


def test_what_is_missing_is_told_with_its_place() -> None:
    english = {"known.one": "{count} of {all}"}
    assert [told.split(": ")[-1] for told in without_words(BROKEN, english)] == [
        "nowhere.here", "error.late", "error.later", "none.…", "quarantine.odd", "known.two",
    ]  # fmt: skip
    assert list(with_gaps(BROKEN, english)) == ["app/views/broken.py:5: known.one lacks all, count"]
