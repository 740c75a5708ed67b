"""The history by keyboard, and in words."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.models.identifiers import new_id
from app.models.records.history import HistoryEntry
from app.views.history.part import HistoryPart
from app.views.history.words import matching, what_words
from app.views.main_window import MainWindow
from tests.views.conftest import until
from tests.views.messages import AT


def entry(action: str, before: dict[str, object], after: dict[str, object]) -> HistoryEntry:
    return HistoryEntry(new_id(), AT, "Lena", "desk-1", action, before, after)


CHANGED = entry(
    "ticket.changed",
    {"status": "new", "priority": 3, "level": 1, "assignee_id": "", "tags": []},
    {"status": "open", "priority": 1, "level": 4, "assignee_id": "Sam", "tags": ["vpn"]},
)


def test_a_change_tells_each_field_from_what_to_what() -> None:
    assert what_words(CHANGED) == (
        "Status: New → Open; Priority: P3 → P1; Level: L1 → Vendor; Assignee: – → Sam; Tags: – → vpn"
    )
    assert what_words(entry("ticket.answered", {}, {})) == "Sent an answer"
    assert what_words(entry("somebody.elses", {}, {})) == "somebody.elses"


def test_entries_are_searched_in_all_that_they_say() -> None:
    other = entry("ticket.noted", {}, {})
    assert matching([CHANGED, other], "lena vpn") == [CHANGED]
    assert matching([CHANGED, other], "") == [CHANGED, other]


def test_the_history_is_opened_searched_and_copied_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: window.ticket.ticket is not None and window.ticket.ticket.row.assignee == "Sam Okafor")
    qtbot.keyClick(window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    part = window.shell.part(HistoryPart)
    until(qtbot, lambda: part.dialog is not None and part.dialog.isVisible())
    dialog = part.dialog
    assert dialog is not None
    assert dialog.list.topLevelItemCount() >= 2
    qtbot.keyClicks(dialog.line, "assignee")
    assert dialog.list.topLevelItemCount() == 1
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert "Assignee: – → Sam Okafor" in QGuiApplication.clipboard().text()
    dialog.reject()
