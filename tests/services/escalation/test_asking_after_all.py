"""Nobody at all could be asked, and all were told: who is there later is asked after all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from app.models.identifiers import new_id
from app.models.records.handoffs import HandoffState
from app.models.records.on_call import Override
from app.models.records.tickets import MessageKind, Priority
from app.models.records.trees import ContactWay, WayKind
from app.models.tables import DutyRotation, Vendor
from app.services.escalation import attempts
from app.services.escalation.replanning import Replanning
from app.services.oncall.arranging import override
from app.services.sla.sweeping import Sweep
from app.services.staff.away import set_away, set_back
from app.services.tickets import editing
from app.services.tickets.editing import Stale
from app.services.trees import store
from tests.fixtures.databases import SYSTEM
from tests.services.escalation.desk import QUARTER, Ladder

TEAMS = {"l2": "Application Support", "l3": "Development"}


@dataclass
class Gap:
    """Both teams take turns, but nobody's turn it is; the vendor cannot be written to."""

    rungs: Ladder
    replanning: Replanning

    def sweep(self, **later: float) -> int:
        self.rungs.desk.clock.forward(**later)
        return Sweep(self.rungs.desk.database, SYSTEM, "desk-1", (self.replanning, attempts.sweep)).run()

    def put_on_duty(self, name: str, key: str, by: str = "Mia") -> None:
        now, team = self.rungs.desk.clock.now(), self.rungs.teams[TEAMS[key]]
        wanted = Override(new_id(), team.id, self.rungs.people[name].id, now, now + timedelta(hours=8))
        override(self.rungs.desk.database, self.rungs.actor(by), wanted)

    @property
    def nodes(self) -> Sequence[str]:
        return [each.node for each in self.rungs.steps]


@pytest.fixture(params=[Priority.P1, Priority.P3])
def gap(rungs: Ladder, request: pytest.FixtureRequest) -> Gap:
    database = rungs.desk.database
    tree, _ = store.of_application(database, rungs.application_id)
    on_duty = (ContactWay(WayKind.ON_DUTY, None, QUARTER),)
    nodes = tuple(replace(each, contacts=on_duty) if each.key in TEAMS else each for each in tree.nodes)
    store.save(database, SYSTEM, replace(tree, nodes=nodes))
    with database.write(SYSTEM) as work:
        work.session.execute(update(Vendor).values(mail=""))
        for team in TEAMS.values():
            row = {"team_id": rungs.teams[team].id, "name": team, "zone": "UTC", "unit": "week", "members": []}
            row |= {"id": new_id(), "starts_on": "2020-03-02", "hand_over": 0, "week": []}
            work.session.execute(insert(DutyRotation).values(**row))
    made = Gap(rungs, Replanning(database))
    rungs.ask(request.param)
    rungs.hand("l2")
    made.sweep(minutes=1)
    assert (made.nodes, rungs.step.note) == (["l2", "l3", "vendor"], "told_all")
    return made


def test_who_is_put_on_duty_is_asked_after_all_and_it_says_so(gap: Gap) -> None:
    gap.put_on_duty("Cid", "l3")
    gap.sweep(minutes=1)
    assert (gap.nodes, gap.rungs.asked()) == (["l2", "l3", "vendor", "l3"], [("Cid", "pending")])
    assert gap.rungs.ticket.team_id == gap.rungs.teams["Development"].id
    told = [each.text for each in gap.rungs.ticket.messages if each.kind is MessageKind.EVENT]
    assert "Somebody is there by now: “Development” is asked after all." in told


def test_the_first_of_the_way_goes_before_those_it_would_come_to_later(gap: Gap) -> None:
    gap.put_on_duty("Cid", "l3")
    gap.put_on_duty("Ann", "l2")
    gap.sweep(minutes=1)
    assert gap.rungs.asked()[0] == ("Ann", "pending")


def test_where_they_keep_silent_it_ends_and_nobody_is_asked_in_circles(gap: Gap) -> None:
    gap.put_on_duty("Cid", "l3")
    gap.sweep()
    for _ in range(4):
        gap.sweep(minutes=15)
        gap.put_on_duty("Ann", "l2")
    assert gap.nodes == ["l2", "l3", "vendor", "l3"]
    assert (gap.rungs.step.state, gap.rungs.step.note) == (HandoffState.UNANSWERED, "told_all")


def test_who_took_it_meanwhile_keeps_it(gap: Gap) -> None:
    row = gap.rungs.ticket.row
    editing.assign(gap.rungs.desk.database, gap.rungs.desk.agent, Stale(row.id), gap.rungs.desk.agent.id)
    gap.put_on_duty("Cid", "l3")
    gap.sweep(minutes=1)
    assert (gap.nodes, gap.rungs.ticket.assignee_id) == (["l2", "l3", "vendor"], gap.rungs.desk.agent.id)


def test_who_is_back_is_asked_and_who_is_away_is_not(gap: Gap) -> None:
    database, cid = gap.rungs.desk.database, gap.rungs.actor("Cid")
    assert cid.id is not None
    set_away(database, cid, cid.id, None)
    gap.put_on_duty("Cid", "l3")
    gap.sweep(minutes=1)
    assert gap.nodes == ["l2", "l3", "vendor"]
    set_back(database, cid, cid.id)
    gap.sweep(minutes=1)
    assert gap.rungs.asked() == [("Cid", "pending")]


def test_what_changed_while_nobody_swept_is_made_up_for(gap: Gap) -> None:
    gap.put_on_duty("Cid", "l3")
    gap.replanning = Replanning(gap.rungs.desk.database)
    gap.sweep()
    assert gap.rungs.asked() == [("Cid", "pending")]
