"""Editing a tree step by step, with all of it taken back and done again."""

from dataclasses import replace

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.models.records.desk import Level
from app.models.records.trees import Edge, EdgeKind
from app.models.rules.tree_checks import check
from app.views.screens.trees_seen import NOON, climbing, small_tree
from app.views.tree.draft import Draft, draft_view


def test_a_new_step_stands_on_the_next_level_with_an_edge_to_it() -> None:
    draft = Draft(small_tree())
    key = draft.add("Database team", after="payments")
    node = draft.tree.node(key)
    assert node is not None
    assert (node.key, node.level) == ("database-team", Level.L3)
    assert Edge("payments", key) in draft.tree.edges


def test_a_second_step_of_a_name_gets_a_key_of_its_own() -> None:
    draft = Draft(small_tree())
    assert [draft.add("Step"), draft.add("Step"), draft.add("!")] == ["step", "step-2", "step-3"]


def test_the_first_step_of_an_empty_tree_is_its_start() -> None:
    draft = Draft(replace(small_tree(), nodes=(), edges=(), start=""))
    draft.add("Service desk")
    assert draft.tree.start == "service-desk"
    assert check(draft.tree) == ()


def test_a_removed_step_takes_its_edges_along() -> None:
    draft = Draft(small_tree())
    draft.remove("payments")
    assert not any("payments" in (each.source, each.target) for each in draft.tree.edges)
    assert draft.tree.node("payments") is None


def test_a_removed_start_hands_on_the_beginning() -> None:
    draft = Draft(small_tree())
    draft.remove("desk")
    assert draft.tree.start == "payments"


def test_an_edge_is_not_drawn_twice_nor_to_itself() -> None:
    draft = Draft(small_tree())
    assert draft.connect("desk", "payments") is None
    assert draft.connect("desk", "desk") is None
    assert draft.connect("desk", "nowhere") is None
    assert not draft.can_undo
    assert draft.connect("desk", "payments", EdgeKind.HIERARCHIC) is not None


def test_edges_change_their_order_among_those_of_their_step_alone() -> None:
    draft = Draft(small_tree())
    first, second = draft.tree.leaving("desk", EdgeKind.FUNCTIONAL)
    draft.move_edge(second, -1)
    assert draft.tree.leaving("desk", EdgeKind.FUNCTIONAL) == (second, first)
    draft.move_edge(second, -1)
    assert draft.tree.leaving("desk", EdgeKind.FUNCTIONAL) == (second, first)


def test_what_was_undone_is_done_again_until_something_else_is_done() -> None:
    draft = Draft(small_tree())
    draft.remove("vendor")
    without = draft.tree
    draft.undo()
    assert draft.tree == small_tree()
    assert not draft.is_changed
    draft.redo()
    assert draft.tree == without
    draft.undo()
    draft.add("Other")
    assert not draft.can_redo


def test_after_a_save_an_undo_is_a_change_of_the_new_version() -> None:
    draft = Draft(small_tree())
    draft.remove("vendor")
    draft.stored(replace(draft.tree, version=2))
    stored = draft.is_changed
    draft.undo()
    assert (stored, draft.is_changed) == (False, True)
    assert draft.tree.version == 2


def test_what_was_changed_while_it_was_saved_stays_changed() -> None:
    draft = Draft(small_tree())
    draft.remove("vendor")
    sent = draft.tree
    draft.remove("data")
    draft.stored(replace(sent, version=2))
    assert draft.is_changed
    assert draft.tree.node("data") is None


def test_what_is_wrong_is_told_at_the_step_it_is_about() -> None:
    draft = Draft(small_tree())
    draft.connect("engineering", "payments")
    view = draft_view(draft.tree, climbing(), {}, NOON)
    found = {each.node.key: [told.code for told in each.findings] for each in view.nodes if each.findings}
    assert found == {"engineering": ["cycle"]}


class Editing(RuleBasedStateMachine):
    """Whatever is done: taking all of it back gives the tree as it was, and doing it again as it became."""

    def __init__(self) -> None:
        super().__init__()
        self.draft = Draft(small_tree())

    @rule(name=st.sampled_from(["A", "B", "C"]), after=st.sampled_from(["", "desk", "payments", "a"]))
    def add(self, name: str, after: str) -> None:
        self.draft.add(name, after)

    @rule(place=st.integers(0, 9))
    def remove(self, place: int) -> None:
        if self.draft.tree.nodes:
            self.draft.remove(self.draft.tree.nodes[place % len(self.draft.tree.nodes)].key)

    @rule(one=st.integers(0, 9), other=st.integers(0, 9), kind=st.sampled_from(EdgeKind))
    def connect(self, one: int, other: int, kind: EdgeKind) -> None:
        nodes = self.draft.tree.nodes
        if nodes:
            self.draft.connect(nodes[one % len(nodes)].key, nodes[other % len(nodes)].key, kind)

    @rule()
    def undo(self) -> None:
        self.draft.undo()

    @rule()
    def redo(self) -> None:
        self.draft.redo()

    @invariant()
    def no_edge_hangs(self) -> None:
        assert not [each for each in check(self.draft.tree) if each.code in ("edge_nowhere", "double_key", "no_start")]

    def teardown(self) -> None:
        became, steps = self.draft.tree, 0
        while self.draft.can_undo:
            self.draft.undo()
            steps += 1
        assert self.draft.tree == small_tree()
        for _ in range(steps):
            self.draft.redo()
        assert self.draft.tree == became


Editing.TestCase.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
TestEditing = Editing.TestCase
