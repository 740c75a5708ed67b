"""What is written as a manifest is read as the same one, whatever stands in it."""

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from app.models.records.desk import Role
from app.models.records.scripts import Category, Concurrency, Known, Manifest, OutputKind, Risk
from app.services.remote_help.library import built_in, package_of
from app.services.remote_help.writing import told_of, toml_of

TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
HARD = st.sampled_from(
    ['"""', "'''", "\\", 'a"\\\n', "\n\n", "\r\n", "\t", "\x00\x1b\x7f", "é\u2028☃", " x ", "{name}"]
)
WORDS = TEXT | HARD | st.builds(str.__add__, HARD, TEXT)
KEYS = TEXT.filter(bool) | HARD
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
IDS = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)


def text(least: int, most: int) -> st.SearchStrategy[str]:
    return WORDS.map(lambda words: (words + "x" * least)[:most])


def some(values: st.SearchStrategy[Any], most: int = 3, least: int = 0) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, min_size=least, max_size=most).map(tuple)


PAIRS = st.dictionaries(KEYS, WORDS, max_size=3)
PROGRAMS = st.one_of(
    st.fixed_dictionaries({"transport": st.just("local"), "file": st.just("a.py")}),
    st.fixed_dictionaries({"transport": st.just("ssh"), "shell": st.just("python"), "file": st.just("x.py")}),
    st.fixed_dictionaries({"transport": st.just("winrm")}),
    st.fixed_dictionaries({"transport": st.just("directory"), "operation": st.sampled_from(["unlock", "groups"])}),
    st.fixed_dictionaries(
        {
            "transport": st.just("http"), "method": st.just("POST"), "path": st.just("/a/{b}"), "query": PAIRS,
            "headers": PAIRS, "body": st.none() | st.dictionaries(KEYS, WORDS | st.integers(-9, 9) | st.booleans(),
            max_size=3), "rows": WORDS, "show": PAIRS,
        }
    ),
    st.fixed_dictionaries({"transport": st.just("sql"), "statement": text(6, 200), "most_rows": st.integers(1, 99)}),
    st.fixed_dictionaries(
        {
            "transport": st.just("session"), "tool": WORDS,
            "start": st.dictionaries(st.sampled_from(["win32", "linux", "darwin"]), some(some(WORDS, least=1))),
            "hint": st.fixed_dictionaries({"en": WORDS}, optional={"de": WORDS}),
        }
    ),
)  # fmt: skip
LABELS = st.dictionaries(KEYS, WORDS, max_size=2).map(lambda told: told | {"en": "Label"})
PARAMETERS = st.fixed_dictionaries(
    {
        "name": NAMES, "type": st.sampled_from(["text", "int", "flag", "host", "user", "file"]), "label": LABELS,
        "hint": PAIRS, "required": st.booleans(), "default": st.none() | WORDS | st.integers(-5, 5) | st.booleans(),
        "from": st.none() | st.sampled_from([each.value for each in Known]),
        "pattern": st.none() | st.just(r"[^\x00-\x1f]*"), "max_length": st.integers(1, 1000),
        "least": st.none() | st.integers(-5, 5), "most": st.none() | st.integers(-5, 5), "choices": some(WORDS),
        "choices_from": st.none() | st.fixed_dictionaries({"script": WORDS, "column": WORDS}),
        "max_bytes": st.integers(1, 1000),
    }
)  # fmt: skip
SPOKEN = st.fixed_dictionaries(
    {
        "name": text(3, 60), "description": text(10, 600), "changes": text(3, 600), "undo": text(3, 600),
        "confirm": text(1, 300), "note": text(0, 1000),
    }
)  # fmt: skip


def whole(told: dict[str, Any]) -> Manifest:
    """A session takes no file: a command line is there for all to see."""
    if told["program"]["transport"] == "session":
        told = told | {"parameters": [each for each in told["parameters"] if each["type"] != "file"]}
    return Manifest.model_validate(told)


MANIFESTS = st.fixed_dictionaries(
    {
        "id": IDS, "version": st.just("1.0"), "author": text(0, 200), "program": PROGRAMS,
        "category": st.sampled_from([each.value for each in Category]), "risk": st.sampled_from(list(map(str, Risk))),
        "level": st.integers(1, 3), "role": st.sampled_from(list(map(str, Role))), "run_as": text(0, 60),
        "takes_target": st.just(False), "target_from": st.none() | st.sampled_from(list(map(str, Known))),
        "platforms": some(st.sampled_from(["windows", "linux", "darwin"])),
        "parameters": st.lists(PARAMETERS, max_size=3, unique_by=lambda each: each["name"]),
        "approval": st.booleans(), "consent": st.booleans(), "timeout": st.integers(1, 9000),
        "success_codes": some(st.integers(-3, 300)), "concurrency": st.sampled_from(list(map(str, Concurrency))),
        "output": st.sampled_from(list(map(str, OutputKind))), "dry_run": st.booleans(),
        "text": st.dictionaries(KEYS, SPOKEN, max_size=2).flatmap(
            lambda told: SPOKEN.map(lambda english: told | {"en": english})),
        "proposed": st.fixed_dictionaries(
            {"categories": some(WORDS), "words": st.dictionaries(KEYS, some(WORDS), max_size=2)}),
        "follow_up": st.fixed_dictionaries({"canned_reply": WORDS, "scripts": some(WORDS)}),
    }
).map(whole)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(MANIFESTS)
def test_what_is_written_is_read_as_the_same(manifest: Manifest) -> None:
    written = toml_of(told_of(manifest))
    assert Manifest.model_validate(tomllib.loads(written)) == manifest
    assert toml_of(told_of(Manifest.model_validate(tomllib.loads(written)))) == written


@pytest.mark.parametrize("key", sorted(built_in()))
def test_what_ships_says_the_same_when_it_is_written_anew(key: str) -> None:
    package = built_in()[key]
    written = toml_of(told_of(package.manifest))
    assert package_of(key, {**package.files, "script.toml": written.encode()}).manifest == package.manifest
    tables = [line for line in written.splitlines() if line.startswith("[")]
    assert tables[0] == "[program]"
    assert tables[-1].startswith("[text.")
