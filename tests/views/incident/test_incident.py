"""A major incident from declaring it to telling everybody, by keyboard."""

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from app.models.records.queue import QueueFilter
from app.models.records.tickets import LinkKind
from app.models.tables import Outbox
from app.services.desk import Desk
from app.services.escalation import incident
from app.services.tickets import queue, reading
from app.views.escalating.reason import ReasonDialog
from app.views.incident.part import IncidentPart
from app.views.kit.picker import Picker
from app.views.main_window import MainWindow
from tests.views.conftest import until

CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def shown(window: MainWindow) -> UUID:
    assert window.ticket.ticket_id is not None
    return window.ticket.ticket_id


def declared(window: MainWindow, desk: Desk, qtbot: QtBot) -> IncidentPart:
    part = window.shell.part(IncidentPart)
    qtbot.keyClick(window, Qt.Key.Key_J, CTRL_ALT)
    until(qtbot, lambda: part.seen.major)
    assert incident.view(desk.database, shown(window)).major
    return part


def queued(desk: Desk) -> int:
    with desk.database.read() as session:
        return session.scalar(select(func.count()).select_from(Outbox)) or 0


def test_a_ticket_is_declared_one_and_it_is_taken_back(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    part = window.shell.part(IncidentPart)
    assert not part.row.isVisibleTo(window)
    declared(window, desk, qtbot)
    assert part.words.text() == "Major incident. No other ticket is part of it yet."
    assert part.row.isVisibleTo(window)
    window.commands.run("undo")
    until(qtbot, lambda: not part.row.isVisibleTo(window))
    assert not incident.view(desk.database, shown(window)).major


def test_a_part_is_found_by_its_words_and_leads_back_to_the_incident(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    part, parent = declared(window, desk, qtbot), shown(window)
    qtbot.keyClick(window, Qt.Key.Key_B, CTRL_ALT)
    until(qtbot, lambda: window.findChild(Picker) is not None)
    picker = window.findChild(Picker)
    assert isinstance(picker, Picker)
    qtbot.keyClicks(picker.line, "printer")
    until(qtbot, lambda: any("Printer on floor 3" in each.words for each in picker.items))
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    until(qtbot, lambda: part.words.text().endswith("part of it: 1, not done yet: 1."))
    links = reading.show(desk.database, parent).links
    assert [(each.kind, each.from_other) for each in links] == [(LinkKind.CHILD, True)]

    child = reading.id_of(desk.database, links[0].number)
    window.ticket.open(child)
    until(qtbot, lambda: part.words.text().startswith("Part of the major incident #"))
    qtbot.keyClick(window, Qt.Key.Key_Q, CTRL_ALT)
    until(qtbot, lambda: window.ticket.ticket_id == parent and part.seen.major)


def test_several_selected_tickets_are_added_at_once_and_taken_out_together(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    part, parent = declared(window, desk, qtbot), shown(window)
    window.layout_.tickets.table.selectAll()
    others = [each for each in queue.ids(desk.database, QueueFilter()) if each != parent]
    until(qtbot, lambda: window.layout_.tickets.how_many > 1)
    window.commands.run("incident_add")
    until(qtbot, lambda: part.seen.parts == len(others))
    window.commands.run("undo")
    until(qtbot, lambda: part.seen.parts == 0 and part.seen.major)


def test_one_update_goes_to_all_that_are_affected_once(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    part, parent = declared(window, desk, qtbot), shown(window)
    assert desk.actor is not None
    others = [each for each in queue.ids(desk.database, QueueFilter()) if each != parent]
    incident.add(desk.database, desk.actor, parent, others)
    window.ticket.reload()
    until(qtbot, lambda: part.seen.parts == len(others))
    before = queued(desk)
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL_ALT)
    dialog = window.findChild(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    until(qtbot, dialog.isActiveWindow)
    assert dialog.do.text() == f"Send {part.seen.reached} mails"
    expected = part.seen.reached
    assert expected > 1
    dialog.do.click()
    assert dialog.problem.text() == "Write what is to be told."
    qtbot.keyClicks(dialog.words, "The tills are down; we are on it.")
    qtbot.keyClick(dialog.words, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: queued(desk) == before + expected)
    until(qtbot, lambda: window.layout_.told.words.startswith(f"Mails on their way: {expected}."))
    until(qtbot, lambda: window.findChild(ReasonDialog) is None)


def test_an_update_is_written_and_left_by_keys_alone(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    declared(window, desk, qtbot)
    window.layout_.tickets.table.setFocus()
    before = queued(desk)
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL_ALT)
    dialog = window.findChild(ReasonDialog)
    assert isinstance(dialog, ReasonDialog)
    until(qtbot, dialog.isActiveWindow)
    assert dialog.focusWidget() is dialog.words
    qtbot.keyClicks(dialog.words, "The tills are down.")
    qtbot.keyClick(dialog.words, Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.do
    qtbot.keyClick(dialog.do, Qt.Key.Key_Tab)
    cancel = dialog.focusWidget()
    assert isinstance(cancel, QPushButton)
    assert cancel.text() == "Cancel"
    qtbot.keyClick(cancel, Qt.Key.Key_Escape)
    until(qtbot, lambda: window.findChild(ReasonDialog) is None and window.is_idle)
    assert queued(desk) == before
    assert window.focusWidget() is window.layout_.tickets.table


def test_its_buttons_are_reached_by_tab_and_say_their_keys(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    part = declared(window, desk, qtbot)
    until(qtbot, lambda: window.is_idle)
    add, update = (each for each in part.row.findChildren(QToolButton) if each.isVisibleTo(window))
    assert [each.toolTip().split("  ")[-1] for each in (add, update)] == ["(Ctrl+Alt+B)", "(Ctrl+Alt+Z)"]
    add.setFocus()
    qtbot.keyClick(add, Qt.Key.Key_Tab)
    assert window.focusWidget() is update
    qtbot.keyClick(update, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(add, Qt.Key.Key_Space)
    until(qtbot, lambda: window.findChild(Picker) is not None)


def test_what_is_no_incident_is_told_so(window: MainWindow, qtbot: QtBot) -> None:
    window.commands.run("incident_update")
    until(qtbot, lambda: window.layout_.told.words.startswith("This ticket is no major incident."))
    assert window.findChild(ReasonDialog) is None
    window.commands.run("incident_open")
    until(qtbot, lambda: window.layout_.told.words == "This ticket is not part of a major incident.")


def test_only_what_can_be_done_here_has_a_button(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    part = declared(window, desk, qtbot)
    offered = {name for name, each in part._buttons.items() if each.isVisibleTo(part.row)}
    assert offered == {"incident_add", "incident_update"}
