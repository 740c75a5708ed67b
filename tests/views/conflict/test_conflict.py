"""Who was overtaken sees both sides field by field; theirs stays, unless one's own is chosen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from app.models.records.tickets import Priority, Status
from app.services import staff
from app.services.desk import Desk
from app.services.tickets import editing, reading
from app.services.tickets.editing import Stale
from app.views.conflict.dialog import ConflictDialog
from app.views.conflict.part import ConflictPart
from app.views.main_window import MainWindow
from tests.views.conftest import until


@pytest.fixture
def overtaken(window: MainWindow, desk: Desk, qtbot: QtBot) -> ConflictDialog:
    """Lena set the status and the priority after the ticket was looked at, and it is to be solved now."""
    window.bus.stop()
    until(qtbot, lambda: window.is_idle)
    ticket = window.ticket.ticket
    assert ticket is not None
    lena = next(each for each in staff.agents(desk.database) if each.name == "Lena Vogt")
    other = staff.sign_in(desk.database, lena.mail)
    editing.set_status(desk.database, other, Stale(ticket.row.id), Status.WAITING_CUSTOMER)
    editing.set_priority(desk.database, other, Stale(ticket.row.id), Priority.P1)
    window.ticket.set_property("status", Status.SOLVED)
    until(qtbot, lambda: "was first on ticket" in window.layout_.told.words)
    qtbot.mouseClick(window.layout_.told.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    part = window.shell.part(ConflictPart)
    until(qtbot, lambda: part.dialog is not None)
    assert part.dialog is not None
    return part.dialog


def status(desk: Desk, window: MainWindow) -> Status:
    assert window.ticket.ticket_id is not None
    return reading.show(desk.database, window.ticket.ticket_id).row.status


def test_theirs_stays(overtaken: ConflictDialog, window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(overtaken.ok, Qt.Key.Key_Return)
    until(qtbot, lambda: window.is_idle)
    assert status(desk, window) is Status.WAITING_CUSTOMER


def test_mine_is_set_where_it_is_chosen(
    overtaken: ConflictDialog, window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    theirs, mine = overtaken.findChildren(QRadioButton)
    assert any(each.text().startswith("Lena Vogt, ") for each in overtaken.findChildren(QLabel))
    assert theirs.isChecked()
    theirs.setFocus()
    qtbot.keyClick(theirs, Qt.Key.Key_Right)
    assert mine.isChecked()
    qtbot.keyClick(overtaken, Qt.Key.Key_Return)
    until(qtbot, lambda: status(desk, window) is Status.SOLVED)
    ticket_id = window.ticket.ticket_id
    assert ticket_id is not None
    assert reading.show(desk.database, ticket_id).row.priority is Priority.P1  # which nobody else wanted


def test_what_else_changed_is_told_as_well(overtaken: ConflictDialog) -> None:
    assert set(overtaken.mine) == {"status"}
    assert overtaken.chosen == frozenset()
