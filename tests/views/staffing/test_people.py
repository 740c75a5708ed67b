"""Tickets are given away by dragging them, and by keyboard."""

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QListWidgetItem
from pytestqt.qtbot import QtBot

from app.models.records.packed_ids import PackedIds
from app.models.records.queue import QueueFilter
from app.services.desk import Desk
from app.services.tickets import queue
from app.views.main_window import MainWindow
from app.views.queue.table import TICKETS_MIME
from app.views.staffing.part import StaffingPart
from app.views.staffing.people import PeopleList
from tests.views.conftest import until


def shown(window: MainWindow, qtbot: QtBot) -> PeopleList:
    window.commands.run("people")
    people = window.shell.part(StaffingPart).people
    until(qtbot, lambda: people.count() > 0 and people.isVisible())
    return people


def line(people: PeopleList, name: str) -> QListWidgetItem:
    return next(people.item(place) for place in range(people.count()) if people.item(place).text().startswith(name))


def drop(people: PeopleList, name: str, carried: QMimeData) -> None:
    at = people.visualItemRect(line(people, name)).center()
    event = QDropEvent(
        QPointF(QPoint(at)),
        Qt.DropAction.MoveAction,
        carried,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    people.dropEvent(event)


def test_tickets_are_dropped_onto_a_person_and_onto_a_team(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    people = shown(window, qtbot)
    tickets = list(queue.ids(desk.database, QueueFilter()))[:3]
    carried = QMimeData()
    carried.setData(TICKETS_MIME, PackedIds.of(tickets).raw)
    drop(people, "Lena Vogt", carried)
    until(qtbot, lambda: {each.assignee for each in queue.rows(desk.database, tickets)} == {"Lena Vogt"})
    drop(people, "Infrastructure", carried)
    until(qtbot, lambda: {each.team for each in queue.rows(desk.database, tickets)} == {"Infrastructure"})
    drop(people, "Lena Vogt", QMimeData())
    assert {each.assignee for each in queue.rows(desk.database, tickets)} == {None}


def test_return_gives_what_is_shown_to_the_person_that_is_chosen(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    people = shown(window, qtbot)
    ticket = window.ticket.ticket_id
    assert ticket is not None
    people.setCurrentItem(line(people, "Lena Vogt"))
    qtbot.keyClick(people, Qt.Key.Key_Return)
    until(qtbot, lambda: queue.rows(desk.database, [ticket])[0].assignee == "Lena Vogt")
    window.commands.run("people")
    assert not people.isVisible()
