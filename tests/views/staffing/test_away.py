"""Setting somebody away by keyboard, with a preview, and taking it back."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models.records.handing import Handing
from app.models.records.queue import QueueFilter
from app.services import staff
from app.services.desk import Desk
from app.services.staff import away
from app.services.tickets import editing, queue
from app.services.tickets.editing import Stale
from app.views.main_window import MainWindow
from app.views.staffing.away import AwayDialog
from app.views.staffing.part import StaffingPart
from tests.views.conftest import until


def opened(window: MainWindow, qtbot: QtBot) -> AwayDialog:
    window.commands.run("away")
    part = window.shell.part(StaffingPart)
    until(qtbot, lambda: part.dialog is not None and part.dialog.do.isEnabled())
    assert part.dialog is not None
    return part.dialog


def test_a_supervisor_hands_on_somebodys_tickets_and_takes_it_back(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    lena = next(each for each in staff.agents(desk.database) if each.name == "Lena Vogt")
    tickets = list(queue.ids(desk.database, QueueFilter()))[:3]
    for each in tickets:
        editing.assign(desk.database, desk.system, Stale(each), lena.id)
    dialog = opened(window, qtbot)
    dialog.who.setCurrentIndex(dialog.who.findText("Lena Vogt"))
    dialog.how.setFocus()
    qtbot.keyClick(dialog.how, Qt.Key.Key_End)
    dialog.how.activated.emit(dialog.how.currentIndex())
    assert dialog.how.currentData() == Handing.QUEUE.value
    until(qtbot, lambda: dialog.preview.topLevelItemCount() == 3 and dialog.do.isEnabled())
    qtbot.keyClick(dialog.do, Qt.Key.Key_Space)
    until(qtbot, lambda: {each.assignee for each in queue.rows(desk.database, tickets)} == {None})
    assert away.away_now(desk.database) == {lena.id}
    until(qtbot, lambda: window.layout_.told.words.startswith("Set away, 3 tickets"))
    window.commands.run("undo")
    until(qtbot, lambda: {each.assignee for each in queue.rows(desk.database, tickets)} == {"Lena Vogt"})


def test_who_is_back_says_so(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    assert desk.actor is not None
    assert desk.actor.id is not None
    away.set_away(desk.database, desk.actor, desk.actor.id, None)
    dialog = opened(window, qtbot)
    assert dialog.here.isVisible()
    qtbot.keyClick(dialog.here, Qt.Key.Key_Space)
    until(qtbot, lambda: away.away_now(desk.database) == set())
