"""The forms of steps and lines: each entry changes one thing of the tree, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from app.models.records.desk import Agent, Level, Role, Team
from app.models.records.tickets import Priority
from app.models.records.trees import ContactWay, Edge, EdgeConditions, EdgeKind, Node, WayKind
from app.views.kit.appearance import Appearance
from app.views.tree.edge_form import EdgeForm
from app.views.tree.node_form import NodeForm
from app.views.tree.offers import Offers

LENA = Agent(UUID(int=1), "Lena Vogt", "lena@firstline.example", Role.AGENT, active=True, teams=())
GONE = replace(LENA, id=UUID(int=2), name="Otto", active=False)
TEAM = Team(UUID(int=3), "Payments", Level.L2)
NODE = Node("a", "Step", Level.L2, prerequisites=("Ask for the number",), categories=("payments",))


@pytest.fixture
def form(appearance: Appearance, qtbot: QtBot) -> NodeForm:
    made = NodeForm(appearance)
    qtbot.addWidget(made)
    made.offer(Offers(teams=(TEAM,), people=(LENA, GONE)))
    made.show_node(NODE, is_start=False)
    made.resize(360, 900)
    made.show()
    return made


@pytest.fixture
def told(form: NodeForm) -> list[Node]:
    found: list[Node] = []
    form.changed.connect(found.append)
    return found


def test_a_form_that_is_filled_tells_nothing(form: NodeForm, told: list[Node]) -> None:
    form.show_node(replace(NODE, name="Other", repeat=4), is_start=True)
    assert told == []
    assert form.name.text() == "Other"


def test_promises_are_typed(form: NodeForm, told: list[Node], qtbot: QtBot) -> None:
    form.accept.setFocus()
    qtbot.keyClicks(form.accept, "P1 10m, 1h")
    qtbot.keyClick(form.accept, Qt.Key.Key_Return)
    within = {Priority.P1: timedelta(minutes=10), None: timedelta(hours=1)}
    assert told == [replace(NODE, accept_within=within)]


def test_a_team_is_chosen(form: NodeForm, told: list[Node], qtbot: QtBot) -> None:
    form.team.setFocus()
    qtbot.keyClick(form.team, Qt.Key.Key_Down)
    assert told == [replace(NODE, team_id=TEAM.id)]


def test_a_step_without_a_name_is_refused(form: NodeForm, told: list[Node], qtbot: QtBot) -> None:
    form.name.selectAll()
    qtbot.keyClick(form.name, Qt.Key.Key_Delete)
    qtbot.keyClick(form.name, Qt.Key.Key_Return)
    assert form.problem(form.name)
    assert told == []


def test_a_person_is_asked_and_who_left_is_not_offered(form: NodeForm, told: list[Node], qtbot: QtBot) -> None:
    whom = form.contacts.rows[0].findChild(QComboBox)
    assert whom is not None
    assert "Otto" not in [whom.itemText(row) for row in range(whom.count())]
    qtbot.keyClick(whom, Qt.Key.Key_End)
    first = ContactWay(WayKind.PERSON, LENA.id)
    assert told == [replace(NODE, contacts=(first, NODE.contacts[1]))]


def test_who_left_is_shown_as_gone(form: NodeForm) -> None:
    form.show_node(replace(NODE, contacts=(ContactWay(WayKind.PERSON, GONE.id),)), is_start=False)
    whom = form.contacts.rows[0].findChild(QComboBox)
    assert whom is not None
    assert whom.currentText() == "Somebody who left"


def test_contacts_are_added_moved_and_taken_out(form: NodeForm, told: list[Node], qtbot: QtBot) -> None:
    form.contacts.more.setFocus()
    qtbot.keyClick(form.contacts.more, Qt.Key.Key_Space)
    form.show_node(told[-1], is_start=False)
    assert len(form.contacts.rows) == 3
    up, out = form.contacts.rows[1].findChildren(QToolButton)
    up.setFocus()
    qtbot.keyClick(up, Qt.Key.Key_Space)
    assert [each.kind for each in told[-1].contacts] == [WayKind.TEAM, WayKind.ON_DUTY, WayKind.TEAM]
    qtbot.keyClick(out, Qt.Key.Key_Space)
    assert len(told[-1].contacts) == 2


def test_minutes_to_answer_are_set(form: NodeForm, told: list[Node], qtbot: QtBot) -> None:
    minutes = form.contacts.rows[0].findChild(QSpinBox)
    assert minutes is not None
    qtbot.keyClick(minutes, Qt.Key.Key_Up)
    assert told[-1].contacts[0].answer_within == timedelta(minutes=16)


def test_what_is_to_be_done_first_is_typed_in_lines(form: NodeForm, told: list[Node], qtbot: QtBot) -> None:
    form.prerequisites.setFocus()
    qtbot.keyClicks(form.prerequisites, "Restart it")
    qtbot.keyClick(form.prerequisites, Qt.Key.Key_Return)
    qtbot.keyClick(form.prerequisites, Qt.Key.Key_Tab)
    assert told == [replace(NODE, prerequisites=("Restart it", "Ask for the number"))]


EDGE = Edge("a", "b", conditions=EdgeConditions(("payments",)))


@pytest.fixture
def line(qtbot: QtBot) -> EdgeForm:
    made = EdgeForm()
    qtbot.addWidget(made)
    made.show_edge(EDGE, "A to B")
    made.resize(360, 700)
    made.show()
    return made


def test_the_conditions_of_a_line_are_set(line: EdgeForm, qtbot: QtBot) -> None:
    found: list[tuple[Edge, Edge]] = []
    line.changed.connect(lambda before, after: found.append((before, after)))
    line.priorities[Priority.P1].setFocus()
    qtbot.keyClick(line.priorities[Priority.P1], Qt.Key.Key_Space)
    qtbot.keyClick(line.hours, Qt.Key.Key_Down)
    asked = replace(EDGE.conditions, priorities=(Priority.P1,))
    first = replace(EDGE, conditions=asked)
    assert found == [(EDGE, first), (first, replace(first, conditions=replace(asked, open_hours=True)))]


def test_only_a_line_to_who_leads_waits(line: EdgeForm, qtbot: QtBot) -> None:
    assert not line.after.isEnabled()
    found: list[Edge] = []
    line.changed.connect(lambda _before, after: found.append(after))
    line.show_edge(replace(EDGE, kind=EdgeKind.HIERARCHIC), "A tells B")
    line.after.setFocus()
    qtbot.keyClicks(line.after, "later")
    qtbot.keyClick(line.after, Qt.Key.Key_Return)
    assert "later" in line.problem(line.after)
    assert found == []
    line.after.selectAll()
    qtbot.keyClicks(line.after, "2h")
    qtbot.keyClick(line.after, Qt.Key.Key_Return)
    assert [each.after for each in found] == [timedelta(hours=2)]
    assert line.problem(line.after) == ""
