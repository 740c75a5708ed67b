"""Trees are kept in versions, by those who may."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.models.errors import Conflict, KnownError, NotAllowed
from app.models.records.desk import Role
from app.models.records.trees import Tree
from app.models.tables import Audit, Change
from app.services.trees import store
from tests.fixtures.databases import SYSTEM
from tests.fixtures.trees import TreeDesk


def inherited(desk: TreeDesk, name: str = "Shop") -> Tree:
    return store.of_application(desk.database, desk.id(name))[0]


def renamed(tree: Tree, name: str) -> Tree:
    return replace(tree, nodes=(replace(tree.nodes[0], name=name), *tree.nodes[1:]))


def test_a_saved_tree_is_the_applications_own_from_then_on(tree_desk: TreeDesk) -> None:
    saved = store.save(tree_desk.database, tree_desk.actor(Role.SUPERVISOR), renamed(inherited(tree_desk), "First aid"))
    assert saved.version == 1
    assert store.of_application(tree_desk.database, tree_desk.id("Shop")) == (saved, False)
    again = store.save(tree_desk.database, SYSTEM, renamed(saved, "Front door"))
    assert store.of_application(tree_desk.database, tree_desk.id("Shop")) == (again, False)
    assert again.version == 2


def test_an_agent_may_not_save_one(tree_desk: TreeDesk) -> None:
    with pytest.raises(NotAllowed, match="arrange"):
        store.save(tree_desk.database, tree_desk.actor(Role.AGENT), inherited(tree_desk))
    with pytest.raises(NotAllowed, match="arrange"):
        store.remove(tree_desk.database, tree_desk.actor(Role.AGENT), inherited(tree_desk))


def test_who_saves_what_was_saved_meanwhile_is_told(tree_desk: TreeDesk) -> None:
    first = store.save(tree_desk.database, SYSTEM, inherited(tree_desk))
    store.save(tree_desk.database, SYSTEM, renamed(first, "Sooner"))
    with pytest.raises(Conflict, match="overtaken"):
        store.save(tree_desk.database, SYSTEM, renamed(first, "Later"))
    assert inherited(tree_desk).nodes[0].name == "Sooner"


def test_two_first_trees_of_an_application_do_not_replace_each_other(tree_desk: TreeDesk) -> None:
    one, other = inherited(tree_desk), inherited(tree_desk)
    store.save(tree_desk.database, SYSTEM, one)
    with pytest.raises(Conflict, match="overtaken"):
        store.save(tree_desk.database, SYSTEM, other)


def test_a_name_that_another_tree_has_is_refused(tree_desk: TreeDesk) -> None:
    store.save(tree_desk.database, SYSTEM, inherited(tree_desk))
    with pytest.raises(KnownError, match=r"tree\.name_taken"):
        store.save(tree_desk.database, SYSTEM, replace(inherited(tree_desk, "Sales report"), name="Shop"))


def test_a_removed_tree_leaves_the_template(tree_desk: TreeDesk) -> None:
    saved = store.save(tree_desk.database, SYSTEM, inherited(tree_desk))
    newer = store.save(tree_desk.database, SYSTEM, saved)
    with pytest.raises(Conflict):
        store.remove(tree_desk.database, SYSTEM, saved)
    store.remove(tree_desk.database, SYSTEM, newer)
    assert store.of_application(tree_desk.database, tree_desk.id("Shop"))[1]
    with pytest.raises(Conflict):
        store.save(tree_desk.database, SYSTEM, newer)


def test_the_audit_tells_the_steps_that_changed_and_no_others(tree_desk: TreeDesk) -> None:
    saved = store.save(tree_desk.database, SYSTEM, inherited(tree_desk))
    store.save(tree_desk.database, SYSTEM, renamed(saved, "Front door"))
    with tree_desk.database.read() as session:
        entry = session.scalars(select(Audit).where(Audit.action == "tree.saved").order_by(Audit.id)).all()[-1]
        topics = set(session.scalars(select(Change.topic).where(Change.subject_id == str(tree_desk.id("Shop")))))
    assert [each["name"] for each in entry.before["node"]] == ["Service desk"]
    assert [each["name"] for each in entry.after["node"]] == ["Front door"]
    assert set(entry.after) == {"node"}
    assert "tree" in topics


def test_a_file_says_names_and_is_read_back(tree_desk: TreeDesk) -> None:
    tree_desk.employ("Shop", "Dev", "developer")
    tree = inherited(tree_desk)
    text = store.export(tree_desk.database, tree)
    assert 'team = "Shop Development"' in text
    assert 'agent = "dev@desk.example"' in text
    assert store.read(tree_desk.database, text, tree) == tree


def test_what_is_gone_stands_in_a_file_under_its_identity(tree_desk: TreeDesk) -> None:
    tree = inherited(tree_desk)
    gone = replace(tree, nodes=(replace(tree.nodes[0], team_id=tree.id), *tree.nodes[1:]))
    text = store.export(tree_desk.database, gone)
    assert f'team = "{tree.id}"' in text
    assert store.read(tree_desk.database, text, tree) == gone


def test_an_unknown_name_in_a_file_is_told(tree_desk: TreeDesk) -> None:
    text = store.export(tree_desk.database, inherited(tree_desk)).replace("Service Desk", "Nowhere")
    with pytest.raises(KnownError, match="Nowhere"):
        store.read(tree_desk.database, text, inherited(tree_desk))


def test_applications_are_listed_with_their_trees(tree_desk: TreeDesk) -> None:
    store.save(tree_desk.database, SYSTEM, inherited(tree_desk))
    lines = store.listed(tree_desk.database)
    assert [(each.application, each.inherited, each.version) for each in lines] == [
        ("Sales report", True, 0),
        ("Shop", False, 1),
    ]


def test_an_unknown_application_is_told(tree_desk: TreeDesk) -> None:
    with pytest.raises(KnownError, match="no_application"):
        store.of_application(tree_desk.database, tree_desk.id("Ann"))
