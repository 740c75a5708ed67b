"""Where a request goes next and why, and who is asked when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, strategies as st

from app.models.records.calendars import Calendar, Span
from app.models.records.desk import Level
from app.models.records.on_call import OnDuty
from app.models.records.tickets import Priority
from app.models.records.trees import ContactWay, Edge, EdgeConditions, EdgeKind, Node, TicketFacts, Tree, WayKind
from app.models.rules.business_time import BusinessTime, Hours, RoundTheClock
from app.models.rules.escalation import (
    accept_due,
    contact_plan,
    first_step,
    has_cover,
    manager_steps,
    next_contact,
    next_step,
)
from app.models.rules.tree_checks import reachable

DESK, APPS, PAY, DEVS = (uuid4() for _ in range(4))
LENA, TOM, AIKO, SAM, VENDOR = (uuid4() for _ in range(5))
OFFICE = uuid4()
TUESDAY = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 3, 7, 3, 0, tzinfo=UTC)
MONDAY_NINE = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
_WEEKDAY, _NO_DAY = (Span(9 * 3600, 17 * 3600),), ()
HOURS = BusinessTime(Calendar(OFFICE, "Office", "UTC", (*[_WEEKDAY] * 5, _NO_DAY, _NO_DAY)))  # type: ignore[arg-type]


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@dataclass
class Staff:
    """Who is on duty for each team (and next), and who is away."""

    duty: Mapping[UUID, tuple[UUID | None, UUID | None]] = field(
        default_factory=lambda: {DESK: (LENA, None), APPS: (TOM, AIKO), PAY: (AIKO, None), DEVS: (AIKO, None)}
    )
    away: frozenset[UUID] = frozenset()
    empty: frozenset[UUID] = frozenset()
    rostered: frozenset[UUID] = frozenset()

    def hours(self, node: Node) -> Hours:
        return HOURS if node.calendar_id == OFFICE else RoundTheClock()

    def on_duty(self, team_id: UUID, at: datetime) -> OnDuty:
        agent, following = self.duty.get(team_id, (None, None))
        return OnDuty(agent, None, following)

    def is_rostered(self, team_id: UUID) -> bool:
        return team_id in self.rostered

    def present(self, team_id: UUID, at: datetime) -> bool:
        return team_id not in self.empty

    def is_there(self, agent_id: UUID, at: datetime) -> bool:
        return agent_id not in self.away

    def manager(self, team_id: UUID) -> UUID | None:
        return SAM if team_id == APPS else None

    def can_write_to(self, vendor_id: UUID) -> bool:
        return vendor_id == VENDOR


def when(**conditions: object) -> EdgeConditions:
    return EdgeConditions(**conditions)  # type: ignore[arg-type]


def ways(*kinds: WayKind) -> tuple[ContactWay, ...]:
    return tuple(ContactWay(each) for each in kinds)


L1 = Node("l1", "Service desk", Level.L1, DESK)
L2 = Node("l2", "Applications", Level.L2, APPS)
PAYMENTS = Node("pay", "Payments", Level.L2, PAY)
L3 = Node("l3", "Developers", Level.L3, DEVS)
MAKER = Node("maker", "Ledgerline", Level.VENDOR, vendor_id=VENDOR, contacts=ways(WayKind.VENDOR))
EDGES = (
    Edge("l1", "pay", conditions=when(categories=("Payments", "refunds"))),
    Edge("l1", "l2"),
    Edge("l2", "l3"),
    Edge("pay", "l3"),
    Edge("l3", "maker"),
)
TREE = Tree(uuid4(), "Shop", (L1, L2, PAYMENTS, L3, MAKER), EDGES, "l1")
STAFF = Staff()


def facts(priority: Priority = Priority.P2, **more: str) -> TicketFacts:
    return TicketFacts(priority, **more)


def with_node(key: str, **more: object) -> Tree:
    return replace(TREE, nodes=tuple(replace(each, **more) if each.key == key else each for each in TREE.nodes))  # type: ignore[arg-type]


def with_edge(place: int, **conditions: object) -> Tree:
    changed = [*TREE.edges]
    changed[place] = replace(changed[place], conditions=when(**conditions))
    return replace(TREE, edges=tuple(changed))


def go(
    tree: Tree, current: str, told: TicketFacts, staff: Staff = STAFF, at: datetime = TUESDAY
) -> tuple[str, list[str]]:
    step = next_step(tree, current, told, at, staff)
    assert step is not None
    return step.node, [code for code, _ in step.why]


def test_a_category_leads_to_its_own_step_whatever_its_case() -> None:
    step = next_step(TREE, "l1", facts(category="payments"), TUESDAY, STAFF)
    assert step is not None
    assert (step.node, step.why, step.others) == ("pay", (("category", {"value": "payments"}),), ("l2",))


def test_what_fits_no_condition_takes_the_usual_way() -> None:
    assert go(TREE, "l1", facts(category="login")) == ("l2", ["usual_way"])
    assert go(TREE, "l1", facts()) == ("l2", ["usual_way"])


def test_where_there_is_one_way_it_is_said() -> None:
    assert go(TREE, "l2", facts()) == ("l3", ["only_way"])


def test_at_the_end_of_the_way_nothing_is_proposed() -> None:
    assert next_step(TREE, "maker", facts(), TUESDAY, STAFF) is None
    assert next_step(TREE, "a step that was taken out", facts(), TUESDAY, STAFF) is None


@pytest.mark.parametrize(
    ("conditions", "told"),
    [
        ({"components": ("checkout",)}, {"component": "Checkout"}),
        ({"skills": ("sql",)}, {"skill": "SQL"}),
        ({"languages": ("de",)}, {"language": "de"}),
    ],
)
def test_component_skill_and_language_lead_as_well(conditions: dict[str, object], told: dict[str, str]) -> None:
    tree = with_edge(0, **conditions)
    assert go(tree, "l1", TicketFacts(Priority.P2, **told)) == ("pay", list(told))
    assert go(tree, "l1", facts()) == ("l2", ["usual_way"])


def test_all_conditions_of_an_edge_must_hold() -> None:
    tree = with_edge(0, categories=("payments",), languages=("de",))
    assert go(tree, "l1", facts(category="payments"))[0] == "l2"
    assert go(tree, "l1", facts(category="payments", language="de")) == ("pay", ["category", "language"])


def test_an_edge_may_be_for_urgent_matters_only() -> None:
    tree = with_edge(0, priorities=(Priority.P1,))
    assert go(tree, "l1", facts(Priority.P1)) == ("pay", ["priority"])
    assert go(tree, "l1", facts(Priority.P2)) == ("l2", ["usual_way"])


def test_a_step_takes_only_the_categories_it_is_for() -> None:
    tree = replace(with_node("pay", categories=("payments",)), edges=(Edge("l1", "pay"), Edge("l1", "l2")))
    assert go(tree, "l1", facts(category="login"))[0] == "l2"
    assert go(tree, "l1", facts(category="payments")) == ("pay", ["category"])


def test_where_no_condition_fits_the_first_way_is_proposed_and_says_so() -> None:
    tree = replace(TREE, edges=EDGES[:1])
    assert go(tree, "l1", facts(category="login")) == ("pay", ["none_fits"])


@pytest.mark.parametrize(("at", "node", "why"), [(TUESDAY, "pay", "while_open"), (SATURDAY, "l2", "usual_way")])
def test_an_edge_may_be_for_office_hours_only(at: datetime, node: str, why: str) -> None:
    tree = with_node("pay", calendar_id=OFFICE)
    tree = replace(tree, edges=(Edge("l1", "pay", conditions=when(open_hours=True)), Edge("l1", "l2")))
    assert go(tree, "l1", facts(Priority.P4), at=at) == (node, [why])


def test_an_edge_to_nowhere_is_passed_over() -> None:
    tree = replace(TREE, edges=(Edge("l1", "gone"), *EDGES))
    assert go(tree, "l1", facts()) == ("l2", ["usual_way"])


def test_an_urgent_matter_goes_past_a_closed_step_to_the_nearest_that_is_served() -> None:
    tree = with_node("l2", calendar_id=OFFICE)
    assert go(tree, "l1", facts(Priority.P1), at=SATURDAY) == ("l3", ["usual_way", "closed_now", "nearest"])


def test_what_is_not_urgent_is_not_called_so_where_nobody_will_be_there_when_it_opens() -> None:
    tree = with_node("l2", calendar_id=OFFICE, team_id=None, contacts=(ContactWay(WayKind.TEAM),))
    assert go(tree, "l1", facts(Priority.P3), at=SATURDAY) == ("l3", ["usual_way", "nobody_there", "nearest"])


def test_what_is_not_urgent_waits_until_the_step_opens() -> None:
    tree = with_node("l2", calendar_id=OFFICE)
    step = next_step(tree, "l1", facts(Priority.P3), SATURDAY, STAFF)
    assert step is not None
    assert step.node == "l2"
    assert step.why[-1] == ("opens", {"node": "Applications", "at": MONDAY_NINE.isoformat()})


def test_a_step_where_everybody_is_away_is_passed_over_by_everything() -> None:
    gone = Staff(away=frozenset({TOM}), empty=frozenset({APPS}))
    for priority in Priority:
        assert go(TREE, "l1", facts(priority), gone) == ("l3", ["usual_way", "nobody_there", "nearest"])


def test_an_urgent_matter_goes_past_a_gap_in_the_rotation_and_others_ask_the_whole_team() -> None:
    gap = Staff({DEVS: (AIKO, None)}, rostered=frozenset({APPS}))
    assert go(TREE, "l1", facts(Priority.P1), gap) == ("l3", ["usual_way", "nobody_there", "nearest"])
    assert go(TREE, "l1", facts(Priority.P3), gap) == ("l2", ["usual_way", "team_asked"])


def test_where_nobody_is_on_duty_anywhere_a_whole_team_is_asked() -> None:
    gap = Staff({}, rostered=frozenset({APPS, PAY, DEVS}))
    tree = replace(TREE, nodes=TREE.nodes[:4])
    assert go(tree, "l1", facts(Priority.P1), gap) == ("l2", ["usual_way", "team_asked"])
    alone = replace(gap, empty=frozenset({APPS}))
    assert go(tree, "l1", facts(Priority.P1), alone) == ("l3", ["usual_way", "nobody_there", "nearest"])


def test_the_step_that_was_passed_over_can_still_be_chosen() -> None:
    step = next_step(TREE, "l1", facts(), TUESDAY, Staff(away=frozenset({TOM}), empty=frozenset({APPS})))
    assert step is not None
    assert step.others == ("l2", "pay")


def test_the_ways_beside_are_asked_where_nobody_is_further_up() -> None:
    alone = Staff({PAY: (LENA, None)}, empty=frozenset({APPS, DEVS}))
    tree = replace(TREE, nodes=TREE.nodes[:4])
    assert go(tree, "l1", facts(), alone) == ("pay", ["usual_way", "nobody_there", "nearest"])


def test_where_nobody_is_anywhere_the_step_stays_and_says_so() -> None:
    nobody = Staff({}, empty=frozenset({DESK, APPS, PAY, DEVS}))
    tree = replace(TREE, nodes=TREE.nodes[:4])
    assert go(tree, "l1", facts(), nobody) == ("l2", ["usual_way", "no_cover"])


def test_a_request_begins_at_the_start_or_at_its_nearest_cover() -> None:
    step = first_step(TREE, facts(), TUESDAY, STAFF)
    assert step is not None
    assert (step.node, step.why) == ("l1", (("start", {}),))
    closed = first_step(with_node("l1", calendar_id=OFFICE), facts(), SATURDAY, STAFF)
    assert closed is not None
    assert closed.node == "l2"
    assert first_step(replace(TREE, start="gone"), facts(), TUESDAY, STAFF) is None


def test_a_manager_is_told_at_once_of_what_is_urgent_and_of_the_rest_in_time() -> None:
    boss = Node("boss", "Lead", Level.L2, manager_id=SAM, contacts=ways(WayKind.MANAGER))
    told = Edge("l2", "boss", EdgeKind.HIERARCHIC, when(priorities=(Priority.P1,)), after=minutes(60))
    tree = replace(TREE, nodes=(*TREE.nodes, boss), edges=(*EDGES, told))
    (at_once,) = manager_steps(tree, "l2", facts(Priority.P1), TUESDAY, STAFF)
    assert (at_once.node, at_once.at, at_once.why[0][0]) == ("boss", TUESDAY, "priority")
    (later,) = manager_steps(tree, "l2", facts(Priority.P3), TUESDAY, STAFF)
    assert (later.at, later.why[0]) == (TUESDAY + minutes(60), ("time", {"minutes": "60", "node": "Applications"}))
    assert manager_steps(tree, "l1", facts(), TUESDAY, STAFF) == ()


def test_the_time_until_a_manager_is_told_is_that_in_which_the_step_is_open() -> None:
    boss = Node("boss", "Lead", Level.L2, manager_id=SAM, contacts=ways(WayKind.MANAGER))
    tree = with_node("l2", calendar_id=OFFICE)
    tree = replace(
        tree, nodes=(*tree.nodes, boss), edges=(*EDGES, Edge("l2", "boss", EdgeKind.HIERARCHIC, after=minutes(30)))
    )
    (step,) = manager_steps(tree, "l2", facts(Priority.P3), SATURDAY, STAFF)
    assert step.at == MONDAY_NINE + minutes(30)


def told(tree: Tree, wanted: TicketFacts, at: datetime, staff: Staff = STAFF) -> list[tuple[float, str, str, str]]:
    """Minutes after `at`, node, whom (by kind) or the note."""
    return [
        ((each.at - at) / minutes(1), each.node, each.kind.value, each.note)
        for each in contact_plan(tree, wanted, at, staff)
    ]


ONCE = ways(WayKind.ON_DUTY, WayKind.NEXT_ON_DUTY, WayKind.TEAM)


def test_the_contacts_of_a_step_are_asked_in_order_and_again_then_the_next_step() -> None:
    small = replace(TREE, nodes=(replace(L2, repeat=2), replace(MAKER)), edges=(Edge("l2", "maker"),), start="l2")
    assert told(small, facts(), TUESDAY) == [
        (0, "l2", "on_duty", ""),
        (15, "l2", "team", ""),
        (30, "l2", "on_duty", ""),
        (45, "l2", "team", ""),
        (60, "maker", "vendor", ""),
        (75, "maker", "vendor", ""),
        (90, "maker", "team", "told_all"),
    ]


def test_a_step_goes_on_when_its_time_to_accept_is_over() -> None:
    small = replace(
        TREE,
        nodes=(replace(L2, accept_within={Priority.P1: minutes(20), None: minutes(45)}), L3),
        edges=(Edge("l2", "l3"),),
        start="l2",
    )
    plan = contact_plan(small, facts(Priority.P1), TUESDAY, STAFF)
    assert [((each.at - TUESDAY) / minutes(1), (each.answer_by - each.at) / minutes(1)) for each in plan[:3]] == [
        (0, 15),
        (15, 5),
        (20, 15),
    ]
    assert plan[2].node == "l3"
    assert accept_due(small.nodes[0], Priority.P4, TUESDAY, STAFF) == TUESDAY + minutes(45)


def test_who_is_not_there_is_noted_and_costs_no_time() -> None:
    small = replace(TREE, nodes=(replace(L2, contacts=ONCE, repeat=1),), edges=(), start="l2")
    assert told(small, facts(), TUESDAY, Staff({}))[:3] == [
        (0, "l2", "on_duty", "nobody_on_duty"),
        (0, "l2", "next_on_duty", "nobody_next"),
        (0, "l2", "team", ""),
    ]
    away = Staff(away=frozenset({TOM}))
    assert told(small, facts(), TUESDAY, away)[0] == (0, "l2", "on_duty", "away")


def test_the_people_asked_are_named() -> None:
    plan = contact_plan(with_node("l2", contacts=ONCE), facts(), TUESDAY, STAFF)
    assert [each.agent_id for each in plan if each.node == "l2"][:3] == [TOM, AIKO, None]


def test_nobody_is_asked_over_and_over_at_the_same_instant() -> None:
    nobody = Staff({}, empty=frozenset({DESK, APPS, PAY, DEVS}))
    tree = replace(with_node("l1", repeat=1000), nodes=(replace(L1, repeat=1000),), edges=())
    assert told(tree, facts(), TUESDAY, nobody) == [
        (0, "l1", "on_duty", "nobody_on_duty"),
        (0, "l1", "team", "nobody_in_team"),
        (0, "l1", "team", "told_all"),
    ]


def test_what_waits_for_a_closed_step_is_asked_when_it_opens() -> None:
    tree = replace(with_node("l1", calendar_id=OFFICE), start="l1")
    plan = contact_plan(tree, facts(Priority.P3), SATURDAY, STAFF)
    assert (plan[0].at, plan[0].answer_by) == (MONDAY_NINE, MONDAY_NINE + minutes(15))


def test_an_answer_is_awaited_over_the_night_while_the_step_is_closed() -> None:
    node = replace(L1, calendar_id=OFFICE)
    found = next_contact(node, -1, 1, datetime(2026, 3, 3, 16, 50, tzinfo=UTC), None, STAFF)
    assert found is not None
    assert found[1].answer_by == datetime(2026, 3, 4, 9, 5, tzinfo=UTC)


def test_a_p2_on_saturday_at_three_calls_who_is_there() -> None:
    tree = with_node("l1", calendar_id=OFFICE)
    plan = contact_plan(tree, facts(category="payments"), SATURDAY, STAFF)
    assert [(each.node, each.agent_id) for each in plan][:2] == [("pay", AIKO), ("pay", None)]


def test_managers_are_told_while_the_ticket_lies_there_and_not_after() -> None:
    boss = Node("boss", "Lead", Level.L2, manager_id=SAM, contacts=ways(WayKind.MANAGER))
    tree = replace(TREE, nodes=(*TREE.nodes, boss))
    for after, expected in ((minutes(20), [20.0]), (minutes(90), [])):
        told_by = Edge("l1", "boss", EdgeKind.HIERARCHIC, after=after)
        found = told(replace(tree, edges=(*EDGES, told_by)), facts(), TUESDAY)
        assert [at for at, node, _, note in found if (node, note) == ("boss", "informed")] == expected


def test_a_circle_is_walked_once() -> None:
    circle = replace(TREE, edges=(*EDGES, Edge("l3", "l1"), Edge("maker", "l1")))
    keys = [each.node for each in contact_plan(circle, facts(), TUESDAY, STAFF)]
    assert list(dict.fromkeys(keys)) == ["l1", "l2", "l3", "maker"]


def test_a_calendar_without_an_open_hour_holds_nothing_up() -> None:
    never = BusinessTime(Calendar(OFFICE, "Never", "UTC", ((), (), (), (), (), (), ())))

    class Closed(Staff):
        def hours(self, node: Node) -> Hours:
            return never if node.key == "l1" else RoundTheClock()

    plan = contact_plan(TREE, facts(Priority.P4), TUESDAY, Closed())
    assert plan[0].node == "l2"


KINDS = st.lists(st.sampled_from(WayKind), max_size=4).map(lambda kinds: ways(*kinds))
TARGETS = st.dictionaries(st.sampled_from([None, *Priority]), st.integers(0, 90).map(minutes), max_size=3)
NODES = st.builds(
    lambda place, contacts, repeat, accept, closed, team: Node(
        f"n{place}", f"N{place}", Level.L2, team, contacts=contacts, repeat=repeat, accept_within=accept,
        calendar_id=OFFICE if closed else None, vendor_id=VENDOR if closed else None,
    ),
    st.integers(0, 5), KINDS, st.integers(0, 3), TARGETS, st.booleans(), st.sampled_from([None, DESK, APPS, DEVS]),
)  # fmt: skip
NAMES = st.integers(0, 6).map(lambda place: f"n{place}")
AFTER = st.one_of(st.none(), st.integers(0, 300).map(minutes))
TREES = st.builds(
    lambda nodes, edges, start: Tree(
        uuid4(), "any", tuple({each.key: each for each in nodes}.values()), tuple(edges), start
    ),
    st.lists(NODES, max_size=6),
    st.lists(st.builds(Edge, NAMES, NAMES, st.sampled_from(EdgeKind), st.just(EdgeConditions()), AFTER), max_size=10),
    NAMES,
)  # fmt: skip
PEOPLE = st.builds(
    lambda duty, away, empty, rostered: Staff(duty, frozenset(away), frozenset(empty), frozenset(rostered)),
    st.dictionaries(
        st.sampled_from([DESK, APPS, DEVS]),
        st.tuples(st.sampled_from([None, LENA, TOM]), st.sampled_from([None, TOM, AIKO])),
    ),
    st.sets(st.sampled_from([LENA, TOM, AIKO, SAM])),
    st.sets(st.sampled_from([DESK, APPS, DEVS])),
    st.sets(st.sampled_from([DESK, APPS, DEVS])),
)  # fmt: skip
MOMENTS = st.integers(0, 7 * 24 * 60).map(lambda count: TUESDAY + minutes(count))


@given(TREES, PEOPLE, MOMENTS, st.sampled_from(Priority))
def test_every_plan_ends_in_order_and_asks_nobody_who_is_away(
    tree: Tree, staff: Staff, at: datetime, priority: Priority
) -> None:
    plan = contact_plan(tree, facts(priority), at, staff)
    assert bool(plan) == (tree.node(tree.start) is not None)
    assert [each.at for each in plan] == sorted(each.at for each in plan)
    assert all(each.at >= at and each.answer_by >= each.at for each in plan)
    assert not {each.agent_id for each in plan} & staff.away
    assert not plan or any(each.note == "told_all" for each in plan)
    for each in plan:
        node = tree.node(each.node)
        assert node is not None
        if not each.note:
            assert staff.hours(node).is_open(each.at)
            assert each.round <= max(node.repeat, 1)


@given(TREES, PEOPLE, MOMENTS, st.sampled_from(Priority))
def test_a_step_is_proposed_without_people_only_where_nobody_is_anywhere_or_it_opens_later(
    tree: Tree, staff: Staff, at: datetime, priority: Priority
) -> None:
    for each in tree.nodes:
        step = next_step(tree, each.key, facts(priority), at, staff)
        if step is None:
            continue
        node = tree.node(step.node)
        assert node is not None
        codes = {code for code, _ in step.why}
        if not has_cover(node, at, staff) and not codes & {"opens", "team_asked"}:
            ahead = reachable(tree, each.key, EdgeKind.FUNCTIONAL) - {each.key}
            there = [one for key in ahead if (one := tree.node(key)) is not None and has_cover(one, at, staff)]
            assert not there
            assert codes & {"no_cover", "nearest"}
        assert step.node not in step.others
