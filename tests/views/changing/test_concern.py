"""What a ticket is about and how much it weighs, said by keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.models.identifiers import new_id
from app.models.records.desk import Level
from app.models.records.tickets import Concern, Priority
from app.models.records.trees import Edge, EdgeConditions, Node, Tree
from app.services.tickets import reading
from app.views.changing.concern_dialog import ConcernDialog
from app.views.changing.concern_model import asked_by, concern_words, rated_words, weights
from app.views.changing.concern_part import ConcernPart
from app.views.history.words import what_words
from app.views.main_window import MainWindow
from tests.views.conftest import until

CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def test_the_tree_says_what_may_be_asked_for() -> None:
    nodes = (Node("a", "A", Level.L1, categories=("payments",)), Node("b", "B", Level.L2))
    edges = (
        Edge("a", "b", conditions=EdgeConditions(categories=("Refunds",), skills=("sql",), languages=("de",))),
        Edge("b", "a", conditions=EdgeConditions(components=("ledger",), skills=("sql", "java"))),
    )
    tree = Tree(new_id(), "Shop", nodes, edges, "a")
    assert asked_by(tree) == {
        "category": ["payments", "Refunds"],
        "component": ["ledger"],
        "skill": ["java", "sql"],
        "language": ["de"],
    }


def test_each_impact_with_each_urgency_can_be_chosen_the_worst_first() -> None:
    items = weights()
    assert [each.detail[:2] for each in items] == ["P1", "P2", "P2", "P3", "P3", "P3", "P4", "P4", "P4"]
    assert len({each.value for each in items}) == 9


@pytest.mark.parametrize(
    ("concern", "priority", "told"),
    [
        (Concern(), Priority.P3, ""),
        (Concern(impact=1), Priority.P3, ""),
        (Concern(impact=1, urgency=2), Priority.P2, "Much of the company  ·  Work is hindered"),
        (Concern(impact=1, urgency=2), Priority.P4, ""),
    ],
)
def test_a_rating_is_told_while_the_priority_is_its(concern: Concern, priority: Priority, told: str) -> None:
    assert rated_words(concern, priority) == told


def test_what_it_is_about_is_told_in_one_line() -> None:
    assert concern_words(Concern(category="payments", language="de")) == "payments  ·  de"


def test_impact_and_urgency_give_the_priority(window: MainWindow, qtbot: QtBot) -> None:
    shown = window.ticket.ticket
    assert shown is not None
    part, ticket_id = window.shell.part(ConcernPart), shown.row.id
    assert "Rate" in part.rated.text()
    picker = part.rate()
    QTest.keyClicks(picker.line, "company still")
    QTest.keyClick(picker.line, Qt.Key.Key_Return)
    until(qtbot, lambda: part.rated.text() == "Much of the company  ·  Work stands still")
    stored = reading.show(window.shell.desk.database, ticket_id)
    assert (stored.row.priority, stored.concern.impact, stored.concern.urgency) == (Priority.P1, 1, 1)
    window.commands.run("undo")
    until(qtbot, lambda: "Rate" in part.rated.text())
    assert reading.show(window.shell.desk.database, ticket_id).concern == Concern()


def test_what_it_is_about_is_said_and_stands_in_its_history(window: MainWindow, qtbot: QtBot) -> None:
    part = window.shell.part(ConcernPart)
    qtbot.keyClick(window, Qt.Key.Key_G, CTRL_ALT)
    dialog = window.findChild(ConcernDialog)
    assert dialog is not None
    until(qtbot, lambda: window.is_idle)
    dialog.offer({"skill": ["java", "sql"]})
    assert dialog.lines["skill"].placeholderText() == "java, sql"
    qtbot.keyClicks(dialog.lines["category"], "payments")
    qtbot.keyClicks(dialog.lines["language"], "de")
    qtbot.keyClick(dialog.lines["language"], Qt.Key.Key_Return)
    until(qtbot, lambda: part.said.text() == "payments  ·  de")
    shown = window.ticket.ticket
    assert shown is not None
    stored = reading.show(window.shell.desk.database, shown.row.id)
    assert stored.concern == Concern(category="payments", language="de")
    told = what_words(stored.events[-1])
    assert "Category" in told
    assert "payments" in told
