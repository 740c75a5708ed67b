"""Pulling somebody into a ticket and letting them go, by keyboard."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from app.models.records.desk import Role
from app.models.tables import Agent
from app.services import staff
from app.services.desk import Desk
from app.services.escalation import swarm
from app.services.tickets import reading
from app.views.kit.picker import Picker
from app.views.main_window import MainWindow
from app.views.swarm.part import SwarmPart
from tests.views.conftest import until

CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def picker_of(window: MainWindow, qtbot: QtBot) -> Picker:
    until(qtbot, lambda: window.findChild(Picker) is not None)
    picker = window.findChild(Picker)
    assert isinstance(picker, Picker)
    return picker


def test_who_knows_something_is_pulled_in_and_let_go_again(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    ticket_id = window.ticket.ticket_id
    assert ticket_id is not None
    dana = staff.add_agent(desk.database, desk.system, "Dana", "dana@desk.example", Role.AGENT, [])
    with desk.database.write(desk.system) as work:
        work.session.execute(update(Agent).where(Agent.id == dana.id).values(skills=["Kafka", "Oracle"]))
    before = reading.show(desk.database, ticket_id).row.assignee
    part = window.shell.part(SwarmPart)
    assert not part.row.isVisibleTo(window)

    qtbot.keyClick(window, Qt.Key.Key_H, CTRL_ALT)
    picker = picker_of(window, qtbot)
    qtbot.keyClicks(picker.line, "oracle")
    until(qtbot, lambda: [each.words for each in picker.items] == ["Dana · Oracle"])
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    until(qtbot, lambda: [each.text for each in part.chips.chips] == ["Dana · Oracle"])
    assert part.row.isVisibleTo(window)
    assert reading.show(desk.database, ticket_id).row.assignee == before

    until(qtbot, lambda: window.findChild(Picker) is None)
    qtbot.keyClick(window, Qt.Key.Key_L, CTRL_ALT)
    qtbot.keyClick(picker_of(window, qtbot).line, Qt.Key.Key_Return)
    until(qtbot, lambda: not part.row.isVisibleTo(window))
    assert swarm.members(desk.database, ticket_id) == ()

    window.commands.run("undo")
    until(qtbot, lambda: [each.name for each in swarm.members(desk.database, ticket_id)] == ["Dana"])
    until(qtbot, lambda: part.row.isVisibleTo(window))
    window.commands.run("undo")
    until(qtbot, lambda: not part.row.isVisibleTo(window))
    assert swarm.members(desk.database, ticket_id) == ()


def test_escape_pulls_nobody_in_and_gives_the_keyboard_back(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    ticket_id = window.ticket.ticket_id
    assert ticket_id is not None
    staff.add_agent(desk.database, desk.system, "Dana", "dana@desk.example", Role.AGENT, [])
    window.layout_.tickets.table.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_H, CTRL_ALT)
    picker = picker_of(window, qtbot)
    until(qtbot, lambda: "Dana" in [each.words for each in picker.items])
    qtbot.keyClick(picker.line, Qt.Key.Key_Down)
    qtbot.keyClick(picker.line, Qt.Key.Key_Escape)
    until(qtbot, lambda: window.findChild(Picker) is None and window.is_idle)
    assert swarm.members(desk.database, ticket_id) == ()
    assert window.focusWidget() is window.layout_.tickets.table


def test_arrows_and_return_choose_another_than_the_first(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    ticket_id = window.ticket.ticket_id
    assert ticket_id is not None
    for name in ("Dana", "Dora"):
        staff.add_agent(desk.database, desk.system, name, f"{name.lower()}@desk.example", Role.AGENT, [])
    qtbot.keyClick(window, Qt.Key.Key_H, CTRL_ALT)
    picker = picker_of(window, qtbot)
    qtbot.keyClicks(picker.line, "d")
    until(qtbot, lambda: [each.words for each in picker.items][:2] == ["Dana", "Dora"])
    qtbot.keyClick(picker.line, Qt.Key.Key_Down)
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    until(qtbot, lambda: [each.name for each in swarm.members(desk.database, ticket_id)] == ["Dora"])


def test_its_buttons_are_reached_by_tab_and_say_their_keys(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    ticket_id, part = window.ticket.ticket_id, window.shell.part(SwarmPart)
    assert ticket_id is not None
    dana = staff.add_agent(desk.database, desk.system, "Dana", "dana@desk.example", Role.AGENT, [])
    swarm.pull_in(desk.database, desk.system, ticket_id, dana.id, "")
    window.ticket.reload()
    until(qtbot, lambda: part.row.isVisibleTo(window))
    ask, leave = part.row.findChildren(QToolButton)
    assert [each.toolTip() for each in (ask, leave)] == [
        "Pull somebody in  (Ctrl+Alt+H)",
        "Let somebody in it go  (Ctrl+Alt+L)",
    ]
    ask.setFocus()
    qtbot.keyClick(ask, Qt.Key.Key_Tab)
    assert window.focusWidget() is leave
    qtbot.keyClick(leave, Qt.Key.Key_Space)
    assert [each.words for each in picker_of(window, qtbot).items] == ["Dana"]


def test_where_nobody_was_pulled_in_it_is_said(window: MainWindow, qtbot: QtBot) -> None:
    window.commands.run("swarm_leave")
    until(qtbot, lambda: window.layout_.told.words == "Nobody was pulled into this ticket.")
    assert window.findChild(Picker) is None
