"""Every field of a manifest has its line, and what stands in a line is read as what it was."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from app.models.records.scripts import Manifest, Parameter, Transport, Words
from app.services.remote_help.library import built_in
from app.services.remote_help.writing import told_of
from app.views.script_library import manifest_lines as lines
from app.views.script_library.manifest_lines import PROGRAMS, Kind, Line, entered, get, put, shown

TEXT = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(
    ["=", '"', '"a" = b', " x ", "a, b", "true", "5", "a\nb", "'", "$(x)", "\\", '["a"]', "", "[", '"x" y']
)
NAMES = TEXT.filter(lambda text: bool(text.strip()))
SCALARS = TEXT | st.integers(-99, 99) | st.booleans()
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.LONG: TEXT,
    Kind.WHOLE: st.integers(-999, 999),
    Kind.SWITCH: st.booleans(),
    Kind.VALUE: SCALARS,
    Kind.LIST: st.lists(TEXT.filter(bool)),
    Kind.NUMBERS: st.lists(st.integers(-5, 500)),
    Kind.PAIRS: st.dictionaries(NAMES, TEXT, max_size=3),
    Kind.VALUES: st.dictionaries(NAMES, SCALARS, max_size=3),
    Kind.LISTS: st.dictionaries(NAMES, st.lists(TEXT, max_size=3), max_size=3),
    Kind.FORMS: st.dictionaries(NAMES, st.lists(st.lists(TEXT, max_size=3), min_size=1, max_size=2), max_size=2),
}


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(VALUES)).flatmap(lambda kind: st.tuples(st.just(kind), VALUES[kind])))
def test_what_stands_in_a_line_is_read_as_what_it_was(told: tuple[Kind, Any]) -> None:
    kind, value = told
    line = Line(("x",), kind, needed=True)
    assert entered(line, shown(line, value)) == value


def all_lines() -> Iterator[Line]:
    yield from (*lines.general(), *lines.safety(), *lines.proposals(), *lines.texts("en"), *lines.parameter(0))
    for each in Transport:
        yield from lines.program(each)


def test_every_field_of_a_manifest_has_its_line() -> None:
    there = {each.name for each in all_lines()}
    wanted = {"program", "parameters", "text", "proposed", "follow_up", "author"}
    assert set(Manifest.model_fields) - wanted == {each for each in there if "." not in each}
    assert {f"text.{each}" for each in Words.model_fields} <= there
    parameters = {info.alias or name for name, info in Parameter.model_fields.items()} - {"choices_from"}
    assert {f"parameters.{each}" for each in parameters} <= there
    assert {"parameters.choices_from.script", "parameters.choices_from.column"} <= there
    for model in PROGRAMS.values():
        assert {f"program.{each}" for each in model.model_fields} - {"program.transport"} <= there
    assert set(PROGRAMS) == set(Transport)


@pytest.mark.parametrize("key", sorted(built_in()))
def test_a_form_that_nobody_touched_says_what_the_manifest_said(key: str) -> None:
    told = told_of(built_in()[key].manifest)
    transport = built_in()[key].manifest.transport
    again = told
    parts = [*lines.general(), *lines.safety(), *lines.proposals(), *lines.program(transport)]
    for language in told["text"]:
        parts += lines.texts(language)
    for place in range(len(told.get("parameters", []))):
        parts += lines.parameter(place)
    for each in parts:
        again = put(again, each.path, entered(each, shown(each, get(again, each.path))))
    assert Manifest.model_validate(again) == built_in()[key].manifest
