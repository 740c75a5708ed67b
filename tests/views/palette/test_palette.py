"""The palette by keyboard: commands, tickets and people."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services.desk import Desk
from app.views.kit.picker import Picker
from app.views.main_window import MainWindow
from tests.views.conftest import until


def opened(window: MainWindow, qtbot: QtBot) -> Picker:
    until(qtbot, lambda: window.findChild(Picker) is None)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: window.findChild(Picker) is not None)
    picker = window.findChild(Picker)
    assert isinstance(picker, Picker)
    until(qtbot, picker.line.hasFocus)
    return picker


def names(picker: Picker) -> list[str]:
    return [each.words for each in picker.items]


def test_a_command_is_run_by_a_few_letters(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    picker = opened(window, qtbot)
    qtbot.keyClicks(picker.line, "take")
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    assert desk.actor is not None
    until(qtbot, lambda: window.ticket.ticket is not None and window.ticket.ticket.assignee_id == desk.actor.id)
    again = opened(window, qtbot)
    assert names(again)[0] == "Take"


def test_a_command_that_rests_says_why_and_stays(window: MainWindow, qtbot: QtBot) -> None:
    picker = opened(window, qtbot)
    qtbot.keyClicks(picker.line, ">undo last")
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    assert picker.isVisible()
    assert picker.hint.text() == "not possible now"


def test_a_ticket_is_found_by_its_words_and_opened(window: MainWindow, qtbot: QtBot) -> None:
    picker = opened(window, qtbot)
    qtbot.keyClicks(picker.line, "#printer")
    until(qtbot, lambda: any("Printer on floor 3" in each for each in names(picker)))
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    until(qtbot, lambda: window.ticket.ticket is not None and "Printer" in window.ticket.ticket.row.subject)


def test_a_person_is_found_and_their_tickets_are_listed(window: MainWindow, qtbot: QtBot) -> None:
    picker = opened(window, qtbot)
    qtbot.keyClicks(picker.line, "@weiss")
    until(qtbot, lambda: names(picker) == [])
    picker.line.clear()
    qtbot.keyClicks(picker.line, "@weiß")
    until(qtbot, lambda: names(picker) == ["Jürgen Weiß"])
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    until(qtbot, lambda: window.layout_.tickets.heading.text() == "Jürgen Weiß" and len(window.model.ids) == 1)


def test_arrows_go_round_and_escape_gives_the_keyboard_back(window: MainWindow, qtbot: QtBot) -> None:
    window.layout_.tickets.table.setFocus()
    picker = opened(window, qtbot)
    qtbot.keyClick(picker.line, Qt.Key.Key_Up)
    assert picker.current == picker.items[-1]
    qtbot.keyClick(picker.line, Qt.Key.Key_Down)
    assert picker.current == picker.items[0]
    qtbot.keyClick(picker.line, Qt.Key.Key_Escape)
    until(qtbot, lambda: window.findChild(Picker) is None)
    until(qtbot, window.layout_.tickets.table.hasFocus)
