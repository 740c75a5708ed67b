"""Putting tickets off until a time, by keyboard."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.models.records.tickets import Status
from app.services.desk import Desk
from app.services.sla.sweeping import Sweep
from app.services.tickets import reading
from app.views.changing.later_part import LaterPart
from app.views.main_window import MainWindow
from tests.fixtures.databases import SYSTEM
from tests.views.changing.test_changing import choose, opened, select, stored
from tests.views.conftest import until


@pytest.mark.parametrize("by_status", [False, True])
def test_all_that_are_selected_are_put_off_and_come_back_at_their_time(
    window: MainWindow, desk: Desk, qtbot: QtBot, by_status: bool
) -> None:
    ids = select(window, 3, qtbot)
    if by_status:
        picker = opened(window, Qt.Key.Key_S, qtbot)
        qtbot.keyClicks(picker.line, "Scheduled")
        qtbot.keyClick(picker.line, Qt.Key.Key_Return)
        until(
            qtbot, lambda: picker is not window.findChild(type(picker)) and window.findChild(type(picker)) is not None
        )
        later = window.findChild(type(picker))
        qtbot.keyClicks(later.line, "2h")
        qtbot.keyClick(later.line, Qt.Key.Key_Return)
        until(qtbot, lambda: window.findChild(type(picker)) is None and window.is_idle)
    else:
        choose(window, Qt.Key.Key_U, "2h", qtbot)
    tickets = stored(desk, ids)
    assert {each.row.status for each in tickets} == {Status.SCHEDULED}
    (at,) = {each.scheduled_for for each in tickets}
    assert at is not None
    assert timedelta(minutes=118) < at - desk.clock.now() <= timedelta(hours=2)


def test_the_ticket_says_until_when_it_rests(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    until(qtbot, lambda: window.ticket.ticket is not None)
    shown = window.ticket.ticket_id
    line = window.shell.part(LaterPart).until
    assert not line.isVisible()
    choose(window, Qt.Key.Key_U, "2099-01-02 09:00", qtbot)
    until(qtbot, line.isVisible)
    assert "2099-01-02 09:00" in line.text()
    assert shown is not None
    assert reading.show(desk.database, shown).row.status is Status.SCHEDULED
    Sweep(desk.backstage, SYSTEM, "desk").run()
    assert reading.show(desk.database, shown).row.status is Status.SCHEDULED


def test_what_is_no_time_is_not_taken(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    until(qtbot, lambda: window.ticket.ticket is not None)
    picker = opened(window, Qt.Key.Key_U, qtbot)
    qtbot.keyClicks(picker.line, "some day")
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    assert window.findChild(type(picker)) is picker


def test_the_status_beside_the_conversation_asks_until_when_as_well(window: MainWindow, qtbot: QtBot) -> None:
    until(qtbot, lambda: window.ticket.ticket is not None)
    window.layout_.properties.changed.emit("status", Status.SCHEDULED)
    until(qtbot, lambda: any("30m" in each.text() for each in window.findChildren(QLabel)))
