"""A tree as a document: read back as it was, and refused with the place of what is wrong."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, strategies as st

from app.models.errors import KnownError
from app.models.records.desk import Level
from app.models.records.tickets import Priority
from app.models.records.trees import ContactWay, Edge, EdgeConditions, EdgeKind, Node, Tree, WayKind
from app.services.trees.form import as_toml, by_identity, entry_of, of_identity, read_entry, to_content, to_tree

IDS = st.one_of(st.none(), st.uuids())
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20)
SPANS = st.integers(0, 10**7).map(lambda seconds: timedelta(seconds=seconds))
LISTS = st.lists(WORDS, max_size=3).map(tuple)
TARGETS = st.dictionaries(st.sampled_from([None, *Priority]), SPANS)
CONTACTS = st.lists(st.builds(ContactWay, st.sampled_from(WayKind), IDS, SPANS), max_size=3).map(tuple)
PLACES = st.one_of(st.none(), st.floats(-1e6, 1e6))
NAMES = WORDS.map(lambda name: f"N{name}")
NODES = st.builds(
    Node, st.integers(0, 99).map(str), NAMES, st.sampled_from(Level), IDS, IDS, IDS, IDS, CONTACTS, st.integers(1, 9),
    TARGETS, TARGETS, LISTS, LISTS, PLACES, PLACES,
)  # fmt: skip
CONDITIONS = st.builds(
    EdgeConditions, LISTS, LISTS, LISTS, LISTS, st.lists(st.sampled_from(Priority)).map(tuple),
    st.sampled_from([None, True, False]),
)  # fmt: skip
EDGES = st.builds(Edge, WORDS, WORDS, st.sampled_from(EdgeKind), CONDITIONS, st.one_of(st.none(), SPANS))
TREES = st.builds(
    Tree, st.uuids(), NAMES, st.lists(NODES, max_size=4, unique_by=lambda each: each.key).map(tuple),
    st.lists(EDGES, max_size=4).map(tuple), WORDS,
)  # fmt: skip


@given(TREES)
def test_a_tree_is_read_back_as_it_was_written(tree: Tree) -> None:
    content = to_content(tree, by_identity)
    for text in (as_toml(content), json.dumps(content)):
        assert to_tree(read_entry(text), of_identity, tree.id) == tree
    assert to_tree(entry_of(content), of_identity, tree.id) == tree


NODE = '[[node]]\nkey = "a"\nname = "A"\nlevel = 1\n'


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("name = ", "tree.broken", "TOML"),
        ('{"name": ', "tree.broken", "JSON"),
        ("[" * 100_000, "tree.broken", "TOML"),
        ('{"a":' * 100_000, "tree.broken", "JSON"),
        (NODE, "tree.broken", "name"),
        (f'name = "T\\u0000"\n{NODE}', "tree.broken", "name"),  # PostgreSQL could not keep it
        (f'name = "T"\n{NODE}team = "Desk\\u0000"', "tree.broken", "node 1 team"),
        (f'name = "T"\n{NODE}colour = "red"', "tree.broken", "node 1 colour"),
        (f'name = "T"\n{NODE}{NODE.replace("level = 1", "level = 7")}', "tree.broken", "node 2 level"),
        (f'name = "T"\n{NODE}accept_within = {{ P1 = "soon" }}', "tree.broken", "node 1 accept_within P1"),
        (f'name = "T"\n{NODE}accept_within = {{ P9 = "1h" }}', "tree.broken", "node 1 accept_within P9 [key]"),
        (f'name = "T"\n{NODE}contact = [{{ kind = "owl" }}]', "tree.broken", "node 1 contact 1 kind"),
        (f'name = "T"\n{NODE}accept_within = {{ P1 = "{"9" * 40}d" }}', "tree.broken", "node 1 accept_within P1"),
        ('name = "T"\n[[edge]]\nfrom = "a"', "tree.broken", "edge 1 to"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_place(text: str, code: str, place: str) -> None:
    with pytest.raises(KnownError) as caught:
        read_entry(text)
    assert (caught.value.code, caught.value.facts["place"]) == (code, place)


def test_two_steps_of_one_key_are_refused() -> None:
    with pytest.raises(KnownError, match=r"tree\.double_key \(key=a\)"):
        read_entry(f'name = "T"\n{NODE}{NODE}')


def test_a_name_that_nobody_has_is_told_with_its_place() -> None:
    entry = read_entry(
        f'name = "T"\n{NODE}contact = [{{ kind = "team" }}, {{ kind = "person", agent = "x@y.example" }}]'
    )
    with pytest.raises(KnownError) as caught:
        to_tree(entry, of_identity, uuid4())
    assert caught.value.code == "tree.unknown_name"
    assert caught.value.facts == {"place": "node 1 contact 2", "name": "x@y.example"}


def test_a_tree_that_a_file_could_not_say_is_not_written() -> None:
    nameless = Tree(uuid4(), "T", (Node("a key", "A", Level.L1),))
    with pytest.raises(KnownError) as caught:
        to_content(nameless, by_identity)
    assert caught.value.facts["place"] == "node 1 key"


def test_what_is_as_usual_is_left_out() -> None:
    team = UUID(int=1)
    tree = Tree(uuid4(), "T", (Node("a", "A", Level.L1, team),), (Edge("a", "b"),), "a")
    assert to_content(tree, by_identity) == {
        "name": "T",
        "start": "a",
        "node": [{"key": "a", "name": "A", "level": 1, "team": str(team)}],
        "edge": [{"from": "a", "to": "b"}],
    }
