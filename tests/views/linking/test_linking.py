"""Tying tickets by keyboard."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models.records.queue import QueueFilter
from app.models.records.tickets import LinkKind, Status, TicketView
from app.services.desk import Desk
from app.services.tickets import linking, queue, reading
from app.views.kit.picker import Picker
from app.views.main_window import MainWindow
from tests.views.conftest import until


def stored(desk: Desk, window: MainWindow) -> TicketView:
    assert window.ticket.ticket_id is not None
    return reading.show(desk.database, window.ticket.ticket_id)


def picker_of(window: MainWindow, qtbot: QtBot) -> Picker:
    until(qtbot, lambda: window.findChild(Picker) is not None)
    picker = window.findChild(Picker)
    assert isinstance(picker, Picker)
    return picker


def test_a_ticket_is_made_a_part_of_another_and_untied_again(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    window.commands.run("link_parent")
    picker = picker_of(window, qtbot)
    qtbot.keyClicks(picker.line, "printer")
    until(qtbot, lambda: any("Printer on floor 3" in each.words for each in picker.items))
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    until(
        qtbot,
        lambda: [(each.kind, each.from_other) for each in stored(desk, window).links] == [(LinkKind.CHILD, False)],
    )
    until(qtbot, lambda: window.findChild(Picker) is None and bool(window.ticket.ticket and window.ticket.ticket.links))
    window.commands.run("unlink")
    qtbot.keyClick(picker_of(window, qtbot).line, Qt.Key.Key_Return)
    until(qtbot, lambda: stored(desk, window).links == ())


def test_a_ticket_with_open_parts_asks_before_it_is_solved(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    shown = window.ticket.ticket_id
    assert shown is not None
    part = next(each for each in queue.ids(desk.database, QueueFilter()) if each != shown)
    linking.link(desk.database, desk.system, part, shown, LinkKind.CHILD)
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    told = window.layout_.told
    until(qtbot, lambda: told.words.endswith("not done yet: 1."))
    assert stored(desk, window).row.status is not Status.SOLVED
    qtbot.mouseClick(told._button, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: stored(desk, window).row.status is Status.SOLVED)
