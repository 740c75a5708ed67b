"""A tree at an instant: who is there, what is wrong, and where a ticket is on it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert

from app.models.errors import KnownError
from app.models.identifiers import new_id
from app.models.records.handoffs import HandoffState
from app.models.records.trees import ContactWay, NodeView, TreeView, WayKind
from app.models.tables import (
    Agent,
    Application,
    BusinessCalendar,
    DutyAbsence,
    DutyOverride,
    Handoff,
    Ticket,
    TicketClock,
)
from app.services.database.numbers import TicketNumbers
from app.services.trees import store
from app.services.trees.telling import tell
from tests.fixtures.databases import SYSTEM
from tests.fixtures.trees import TreeDesk

TUESDAY = datetime(2026, 3, 3, 10, tzinfo=UTC)
SATURDAY = datetime(2026, 3, 7, 3, tzinfo=UTC)


def look(desk: TreeDesk, at: datetime = TUESDAY, ticket: UUID | None = None) -> TreeView:
    return tell(desk.database, desk.id("Shop"), at, ticket)


def node(view: TreeView, key: str) -> NodeView:
    return next(each for each in view.nodes if each.node.key == key)


def codes(view: TreeView) -> list[tuple[str, str]]:
    return [(each.code, each.node) for each in view.findings]


def add_office(desk: TreeDesk) -> UUID:
    office, day = new_id(), [[9 * 3600, 17 * 3600]]
    with desk.database.write(SYSTEM) as work:
        work.session.execute(
            insert(BusinessCalendar).values(id=office, name="Office", zone="Europe/Berlin", week=[*[day] * 5, [], []])
        )
    desk.change(Application, "Shop", calendar_id=office)
    return office


def add_ticket(desk: TreeDesk, team: str = "Service Desk", level: int = 1) -> UUID:
    found = new_id()
    with desk.database.write(SYSTEM) as work:
        work.session.add(
            Ticket(
                id=found, number=TicketNumbers(work.session).next(), subject="Down", status="open", priority=2,
                level=level, channel="desk", reply_token="t", opened_at=TUESDAY, updated_at=TUESDAY,
                team_id=desk.id(team), application_id=desk.id("Shop"),
            )
        )  # fmt: skip
    return found


def hand(desk: TreeDesk, ticket: UUID, ordinal: int, key: str, state: HandoffState, kind: str = "functional") -> UUID:
    found = new_id()
    row = {"id": found, "ticket_id": ticket, "ordinal": ordinal, "kind": kind, "state": state.value, "node_key": key}
    with desk.database.write(SYSTEM) as work:
        work.session.add(Handoff(node={}, level=2, packet={}, at=TUESDAY, **row))
    return found


def test_a_team_that_takes_no_turns_is_asked_as_a_whole(tree_desk: TreeDesk) -> None:
    found = node(look(tree_desk), "support")
    assert (found.team, found.on_duty, found.duty, found.manager) == ("Application Support",) * 2 + (None, "Sue")
    assert found.is_open


def test_a_person_who_is_asked_by_name_is_shown_unless_away(tree_desk: TreeDesk) -> None:
    tree_desk.employ("Shop", "Dev", "developer")
    assert node(look(tree_desk), "developers").on_duty == "Dev"
    tree_desk.change(Agent, "Dev", away_from=TUESDAY - timedelta(days=1), away_until=TUESDAY + timedelta(hours=1))
    assert node(look(tree_desk), "developers").on_duty == ""
    assert node(look(tree_desk, TUESDAY + timedelta(hours=1)), "developers").on_duty == "Dev"


def test_an_absence_that_was_planned_counts_as_well(tree_desk: TreeDesk) -> None:
    tree_desk.employ("Shop", "Dev", "developer")
    away = {"agent_id": tree_desk.id("Dev"), "since": TUESDAY, "until": TUESDAY + timedelta(days=7)}
    with tree_desk.database.write(SYSTEM) as work:
        work.session.execute(insert(DutyAbsence).values(id=new_id(), **away))
    assert node(look(tree_desk), "developers").on_duty == ""
    assert node(look(tree_desk, TUESDAY - timedelta(minutes=1)), "developers").on_duty == "Dev"


def test_who_is_on_duty_until_when_and_who_is_next(tree_desk: TreeDesk) -> None:
    tree_desk.take_turns("Application Support", "Ada", "Dba")
    found = node(look(tree_desk), "support")
    assert (found.on_duty, found.next_on_duty) == ("Ada", "Dba")
    assert found.duty is not None
    assert found.duty.until == datetime(2026, 3, 9, 8, tzinfo=UTC)
    assert found.gap is None


def test_who_was_disabled_while_on_duty_is_stood_in_for(tree_desk: TreeDesk) -> None:
    tree_desk.take_turns("Application Support", "Ada", "Dba")
    tree_desk.change(Agent, "Ada", active=False)
    assert node(look(tree_desk), "support").on_duty == "Dba"
    tree_desk.change(Agent, "Dba", active=False)
    view = look(tree_desk)
    assert node(view, "support").on_duty == ""
    assert codes(view) == [("nobody", "support"), ("gap", "support")]


def test_the_hours_in_which_nobody_takes_turns_are_a_gap(tree_desk: TreeDesk) -> None:
    day = [[8 * 3600, 18 * 3600]]
    tree_desk.take_turns("Application Support", "Ada", week=[*[day] * 5, [], []])
    view = look(tree_desk)
    assert node(view, "support").gap == (datetime(2026, 3, 3, 17, tzinfo=UTC), datetime(2026, 3, 4, 7, tzinfo=UTC))
    (gap,) = view.findings
    assert (gap.code, gap.node, gap.facts["hours"]) == ("gap", "support", "118.0")
    add_office(tree_desk)
    assert look(tree_desk).findings == ()


def test_who_was_put_on_duty_is_shown_where_nobody_takes_turns(tree_desk: TreeDesk) -> None:
    row = {"team_id": tree_desk.id("Service Desk"), "agent_id": tree_desk.id("Dev")}
    with tree_desk.database.write(SYSTEM) as work:
        span = {"since": TUESDAY, "until": TUESDAY + timedelta(hours=1)}
        work.session.execute(insert(DutyOverride).values(id=new_id(), **row, **span))
    assert node(look(tree_desk), "desk").on_duty == "Dev"
    assert node(look(tree_desk, SATURDAY), "desk").on_duty == "Service Desk"


def test_a_closed_step_says_when_it_opens(tree_desk: TreeDesk) -> None:
    add_office(tree_desk)
    found = node(look(tree_desk, SATURDAY), "support")
    assert (found.is_open, found.opens_at) == (False, datetime(2026, 3, 9, 8, tzinfo=UTC))
    assert node(look(tree_desk), "support").opens_at is None


def test_everything_in_order_has_no_findings(tree_desk: TreeDesk) -> None:
    assert look(tree_desk).findings == ()
    add_office(tree_desk)
    assert look(tree_desk, SATURDAY).findings == ()


def test_a_level_whose_people_were_all_disabled_shows_its_gap(tree_desk: TreeDesk) -> None:
    tree_desk.change(Agent, "Dev", active=False)
    view = look(tree_desk)
    assert codes(view) == [("nobody", "developers"), ("gap", "developers")]
    found = node(view, "developers")
    assert found.on_duty == ""
    assert found.gap == (TUESDAY, TUESDAY + timedelta(days=1))
    assert {each.code for each in found.findings} == {"nobody", "gap"}


def test_hours_that_were_promised_and_nobody_keeps_are_told(tree_desk: TreeDesk) -> None:
    office = add_office(tree_desk)
    tree, _ = store.of_application(tree_desk.database, tree_desk.id("Shop"))
    closed = tuple(replace(each, calendar_id=office) for each in tree.nodes)
    store.save(tree_desk.database, SYSTEM, replace(tree, nodes=closed))
    assert codes(look(tree_desk)) == []
    tree_desk.change(Application, "Shop", calendar_id=None)
    assert codes(look(tree_desk)) == [("uncovered", "")]


def test_a_tree_that_is_not_saved_is_told_in_the_place_of_the_other(tree_desk: TreeDesk) -> None:
    tree, _ = store.of_application(tree_desk.database, tree_desk.id("Shop"))
    draft = replace(tree, nodes=(replace(tree.nodes[0], contacts=(ContactWay(WayKind.VENDOR),)), *tree.nodes[1:]))
    view = tell(tree_desk.database, tree_desk.id("Shop"), TUESDAY, None, draft)
    assert (codes(view), view.inherited, view.tree) == ([("no_vendor", "desk")], False, draft)
    assert look(tree_desk).inherited


def test_a_new_ticket_stands_where_requests_begin(tree_desk: TreeDesk) -> None:
    view = look(tree_desk, ticket=add_ticket(tree_desk))
    assert view.way == ("desk",)
    assert [each.node.key for each in view.nodes if each.current] == ["desk"]
    assert view.ticket_number


def test_a_ticket_that_was_given_to_a_team_by_hand_stands_with_it(tree_desk: TreeDesk) -> None:
    assert look(tree_desk, ticket=add_ticket(tree_desk, "Application Support", 2)).way == ("support",)
    assert look(tree_desk, ticket=add_ticket(tree_desk, "Portal Development", 3)).way == ("desk",)


def test_the_way_of_a_ticket_is_that_of_its_handoffs(tree_desk: TreeDesk) -> None:
    ticket = add_ticket(tree_desk, "Shop Development", 3)
    hand(tree_desk, ticket, 1, "support", HandoffState.ENDED)
    hand(tree_desk, ticket, 2, "vendor of old", HandoffState.ENDED)
    hand(tree_desk, ticket, 3, "support", HandoffState.CANCELLED)
    hand(tree_desk, ticket, 4, "lead", HandoffState.OFFERED, "hierarchic")
    hand(tree_desk, ticket, 5, "developers", HandoffState.OFFERED)
    view = look(tree_desk, ticket=ticket)
    assert view.way == ("desk", "support", "developers")
    assert [each.node.key for each in view.nodes if each.walked] == ["desk", "support", "developers"]


def test_what_came_back_shows_the_way_there_and_back(tree_desk: TreeDesk) -> None:
    ticket = add_ticket(tree_desk, "Service Desk", 1)
    hand(tree_desk, ticket, 1, "support", HandoffState.RETURNED)
    assert look(tree_desk, ticket=ticket).way == ("desk", "support", "desk")
    hand(tree_desk, ticket, 2, "support", HandoffState.ACCEPTED)
    assert look(tree_desk, ticket=ticket).way == ("desk", "support")


def test_the_clock_of_the_level_is_shown_before_that_of_the_ticket(tree_desk: TreeDesk) -> None:
    ticket = add_ticket(tree_desk)
    step = hand(tree_desk, ticket, 1, "support", HandoffState.OFFERED)
    with tree_desk.database.write(SYSTEM) as work:
        for kind, minutes, handoff in (("accept", 30, step), ("resolution", 10, None)):
            work.session.add(
                TicketClock(
                    id=new_id(), ticket_id=ticket, handoff_id=handoff, kind=kind, state="running", reason="work",
                    target=minutes * 60_000_000, spent=6 * 60_000_000, started_at=TUESDAY,
                    due_at=TUESDAY + timedelta(minutes=minutes - 6),
                )
            )  # fmt: skip
    found = node(look(tree_desk, ticket=ticket), "support")
    assert (found.due_at, found.current) == (TUESDAY + timedelta(minutes=24), True)
    assert node(look(tree_desk, ticket=ticket), "desk").due_at is None


def test_a_ticket_that_is_gone_is_told(tree_desk: TreeDesk) -> None:
    with pytest.raises(KnownError, match=r"ticket\.gone"):
        look(tree_desk, ticket=new_id())
