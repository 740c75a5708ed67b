"""The tree that an application has before anybody drew one."""

import pytest

from app.models.records.applications import ApplicationKind
from app.models.records.desk import Audience, Level, SupportModel
from app.models.records.trees import EdgeKind, Tree, WayKind
from app.models.rules.tree_checks import Surroundings, check
from app.models.tables import Application, Team
from app.services.resources import resources
from app.services.trees import store
from app.services.trees.templates import template_name
from app.services.wording import FALLBACK, catalogue
from tests.fixtures.trees import TreeDesk


def tree(desk: TreeDesk, name: str = "Shop") -> Tree:
    found, inherited = store.of_application(desk.database, desk.id(name))
    assert inherited
    return found


def ways(found: Tree) -> set[tuple[str, str]]:
    return {(each.source, each.target) for each in found.edges if each.kind is EdgeKind.FUNCTIONAL}


@pytest.mark.parametrize("kind", ApplicationKind)
@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("model", SupportModel)
def test_the_template_of_each_kind_and_audience_gives_a_tree_without_findings(
    tree_desk: TreeDesk, kind: ApplicationKind, audience: Audience, model: SupportModel
) -> None:
    for application in ("Shop", "Sales report"):
        values = {"kind": kind.value, "audience": audience.value, "support_model": model.value}
        tree_desk.change(Application, application, vendor_id=tree_desk.id("Ledgerline"), **values)
    found = tree(tree_desk, "Shop" if audience is Audience.CUSTOMER else "Sales report")
    teams = {
        tree_desk.id(each): 1
        for each in ("Service Desk", "Application Support", "Shop Development", "Portal Development")
    }
    around = Surroundings(
        audience, model, teams, frozenset({tree_desk.id("Sue")}), frozenset({tree_desk.id("Ledgerline")})
    )
    assert check(found, around) == ()
    assert found.nodes


def test_customers_requests_begin_with_the_service_desk_and_climb_to_the_vendor(tree_desk: TreeDesk) -> None:
    tree_desk.change(Application, "Shop", vendor_id=tree_desk.id("Ledgerline"))
    found = tree(tree_desk)
    assert found.start == "desk"
    assert ways(found) == {("desk", "support"), ("support", "developers"), ("developers", "vendor")}
    assert [each.level for each in found.nodes if each.key != "lead"] == [Level.L1, Level.L2, Level.L3, Level.VENDOR]


def test_internal_requests_begin_at_the_second_level(tree_desk: TreeDesk) -> None:
    found = tree(tree_desk, "Sales report")
    assert found.start == "support"
    assert {each.level for each in found.nodes} == {Level.L2, Level.L3}


def test_the_developers_whose_name_is_like_the_applications_come_before_others(tree_desk: TreeDesk) -> None:
    node = tree(tree_desk).node("developers")
    assert node is not None
    assert node.team_id == tree_desk.id("Shop Development")


def test_the_developers_of_an_application_are_asked_by_name(tree_desk: TreeDesk) -> None:
    tree_desk.employ("Shop", "Dev", "developer")
    node = tree(tree_desk).node("developers")
    assert node is not None
    assert [(each.kind, each.agent_id) for each in node.contacts] == [
        (WayKind.ON_DUTY, None),
        (WayKind.PERSON, tree_desk.id("Dev")),
        (WayKind.TEAM, None),
    ]


def test_a_database_administrator_gives_the_tree_a_branch_for_what_is_slow(tree_desk: TreeDesk) -> None:
    tree_desk.change(Application, "Shop", kind="sql_report")
    assert tree(tree_desk).node("database") is None
    tree_desk.employ("Shop", "Dba", "dba")
    (edge,) = (each for each in tree(tree_desk).edges if each.target == "database")
    assert (edge.source, edge.conditions.categories[0]) == ("support", "performance")


def test_the_defects_of_bought_software_go_to_its_vendor_past_the_developers(tree_desk: TreeDesk) -> None:
    tree_desk.change(Application, "Shop", kind="accounting", vendor_id=tree_desk.id("Ledgerline"))
    edges = [each for each in tree(tree_desk).edges if each.target == "vendor"]
    assert [(each.source, bool(each.conditions.categories)) for each in edges] == [
        ("support", True),
        ("developers", False),
    ]


def test_the_way_leads_past_a_level_that_the_desk_does_not_have(tree_desk: TreeDesk) -> None:
    tree_desk.change(Application, "Shop", vendor_id=tree_desk.id("Ledgerline"))
    tree_desk.change(Team, "Application Support", level=3)
    assert ways(tree(tree_desk)) == {("desk", "developers"), ("developers", "vendor")}


def test_a_manager_is_told_only_where_there_is_one(tree_desk: TreeDesk) -> None:
    assert tree(tree_desk).node("lead") is not None
    tree_desk.change(Team, "Service Desk", manager_id=None)
    found = tree(tree_desk)
    assert found.node("lead") is None
    assert not [each for each in found.edges if each.kind is EdgeKind.HIERARCHIC]


def test_a_swarm_is_one_step_with_the_applications_own_team(tree_desk: TreeDesk) -> None:
    tree_desk.change(Application, "Shop", support_model="swarm")
    (node,) = (each for each in tree(tree_desk).nodes if each.key != "lead")
    assert node.team_id == tree_desk.id("Service Desk")


def test_an_application_without_a_team_has_a_tree_as_well(tree_desk: TreeDesk) -> None:
    tree_desk.change(Application, "Shop", team_id=None)
    assert [each.key for each in tree(tree_desk).nodes] == ["desk", "support", "developers"]


def test_every_template_is_there_and_its_words_are(tree_desk: TreeDesk) -> None:
    names = {template_name(kind, model) for kind in ApplicationKind for model in SupportModel}
    assert {each.name for each in resources().joinpath("trees").iterdir()} == {f"{name}.toml" for name in names}
    english = catalogue(FALLBACK)
    for kind in ApplicationKind:
        tree_desk.change(Application, "Shop", kind=kind.value)
        for node in tree(tree_desk).nodes:
            assert node.name in english.values()
            assert set(node.prerequisites) <= set(english.values())
